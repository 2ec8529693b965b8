import {
  capacityAfter,
  movedBy,
  noWinner,
  ruleState,
  takesAway,
  type Winner,
  withFired,
} from './alarm-rules.ts';
import { mostAllowed } from './behavior.ts';
import { blockerOf } from './blockers.ts';
import type { CapacityRequest } from './capacity-request.ts';
import { change } from './change.ts';
import type { Decision } from './decision.ts';
import {
  capacityBeforeScaleOut,
  carryingCapacity,
  type DecisionContext,
  warmingUp,
} from './decision-context.ts';
import type { Holder } from './ledger.ts';
import { undecided } from './outcome.ts';
import { nameOf } from './party.ts';
import type { Policy } from './policy.ts';
import { raised } from './raise-and-lower.ts';
import type { Moved, Party, Sentence } from './sentence.ts';

type Asking = Pick<CapacityRequest, 'by' | 'to' | 'cause'> & { readonly moved?: Moved | undefined };

/** Any scale-out rule in ALARM scales out; of several the largest wins. */
export function scaleOutByAlarm(context: DecisionContext): Decision | undefined {
  const winner = largest(context);
  if (winner.kind === 'none') return undefined;
  if (winner.kind === 'unknown') return undecided(context, winner.need);
  const { rule, alarm, to: wanted } = winner;
  const { group, layers } = context;
  const moved = movedBy(context, rule, alarm);
  const request = { by: rule.name, to: wanted, cause: 'alarm', moved } as const;
  const to = paced(context, Math.min(wanted, layers.maximum.servers), request);
  if (to <= group.desired) {
    noteWhyNot(context, request);
    return undefined;
  }
  const stepped = raised(context, group.desired, to);
  return change(context, {
    to,
    reason: 'AlarmScaleOut',
    cause: 'alarm',
    by: rule.name,
    why: {
      key: 'alarmScales',
      rule: rule.name,
      moved,
      change: to - group.desired,
      asked: to < wanted ? wanted : undefined,
    },
    ledger: withFired(stepped, rule, alarm),
    rule: rule.name,
  });
}

function largest(context: DecisionContext): Winner {
  const { policy } = context;
  let winner = noWinner;
  for (const rule of policy.scaleOutRules) {
    const state = ruleState(context, rule, 'out');
    if (state === undefined || takesAway(context, rule)) continue;
    if (state.kind === 'blocked') {
      context.blockers.push(state.blocker);
      continue;
    }
    const after = capacityAfter(context, rule, carryingCapacity(context));
    if (after.kind === 'unknown') return after;
    if (after.kind === 'blocked') context.blockers.push(after.blocker);
    else if (winner.kind !== 'wins' || after.servers > winner.to)
      winner = { kind: 'wins', rule, alarm: state.alarm, to: after.servers };
  }
  return winner;
}

/** `behavior.scaleUp` bounds how fast load may make a group grow. */
function paced(context: DecisionContext, wanted: number, request: Asking): number {
  const { policy, ledger, group, now } = context;
  const most = mostAllowed(policy.behavior.scaleUp, ledger.changes, group.desired, now);
  if (wanted <= most || wanted <= group.desired) return wanted;
  const disabled = policy.behavior.scaleUp.selectPolicy === 'Disabled';
  context.blockers.push(
    disabled
      ? blockerOf(request, 'ScalingDisabled', { key: 'behaviorDisabled', direction: 'scaleUp' })
      : blockerOf(request, 'RateLimited', { key: 'behaviorLimits', direction: 'scaleUp', servers: most }),
  );
  return most;
}

function noteWhyNot(context: DecisionContext, request: Asking): void {
  const { group, layers, ledger, blockers } = context;
  const { to } = request;
  const { servers, holder } = layers.maximum;
  const warming = warmingUp(context);
  if (to <= group.desired && capacityBeforeScaleOut(ledger) !== undefined)
    blockers.push(blockerOf(request, 'ScaleOutInFlight', { key: 'earlierScaleOutBrings' }));
  else if (to <= group.desired && warming.servers > 0)
    blockers.push(
      blockerOf(request, 'ScaleOutInFlight', { key: 'warmingUp', until: warming.until }, warming.until),
    );
  else if (to > group.desired && group.desired >= servers)
    blockers.push(blockerOf(request, 'AtMaximum', { key: 'maximumIs', holder: holder.who, servers }));
}

/** Target tracking or the objective needs more servers than there are. */
export function scaleOutByTarget(context: DecisionContext): Decision | undefined {
  const { group, layers, ledger, tracking, policy } = context;
  const wanted = layers.tracked + layers.lifted;
  const needed = Math.min(wanted, layers.maximum.servers);
  const cause = causeOfTracked(context);
  const request = { by: tracking.by, to: wanted, cause };
  if (wanted > group.desired && needed <= group.desired) {
    const { holder, servers } = layers.maximum;
    context.blockers.push(blockerOf(request, 'AtMaximum', { key: 'maximumIs', holder: holder.who, servers }));
  }
  if (needed <= group.desired) return undefined;
  const to = paced(context, needed, request);
  if (to <= group.desired) return undefined;
  const owned = to - layers.granted - layers.lifted;
  const base = keepsWhatItAdds(policy) ? Math.max(ledger.base, owned) : ledger.base;
  return change(context, {
    to,
    reason: cause === 'forecast' ? 'ObjectiveScaleOut' : 'TargetScaleOut',
    cause,
    by: tracking.by,
    why: tracking.why,
    ledger: { ...ledger, base, heldBy: { cause, who: trackedBy(cause, tracking.by) } },
  });
}

function trackedBy(cause: 'forecast' | 'metric', name: string): Party {
  return cause === 'forecast' ? { kind: 'forecast' } : { kind: 'metric', name };
}

/** Where no target ever takes a server away, what they add is the group's own: alarms and people may take it. */
function keepsWhatItAdds({ forecast, targets }: Policy): boolean {
  return forecast !== 'tracks' && targets.every(({ disableScaleIn }) => disableScaleIn);
}

export function causeOfTracked({ ledger }: DecisionContext): 'forecast' | 'metric' {
  return ledger.tracked?.by === 'forecast' ? 'forecast' : 'metric';
}

/** A floor was raised, or what was asked for earlier has become possible: desired follows the goal. */
export function riseToFloor(context: DecisionContext): Decision | undefined {
  const { group, layers } = context;
  const { floor, maximum } = layers;
  const owned = layers.own + layers.granted;
  const held = Math.max(owned, floor?.servers ?? 0, layers.minimum);
  const to = Math.min(held + layers.lifted, maximum.servers);
  if (to <= group.desired) return undefined;
  return change(context, { ...riseBecause(context, owned, to), to });
}

function riseBecause(
  { layers, ledger, policy, group }: DecisionContext,
  owned: number,
  to: number,
): Omit<CapacityRequest, 'to'> {
  const { floor } = layers;
  const change = to - group.desired;
  if (floor && floor.servers > owned) {
    const { holder, servers } = floor;
    const reason =
      holder.cause === 'leader'
        ? 'LeaderScaleOut'
        : holder.cause === 'forecast'
          ? 'ObjectiveScaleOut'
          : 'FloorRaised';
    const why = { key: 'floorIs', holder: holder.who, servers, change } as const;
    return {
      reason,
      cause: holder.cause,
      by: nameOf(holder.who),
      why,
      ledger: { ...ledger, heldBy: holder },
    };
  }
  const { heldBy } = ledger;
  if (ledger.base + layers.granted + layers.lifted < to) {
    const why = { key: 'minimumIs', servers: layers.minimum, change } as const;
    const least: Holder = { cause: 'external', who: { kind: 'minSize' } };
    return {
      reason: 'FloorRaised',
      cause: 'external',
      by: 'minSize',
      why,
      ledger: { ...ledger, heldBy: least },
    };
  }
  const by = heldBy ? nameOf(heldBy.who) : policy.name;
  const why: Sentence = heldBy
    ? { key: 'limitIsGone', holder: heldBy.who, change }
    : { key: 'askedBefore', servers: owned, change };
  const reason = heldBy?.cause === 'schedule' ? 'WindowClosed' : 'FloorRaised';
  return { reason, cause: heldBy?.cause ?? 'external', by, why, ledger: { ...ledger, heldBy: undefined } };
}

/** A window's maximum is obeyed at once, like everything that a person has scheduled. */
export function fallToMaximum(context: DecisionContext): Decision | undefined {
  const { group, layers, ledger } = context;
  const { servers, holder } = layers.maximum;
  if (group.desired <= servers) return undefined;
  return change(context, {
    to: servers,
    reason: 'MaximumLowered',
    cause: holder.cause,
    by: nameOf(holder.who),
    why: { key: 'maximumIs', holder: holder.who, servers, change: servers - group.desired },
    ledger: { ...ledger, heldBy: holder },
  });
}
