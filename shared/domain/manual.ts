import { adoptByHand } from './adoption.ts';
import { blockerOf } from './blockers.ts';
import { change } from './change.ts';
import type { Decision } from './decision.ts';
import type { DecisionContext } from './decision-context.ts';
import { isBump, partyOf, totalGranted, withGrant } from './grants.ts';
import { goalWith, heldBy, isHeldUp, type Layers } from './layers.ts';
import type { Ledger, Pause } from './ledger.ts';
import { decided } from './outcome.ts';
import { pauseSentence } from './pause.ts';
import { type Manual, personal, withSeen } from './person.ts';
import { leftAlone, lowered, raised } from './raise-and-lower.ts';
import { remark } from './remark.ts';
import type { Later, Sentence } from './sentence.ts';
import type { ManualRequest } from './trigger.ts';

/**
 * Carries out a person's request, once per request id. People wait for no cooldown, but a pause and the bounds hold
 * for them too.
 */
export function answerPerson(context: DecisionContext): Decision | undefined {
  const { trigger, ledger } = context;
  if (trigger.kind !== 'manual') return undefined;
  if (ledger.seen.some(([requestId]) => requestId === trigger.requestId)) {
    const why = { key: 'requestIsKnown', requestId: trigger.requestId } as const;
    return decided(context, { reason: 'DuplicateRequest', why, cause: 'manual' });
  }
  const { request } = trigger;
  if (request.kind === 'pause') return pause(context, trigger, request);
  if (request.kind === 'resume') return resume(context, trigger);
  if (request.kind === 'adopt') return adoptByHand(context, trigger, request.serverIds);
  return request.kind === 'adjust' && request.forSeconds !== undefined
    ? bump(context, trigger, request.adjustment, request.forSeconds)
    : changeForGood(context, trigger, request);
}

/** A change that stays: it becomes the group's own capacity. */
function changeForGood(
  context: DecisionContext,
  trigger: Manual,
  request: Extract<ManualRequest, { kind: 'adjust' | 'set' }>,
): Decision | undefined {
  const { layers, group, ledger } = context;
  const { desired } = group;
  const wanted = request.kind === 'set' ? request.desiredCapacity : desired + request.adjustment;
  if (isBeyondBounds(context, wanted)) return nothingToDo(context, trigger, wanted);
  const total = Math.max(layers.minimum, Math.min(wanted, layers.maximum.servers));
  // More of what others have asked for already, and could not get yet, takes nothing of it away; a capacity that is set does.
  const isLess = total < desired || (request.kind === 'set' && total < layers.own + layers.granted);
  const changed = leftAlone(ledger, isLess ? lowered(context, total) : raised(context, desired, total));
  const after = layersAfter(layers, changed);
  const to = total > desired ? total : Math.min(desired, Math.max(total, after.goal));
  if (to === desired) return nothingToDo(context, trigger, wanted);
  const { owner, reason } = trigger;
  return change(context, {
    ...personal(trigger),
    to,
    reason: 'ManualChange',
    why: {
      key: 'manualChange',
      owner,
      reason,
      adjustment: request.kind === 'adjust' ? request.adjustment : undefined,
      wanted: to === wanted ? undefined : wanted,
      later: afterwards(context, changed, to),
    },
    ledger: withSeen(changed, context, trigger),
  });
}

/** The layers once a person has changed theirs. */
function layersAfter(layers: Layers, { base, grants, lifted = 0 }: Ledger): Layers {
  const changed = { ...layers, own: Math.max(base, layers.minimum), granted: totalGranted(grants), lifted };
  return { ...changed, goal: goalWith(changed, changed.own) };
}

/** Of those that have not ended: the ledger is one item, and holds 400 kB. */
const bumpsAtMost = 50;

/** A change that ends by itself: a grant, like a window's. */
function bump(
  context: DecisionContext,
  trigger: Manual,
  adjustment: number,
  forSeconds: number,
): Decision | undefined {
  const { layers, group, ledger, now } = context;
  const wanted = group.desired + adjustment;
  if (isBeyondBounds(context, wanted)) return nothingToDo(context, trigger, wanted);
  const servers = bumpedBy(context, adjustment);
  const until = now + forSeconds * 1000;
  if (ledger.grants.filter((grant) => isBump(grant) && grant.servers !== 0).length >= bumpsAtMost) {
    const request = { ...personal(trigger), to: wanted };
    const why = { key: 'bumpsAreOpen', bumps: bumpsAtMost } as const;
    context.blockers.push(blockerOf(request, 'TooManyOpenActivities', why));
    return undefined;
  }
  const granted = withGrant(ledger, {
    key: `bump:${trigger.requestId}`,
    name: trigger.owner,
    servers,
    base: ledger.base + layers.lifted,
    start: now,
    until,
  });
  const { goal } = layersAfter(layers, granted);
  // A group that is below its minimum, as one that was just made may be, is on its way there.
  const to = Math.min(goal, Math.max(wanted, group.desired, layers.minimum));
  if (to === group.desired) return nothingToDo(context, trigger, wanted);
  return change(context, {
    ...personal(trigger),
    to,
    reason: 'ManualChange',
    why: {
      key: 'manualChange',
      owner: trigger.owner,
      reason: trigger.reason,
      adjustment,
      until,
      wanted: to === wanted ? undefined : wanted,
    },
    ledger: withSeen(granted, context, trigger),
  });
}

/**
 * What makes desired change by what is asked for, as far as there is room: where a floor or the load holds the group up,
 * the first servers of a grant would be those that are there already; where a maximum holds it down, likewise.
 */
function bumpedBy({ layers, group: { desired } }: DecisionContext, adjustment: number): number {
  const held = desired - layers.own - layers.granted - layers.lifted;
  return adjustment > 0
    ? Math.min(adjustment, layers.maximum.servers - desired) + Math.max(held, 0)
    : Math.max(adjustment, layers.minimum - desired) + Math.min(held, 0);
}

/** A group may be out of its bounds for a moment, or for as long as it is paused: what brings it back is not this person's ask. */
function isBeyondBounds({ group: { desired }, layers }: DecisionContext, wanted: number): boolean {
  return wanted > desired ? desired >= layers.maximum.servers : desired <= layers.minimum;
}

function nothingToDo(context: DecisionContext, trigger: Manual, wanted: number): Decision {
  const { group, layers } = context;
  const atMaximum = wanted > group.desired;
  const { holder, servers } = layers.maximum;
  const bound: Sentence = atMaximum
    ? { key: 'maximumIs', holder: holder.who, servers }
    : { key: 'leastIs', servers: goalWith(layers, layers.minimum, layers.granted, 0) };
  const but: Sentence =
    wanted === group.desired
      ? { key: 'thereAlready', later: afterwards(context, context.ledger, wanted) }
      : bound;
  const why = { key: 'asksBut', who: { kind: 'other', name: trigger.owner }, to: wanted, but } as const;
  const reason = wanted === group.desired ? 'AtGoal' : atMaximum ? 'AtMaximum' : 'AtMinimum';
  return decided(context, { reason, why, cause: 'manual' });
}

function pause(
  context: DecisionContext,
  trigger: Manual,
  request: Extract<ManualRequest, { kind: 'pause' }>,
): Decision {
  const { now } = context;
  const until = request.forSeconds === undefined ? undefined : now + request.forSeconds * 1000;
  const { owner, reason } = trigger;
  const paused: Pause = { direction: request.direction, since: now, until, owner, reason };
  return noted(context, trigger, 'Paused', pauseSentence(paused), { ...context.ledger, pause: paused });
}

function resume(context: DecisionContext, trigger: Manual): Decision {
  const { ledger } = context;
  const { owner, reason } = trigger;
  if (!ledger.pause) {
    const why = { key: 'notPaused', owner } as const;
    return decided(context, { reason: 'AtGoal', why, cause: 'manual' });
  }
  return noted(
    context,
    trigger,
    'Resumed',
    { key: 'resumed', owner, reason },
    { ...ledger, pause: undefined },
  );
}

function noted(
  context: DecisionContext,
  trigger: Manual,
  reason: 'Paused' | 'Resumed',
  why: Sentence,
  ledger: Ledger,
): Decision {
  const activityId = `${context.policy.name}-${trigger.requestId}`;
  const row = remark(context, { reason, cause: 'manual', why, by: trigger.owner, activityId });
  const seen = withSeen(ledger, context, trigger);
  return decided(context, { reason, why, cause: 'manual', ledger: seen, forgets: [row] });
}

/**
 * "; 6 once window 'lunch' is over": a person who sets a capacity inside a window, or on top of a floor, learns what will be
 * left of it.
 */
function afterwards(
  { layers, ledger: before }: DecisionContext,
  ledger: Ledger,
  now: number,
): Later | undefined {
  const after = layersAfter(layers, ledger);
  if (ledger !== before && isHeldUp(after) && after.floor && after.floor.servers >= heldBy(after))
    return { servers: after.own + after.granted + after.lifted, floor: after.floor.holder.who };
  const grants = ledger.grants.filter(({ servers }) => servers !== 0).map(partyOf);
  const servers = goalWith(after, after.own, 0);
  return servers === now || grants.length === 0 ? undefined : { servers, grants };
}
