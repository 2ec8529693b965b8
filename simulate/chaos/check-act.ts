import type { Checker } from './checker.ts';
import { acts, type PortCall } from './port-call.ts';

/** No call changes the cloud that was not committed before, and none touches a group that is only observed. */
export function checkAct(checker: Checker, { method, args, by }: PortCall): void {
  if (!acts.has(method)) return;
  const scalingGroup = args[0] as string;
  const group = by.scaler.byScalingGroup.get(scalingGroup)!;
  if (group.config.mode === 'observe')
    checker.violate(7, `${method} of ${scalingGroup} by ${by.id}, which may only observe it`);
  if (method !== 'setDesired') return;
  const desired = args[1] as number;
  const { desired: from } = checker.world.shown(scalingGroup);
  if (from === desired) return;
  const open = checker.ledgerOf(group.name)?.open ?? [];
  const intended = open.some(({ to, phase, endedAt }) => to === desired && phase === 'intended' && !endedAt);
  if (!intended)
    checker.violate(6, `${scalingGroup} ${from} → ${desired} by ${by.id}: no activity intends that`);
}

/** Where the provider compares before it sets, nothing is set over what somebody else has set since it was decided. */
export function checkCompared(checker: Checker, { args, by }: PortCall, before: number): void {
  const [scalingGroup, desired] = args as [string, number];
  const group = by.scaler.byScalingGroup.get(scalingGroup)!;
  if (!group.config.kubernetes || before === desired) return;
  if (by.told.decidedOn.get(scalingGroup) === before) return;
  // At no pods an autoscaler is off: that its minimum was raised changes nothing of what somebody has set.
  if (checker.world.shown(scalingGroup).desired !== desired) return;
  const open = checker.ledgerOf(group.name)?.open ?? [];
  const intents = open.filter(({ to, phase, endedAt }) => to === desired && phase === 'intended' && !endedAt);
  if (intents.length > 0 && intents.every(({ from }) => from !== before))
    checker.violate(6, `${scalingGroup} ${before} → ${desired} by ${by.id}: somebody else has set ${before}`);
}
