import type { OpenActivity } from '../../shared/domain/ledger.ts';
import type { ScalingGroup } from '../../shared/domain/observation.ts';
import type { Checker } from './checker.ts';
import { titleOf } from './title-of.ts';
import type { Write } from './write.ts';

/** An activity that ends in this write: successful is only what can be seen to be so. */
export function checkEnd(
  checker: Checker,
  { by, group }: Write,
  activity: OpenActivity,
  earlier: OpenActivity | undefined,
): void {
  const { endedAt, statusCode, rule, to, from, phase, attach, detach } = activity;
  if (endedAt === undefined || earlier?.endedAt !== undefined) return;
  const past = checker.pastOf(group.name);
  const neverDone = phase === 'intended' && statusCode === 'Cancelled';
  if (rule !== undefined && neverDone) past.answered.delete(rule);
  if (rule !== undefined && !neverDone) past.completed.set(rule, endedAt);
  if (to > from && phase === 'acted' && statusCode !== 'Cancelled')
    past.failedAt = statusCode === 'Failed' ? endedAt : undefined;
  if (to > from && statusCode === 'Successful') past.came.push([endedAt, to - from]);
  if (statusCode !== 'Successful' || attach || detach) return;
  const there = past.there.get(activity.activityId) ?? new Set();
  const { groups, truest, healthy } = by.told;
  // One that was described for its followers' sake, later and late, is not what its own decision rests on.
  const seen = [groups.get(group.scalingGroup)!, truest.get(group.scalingGroup)!.group];
  const ready = seen.map((one) => (to > from ? readyServers(one, there, healthy.get(one.name)) : to));
  if (ready.every((servers) => servers < to))
    checker.violate(6, `${titleOf(activity)}: successful, though ${ready[0]} are known to be ready`);
  if (to < from && seen.every((one) => areLeaving(one, to)))
    checker.violate(6, `${titleOf(activity)}: successful, though servers are still leaving`);
}

/** What the provider's own scaler keeps stays. */
function areLeaving({ servers, tracked = 0 }: ScalingGroup, to: number): boolean {
  const left = servers.filter(({ lifecycle }) => lifecycle !== 'standby').length;
  return servers.some(({ lifecycle }) => lifecycle === 'leaving') && left > Math.max(to, tracked);
}

/** Of those that were there before, only that they serve. */
function readyServers(
  { servers, trafficSources }: ScalingGroup,
  there: ReadonlySet<string>,
  healthy: ReadonlySet<string> | null | undefined,
): number {
  return servers.filter(
    ({ id, lifecycle }) =>
      (lifecycle === 'ready' || (lifecycle === 'unhealthy' && there.has(id))) &&
      (there.has(id) || trafficSources.length === 0 || healthy?.has(id) === true),
  ).length;
}
