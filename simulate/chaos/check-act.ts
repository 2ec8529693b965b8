import type { Call } from './call.ts';
import type { Witness } from './witness.ts';

const acts = new Set(['setDesired', 'attach', 'detach', 'protect']);

/** No call changes the cloud that was not committed before, and none touches a group that is only observed. */
export function checkAct(witness: Witness, { method, args, by }: Call): void {
  if (!acts.has(method)) return;
  const scalingGroup = args[0] as string;
  const group = by.house.byScalingGroup.get(scalingGroup)!;
  if (group.config.mode === 'observe')
    witness.violate(7, `${method} of ${scalingGroup} by ${by.id}, which may only observe it`);
  if (method !== 'setDesired') return;
  const desired = args[1] as number;
  const { desired: from } = witness.world.ports.groups.get(scalingGroup);
  if (from === desired) return;
  const open = witness.ledgerOf(group.name)?.open ?? [];
  const intended = open.some(({ to, phase, endedAt }) => to === desired && phase === 'intended' && !endedAt);
  if (!intended)
    witness.violate(6, `${scalingGroup} ${from} → ${desired} by ${by.id}: no activity intends that`);
}
