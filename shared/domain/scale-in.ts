import {
  capacityAfter,
  movedBy,
  noWinner,
  ruleState,
  silent,
  takesAway,
  type Winner,
  withFired,
} from './alarm-rules.ts';
import { blocked } from './blockers.ts';
import type { CapacityRequest } from './capacity-request.ts';
import { change } from './change.ts';
import type { Allowed, Decision, Unknown } from './decision.ts';
import { type DecisionContext, warmingUp } from './decision-context.ts';
import { firstOpen, partyOf } from './grants.ts';
import { goalWith, heldBy, minSizeNow } from './layers.ts';
import type { Ledger } from './ledger.ts';
import type { Instant } from './observation.ts';
import { undecided } from './outcome.ts';
import { nameOf } from './party.ts';
import type { CompiledRule } from './policy.ts';
import { withLifted } from './raise-and-lower.ts';
import type { ReasonCode } from './reason.ts';
import { leastAllowed } from './scale-in-gate.ts';
import { causeOfTracked } from './scale-out.ts';
import type { Sentence } from './sentence.ts';
import { withChange } from './track.ts';
import type { Cause } from './trigger.ts';

/** Said once it is known how far it goes. */
const pending: Sentence = { key: 'atGoal' };

/** Scale-in rules take back what base has more than its least. Of several, the one that leaves most servers wins. */
export function scaleInByAlarm(context: DecisionContext): Decision | undefined {
  const winner = mildest(context);
  if (winner.kind === 'none') return undefined;
  if (winner.kind === 'unknown') return undecided(context, winner.need);
  const { group, ledger } = context;
  const { rule, alarm } = winner;
  const by = rule.name;
  const whyTo = (to: number): Sentence => ({
    key: 'alarmScales',
    rule: by,
    moved: movedBy(context, rule, alarm),
    change: to - group.desired,
  });
  const request: CapacityRequest = {
    to: winner.to,
    reason: 'AlarmScaleIn',
    cause: 'alarm',
    by,
    why: whyTo(winner.to),
    ledger,
    rule: by,
  };
  const least = leastAllowed(context, request);
  if (least.kind === 'unknown') return undecided(context, least.need);
  const to = least.servers;
  if (to >= group.desired) return undefined;
  const after = withFired(takenBack(context, to), rule, alarm);
  return change(context, { ...request, to, why: whyTo(to), ledger: after });
}

/** What an alarm takes: of `lifted` first, then of base, as far as each has more than its least. */
function takenBack(context: DecisionContext, to: number): Ledger {
  const { group, ledger, layers } = context;
  const fell = group.desired - to;
  // Where a maximum holds it down, there is more of either than shows, and it would at once rise again.
  const shown = to - Math.max(layers.own + layers.granted, heldBy(layers));
  const lifted = Math.max(leastLifted(context), Math.min(layers.lifted - fell, shown));
  const rest = Math.max(0, fell - (layers.lifted - lifted));
  const taken = Math.max(0, Math.min(layers.own - rest, to - layers.granted - lifted));
  const base = Math.max(taken, Math.min(ledger.base, leastBase(context) - lifted));
  return { ...withLifted(ledger, lifted), base };
}

function mildest(context: DecisionContext): Winner {
  const { group, policy, observation } = context;
  let winner = noWinner;
  for (const rule of policy.scaleInRules) {
    const state = ruleState(context, rule, 'in');
    if (state === undefined) continue;
    if (rule.bothWays && !takesAway(context, rule)) {
      if (observation.metrics[rule.metricKey] === undefined) return metricsFirst;
      continue;
    }
    if (state.kind === 'blocked') {
      context.blockers.push(state.blocker);
      continue;
    }
    const after = scaledIn(context, rule);
    if (after.kind === 'unknown') return after;
    if (after.kind === 'blocked') context.blockers.push(after.blocker);
    else if (after.servers < group.desired && (winner.kind !== 'wins' || after.servers > winner.to))
      winner = { kind: 'wins', rule, alarm: state.alarm, to: after.servers };
  }
  return winner;
}

const metricsFirst: Unknown = { kind: 'unknown', need: 'metrics' };

/** Where a rule would go. */
function scaledIn(context: DecisionContext, rule: CompiledRule): Allowed {
  const { group, layers, observation, ledger } = context;
  const { desired } = group;
  const another = ledger.open.find(
    (one) => one.reason === 'AlarmScaleIn' && one.rule !== rule.name && one.endedAt === undefined,
  );
  if (another)
    return blocked(silent(context, rule, 'InCooldown', { key: 'scaleInIsOpen', rule: another.by ?? '' }));
  const own = Math.min(layers.own, leastBase(context));
  const least = goalWith(layers, own, layers.granted, leastLifted(context));
  const warming = warmingUp(context);
  if (warming.servers > 0)
    return blocked(silent(context, rule, 'ScaleOutInFlight', { key: 'warmingUp', until: warming.until }));
  if (least >= desired) {
    const { code, but } = whyNoFewer(context, least);
    return blocked(silent(context, rule, code, but));
  }
  const reading = observation.metrics[rule.metricKey];
  if (reading === undefined) return metricsFirst;
  const doneAt = lastScaleIn(context, rule);
  if (!reading.known) {
    const why = { key: 'metricUnknown', metric: rule.metricName, why: reading.why } as const;
    return blocked(silent(context, rule, 'MetricMissing', why));
  }
  if (doneAt !== undefined && reading.at < doneAt)
    return blocked(silent(context, rule, 'InCooldown', { key: 'newerDataNeeded' }));
  const after = capacityAfter(context, rule, desired);
  return after.kind === 'servers' && after.servers < least ? { ...after, servers: least } : after;
}

/**
 * When an alarm has last taken servers away, or this rule has done anything: what was measured before knows nothing of it. Of
 * two rules that ask at once, the second must not take more of what the first has taken.
 */
function lastScaleIn(
  { policy, ledger: { rules } }: DecisionContext,
  rule: CompiledRule,
): Instant | undefined {
  let last = rules[rule.name]?.lastCompletedAt;
  for (const { name } of policy.scaleInRules) {
    const { lastCompletedAt = 0, lastDirection } = rules[name] ?? {};
    if (lastDirection === 'in' && lastCompletedAt > (last ?? 0)) last = lastCompletedAt;
  }
  return last;
}

/** While a window is open, alarms take back what alarms added since, no more: of base and `lifted` together. */
function leastBase({ layers, ledger }: DecisionContext): number {
  return Math.max(layers.minimum, firstOpen(ledger.grants)?.base ?? 0);
}

/** What a window has found is counted from base: a minimum that holds the group above it is none of it. */
function leastLifted({ layers, ledger }: DecisionContext): number {
  return Math.min(layers.lifted, Math.max(0, (firstOpen(ledger.grants)?.base ?? 0) - ledger.base));
}

/** Why a scale-in goes no lower than `least`. */
export function whyNoFewer(
  { layers, ledger, policy, group, observation }: DecisionContext,
  least: number,
): { readonly code: ReasonCode; readonly but: Sentence } {
  const isProtected = least > Math.max(minSizeNow(policy, observation), group.minSize);
  if (least === layers.minimum && isProtected)
    return { code: 'ProtectedServers', but: { key: 'allProtected' } };
  if (least === layers.minimum) return { code: 'AtMinimum', but: { key: 'minimumIs', servers: least } };
  if (least === layers.floor?.servers)
    return { code: 'AtMinimum', but: { key: 'floorIs', holder: layers.floor.holder.who, servers: least } };
  const open = firstOpen(ledger.grants);
  return { code: 'AtMinimum', but: { key: 'keptUntil', servers: least, grant: open && partyOf(open) } };
}

/** Target tracking and the objective draw `lifted` and base down to what the load needs. */
export function scaleInByTarget(context: DecisionContext): Decision | undefined {
  const { group, layers, ledger, tracking } = context;
  const { needed } = tracking;
  if (!tracking.mayScaleIn || needed === undefined || ledger.tracked === undefined) return undefined;
  const own = Math.min(layers.own, Math.max(needed, layers.minimum));
  const wanted = goalWith({ ...layers, tracked: needed }, own, layers.granted, 0);
  if (wanted >= group.desired) return undefined;
  const cause = causeOfTracked(context);
  const reason = cause === 'forecast' ? 'ObjectiveScaleIn' : 'TargetScaleIn';
  const request: CapacityRequest = { to: wanted, reason, cause, by: tracking.by, why: pending, ledger };
  const least = leastAllowed(context, request);
  if (least.kind === 'unknown') return undecided(context, least.need);
  const to = least.servers;
  if (to >= group.desired) return undefined;
  const lifted = Math.max(0, Math.min(layers.lifted - (group.desired - to), to - wanted));
  const base = Math.min(ledger.base, Math.max(own, to - layers.granted - lifted));
  const tracked = { ...ledger.tracked, servers: Math.max(0, needed - lifted) };
  const heldBy = to === wanted ? undefined : ledger.heldBy;
  const why = withChange(tracking.why, to - group.desired);
  return change(context, {
    ...request,
    to,
    why,
    ledger: { ...withLifted(ledger, lifted), base, tracked, heldBy },
  });
}

/** What held desired above the goal no longer does. */
export function fallToGoal(context: DecisionContext): Decision | undefined {
  const { group, layers, ledger, policy } = context;
  if (layers.goal >= group.desired || isTracked(context)) return undefined;
  const { heldBy } = ledger;
  const cause = heldBy?.cause ?? 'external';
  const by = heldBy ? nameOf(heldBy.who) : policy.name;
  const reason = reasonOfFall(cause);
  const request: CapacityRequest = {
    to: layers.goal,
    reason,
    cause,
    by,
    asker: { kind: 'goal' },
    why: pending,
    ledger,
  };
  const least = leastAllowed(context, request);
  if (least.kind === 'unknown') return undecided(context, least.need);
  const to = least.servers;
  if (to >= group.desired) return undefined;
  const fall = to - group.desired;
  return change(context, {
    ...request,
    to,
    why: heldBy
      ? { key: 'floorEnded', holder: heldBy.who, change: fall }
      : { key: 'askedForLess', servers: layers.goal, change: fall },
    ledger: to === layers.goal ? { ...ledger, heldBy: undefined } : ledger,
  });
}

/** What tracking brought, tracking takes away, at its own pace: `scaleInByTarget` has said why it does not. */
function isTracked({ ledger, tracking, blockers }: DecisionContext): boolean {
  const { heldBy, tracked } = ledger;
  if (tracked === undefined || (heldBy?.cause !== 'metric' && heldBy?.cause !== 'forecast')) return false;
  if (tracking.note) blockers.push(tracking.note);
  return true;
}

function reasonOfFall(cause: Cause): ReasonCode {
  if (cause === 'schedule') return 'WindowClosed';
  if (cause === 'leader') return 'LeaderScaleIn';
  if (cause === 'forecast') return 'ObjectiveScaleIn';
  return cause === 'metric' ? 'TargetScaleIn' : 'ExternalChange';
}
