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
  const seen = by.told.groups.get(group.scalingGroup)!;
  const there = past.there.get(activity.activityId) ?? new Set();
  const ready = to > from ? readyServers(seen, there, by.told.healthy.get(seen.name)) : to;
  if (ready < to)
    checker.violate(6, `${titleOf(activity)}: successful, though ${ready} are known to be ready`);
  // What the provider's own scaler keeps stays.
  const stays = Math.max(to, seen.tracked ?? 0);
  const left = seen.servers.filter(({ lifecycle }) => lifecycle !== 'standby').length;
  const leaving = seen.servers.some(({ lifecycle }) => lifecycle === 'leaving');
  if (to < from && leaving && left > stays)
    checker.violate(6, `${titleOf(activity)}: successful, though servers are still leaving`);
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
