import { followOneLess } from './activity-life.ts';
import { openAtMost } from './blockers.ts';
import { deadlineOf } from './deadline.ts';
import type { Decision } from './decision.ts';
import { activityId, type DecisionContext } from './decision-context.ts';
import { totalGranted } from './grants.ts';
import { layersOf } from './layers.ts';
import type { Holder, Ledger, OpenActivity } from './ledger.ts';
import { decided } from './outcome.ts';
import { leftAlone, lowered, raised } from './raise-and-lower.ts';
import type { SentenceParameters } from './sentence.ts';
import { shortId } from './servers.ts';

/** Somebody else set another capacity: it is recorded, and kept. */
export function noticeOutsideChange(context: DecisionContext): Decision | undefined {
  const { policy, ledger, group, now } = context;
  const from = ledger.desired;
  const to = group.desired;
  if (from === to) return undefined;
  if (ledger.open.length >= openAtMost) return followOneLess(context);
  const why = { key: 'externalChange', ...boundOf(context) } as const;
  const activity: OpenActivity = {
    activityId: activityId(context),
    group: policy.name,
    startedAt: now,
    from,
    to,
    trigger: 'external',
    reason: 'ExternalChange',
    why,
    phase: 'acted',
    deadline: deadlineOf(context, from, to),
    there: group.servers.map(({ id }) => shortId(id)),
    statusCode: 'InProgress',
  };
  // A minimum that is raised sets a bound, and nobody's share: what a window has granted stays on top of it.
  const isRaisedByMinimum = to > from && to === group.minSize;
  const kept = isRaisedByMinimum ? ledger : stepped(context, from, to);
  const isHeldUp = to === group.minSize && to > kept.base + totalGranted(kept.grants);
  const heldBy: Holder | undefined = isHeldUp ? { cause: 'external', who: { kind: 'minSize' } } : kept.heldBy;
  return decided(context, {
    reason: 'ExternalChange',
    why: { key: 'activityBegan', from, to, why },
    cause: 'external',
    ledger: {
      ...kept,
      heldBy,
      desired: to,
      changes: [...ledger.changes, [now, to - from]],
      open: [...ledger.open, activity],
    },
    activities: [activity],
  });
}

/** The last word wins: what is set is the most that was asked for, and what it adds is a step like everybody's. */
function stepped(context: DecisionContext, from: number, to: number): Ledger {
  const { policy, observation, group, before } = context;
  // What was tracked before: a load that is content with what was set has not asked for it.
  const ledger = { ...context.ledger, tracked: before.tracked };
  const layers = layersOf(policy, ledger, observation, group);
  const base = { policy, observation, layers, ledger };
  const isLess = to < from || to < layers.own + layers.granted;
  return leftAlone(ledger, isLess ? lowered(base, to) : raised(base, from, to));
}

/** Raising minSize or lowering maxSize moves desired, too. */
function boundOf({
  group: { desired, minSize, maxSize },
  ledger,
}: DecisionContext): SentenceParameters['externalChange'] {
  if (desired === minSize && desired > ledger.desired) return { bound: 'minSize', size: minSize };
  if (desired === maxSize && desired < ledger.desired) return { bound: 'maxSize', size: maxSize };
  return {};
}
