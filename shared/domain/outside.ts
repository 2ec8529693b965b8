import type { Decision } from './decision.ts';
import { totalGranted, withTotal } from './grants.ts';
import type { Holder, OpenActivity } from './ledger.ts';
import type { Instant } from './observation.ts';
import { openAtMost } from './obstacles.ts';
import { decided } from './outcome.ts';
import { activityId, type Scene } from './scene.ts';

/** Somebody else set another capacity: it is recorded, and kept. */
export function noticeOutsideChange(scene: Scene): Decision | undefined {
  const { policy, ledger, group, layers, now } = scene;
  const from = ledger.desired;
  const to = group.desired;
  if (from === to) return undefined;
  const message = `${policy.name} ${from} → ${to}: changed from outside${boundOf(scene)}`;
  const isFollowed = ledger.open.length < openAtMost;
  const activity: OpenActivity = {
    activityId: activityId(scene),
    group: policy.name,
    startedAt: now,
    from,
    to,
    trigger: 'external',
    reason: 'ExternalChange',
    message,
    phase: 'acted',
    deadline: now + policy.deadlineMs,
    ...(isFollowed ? { statusCode: 'InProgress' } : notFollowed(now)),
  };
  // A minimum that is raised sets a bound, and nobody's share: what a window has granted stays on top of it.
  const isRaisedByMinimum = to > from && to === group.minSize;
  const kept = isRaisedByMinimum ? ledger : withTotal(ledger, layers.own, to);
  const isHeldUp = to === group.minSize && to > kept.base + totalGranted(kept.grants);
  const heldBy: Holder | undefined = isHeldUp ? { cause: 'external', name: 'minSize' } : kept.heldBy;
  return decided(scene, {
    reason: 'ExternalChange',
    message,
    cause: 'external',
    ledger: {
      ...kept,
      heldBy,
      desired: to,
      changes: [...ledger.changes, [now, to - from]],
      open: isFollowed ? [...ledger.open, activity] : ledger.open,
    },
    activities: [activity],
  });
}

/** Raising minSize or lowering maxSize moves desired, too. */
function boundOf({ group: { desired, minSize, maxSize }, ledger }: Scene): string {
  if (desired === minSize && desired > ledger.desired) return `, where minSize is ${minSize}`;
  if (desired === maxSize && desired < ledger.desired) return `, where maxSize is ${maxSize}`;
  return '';
}

/** What cannot be followed is never called a success. */
function notFollowed(now: Instant) {
  const statusMessage = `not followed: ${openAtMost} activities are under way`;
  return { statusCode: 'Cancelled', endedAt: now, statusMessage } as const;
}
