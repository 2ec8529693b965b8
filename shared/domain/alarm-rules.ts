import { adjusted, stepFor } from './adjustment.ts';
import { blocked } from './blockers.ts';
import { breaches } from './breaches.ts';
import type { Allowed, Blocked, Blocker, Unknown } from './decision.ts';
import { alarmOf, type DecisionContext, warmingUp } from './decision-context.ts';
import { isAnswered } from './episodes.ts';
import type { Ledger } from './ledger.ts';
import type { AlarmState } from './observation.ts';
import type { CompiledRule } from './policy.ts';
import type { ReasonCode } from './reason.ts';
import type { Moved, Sentence } from './sentence.ts';

/** Whether an alarm rule asks for something now, and if not, why not; undefined: its alarm is not in ALARM. */
export type RuleState = { readonly kind: 'fires'; readonly alarm: AlarmState } | Blocked;

/** The rule that is answered, of several that fire; none fires; or what must be looked up before that can be said. */
export type Winner =
  | {
      readonly kind: 'wins';
      readonly rule: CompiledRule;
      readonly alarm: AlarmState;
      /** The capacity that it asks for. */
      readonly to: number;
    }
  | { readonly kind: 'none' }
  | Unknown;

export const noWinner: Winner = { kind: 'none' };

/** An alarm that is still red asks again after its cooldown, if its metric is per server; once per episode otherwise. */
export function ruleState(
  context: DecisionContext,
  rule: CompiledRule,
  direction: 'out' | 'in',
): RuleState | undefined {
  const alarm = alarmOf(context, rule);
  if (alarm?.value !== 'ALARM') return undefined;
  const { ledger, now } = context;
  const record = ledger.rules[rule.name];
  if (record === undefined || (direction === 'out' && mayClimb(context, rule)))
    return { kind: 'fires', alarm };
  if (record.openActivityId !== undefined)
    return blocked(silent(context, rule, 'InCooldown', { key: 'activityIsOpen' }));
  const until = (record.lastCompletedAt ?? Number.NEGATIVE_INFINITY) + rule.cooldownMs;
  if (now < until)
    return blocked({ ...silent(context, rule, 'InCooldown', { key: 'coolingDown', until }), until });
  if (rule.repeats || !isAnswered(context, rule, record, alarm)) return { kind: 'fires', alarm };
  return blocked(silent(context, rule, 'EpisodeAlreadyAnswered', { key: 'episodeAnswered' }));
}

/**
 * A rule with steps goes on being judged while its servers come and warm up: a higher step is worth what it has more than
 * what is under way. What it has taken away keeps it from adding nothing.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html
 */
function mayClimb(context: DecisionContext, { steps, name }: CompiledRule): boolean {
  if (!steps) return false;
  const { ledger } = context;
  const own = ledger.open.findLast(({ rule, endedAt }) => rule === name && endedAt === undefined);
  if (own) return own.to > own.from;
  const last = ledger.rules[name]?.lastDirection;
  return last === 'in' || (last === 'out' && warmingUp(context).servers > 0);
}

/** "cpu-high (cpu 99.75) asks for 7, but …"; a step rule whose metric was not looked up "is in ALARM, but …" */
export function silent(
  context: DecisionContext,
  rule: CompiledRule,
  code: ReasonCode,
  but: Sentence,
): Blocker {
  const { name: by } = rule;
  const to = wanted(context, rule);
  const alarm = alarmOf(context, rule);
  const moved = alarm && movedBy(context, rule, alarm);
  const who = { kind: 'other', name: by } as const;
  return { code, why: { key: 'asksBut', who, moved, to, but }, by, cause: 'alarm' };
}

function wanted({ group, observation }: DecisionContext, rule: CompiledRule): number | undefined {
  if (!rule.steps)
    return Math.max(0, adjusted(rule.type, rule.amount ?? 0, group.desired, rule.minMagnitude));
  const reading = observation.metrics[rule.metricKey];
  const amount = reading?.known && stepFor(rule.steps, reading.value - rule.threshold, rule.above);
  return amount ? Math.max(0, adjusted(rule.type, amount, group.desired, rule.minMagnitude)) : undefined;
}

/**
 * The capacity that a rule makes of `capacity`, before bounds.
 * @returns for a step rule, whose alarm only tells of its transition: unknown when the metric was not looked up, blocked
 * when it is unknown or no step fits it
 */
export function capacityAfter(context: DecisionContext, rule: CompiledRule, capacity: number): Allowed {
  const by = (amount: number): Allowed => ({
    kind: 'servers',
    servers: adjusted(rule.type, amount, capacity, rule.minMagnitude),
  });
  if (!rule.steps) return by(rule.amount ?? 0);
  const reading = context.observation.metrics[rule.metricKey];
  if (reading === undefined) return { kind: 'unknown', need: 'metrics' };
  if (!reading.known) {
    const why = { key: 'metricUnknown', metric: rule.metricName, why: reading.why } as const;
    return blocked(silent(context, rule, 'MetricMissing', why));
  }
  const amount = stepFor(rule.steps, reading.value - rule.threshold, rule.above);
  if (amount !== undefined) return by(amount);
  const why = { key: 'noStepFits', metric: rule.metricName, value: reading.value } as const;
  return blocked(silent(context, rule, 'AtGoal', why));
}

/** A rule with steps in both directions may be in ALARM because there is too much. */
export function takesAway(context: DecisionContext, rule: CompiledRule): boolean {
  if (!rule.bothWays) return false;
  const { desired } = context.group;
  const after = capacityAfter(context, rule, desired);
  return after.kind === 'servers' && after.servers < desired;
}

/** The metric and the value that moved a rule, where it is known. A datapoint that turned the alarm speaks for its first answer alone. */
export function movedBy(
  { observation, ledger }: DecisionContext,
  rule: CompiledRule,
  { since, datapoint }: AlarmState,
): Moved | undefined {
  const reading = observation.metrics[rule.metricKey];
  const isFirst = ledger.rules[rule.name]?.firedEpisode !== since;
  const known = [isFirst ? datapoint : undefined, reading?.known ? reading.value : undefined];
  const value = known.find((each) => each !== undefined && breaches(rule, each));
  return value === undefined ? undefined : { metric: rule.metricName, value };
}

/** The rule has answered this episode of its alarm. */
export function withFired(ledger: Ledger, rule: CompiledRule, alarm: AlarmState): Ledger {
  const record = { ...ledger.rules[rule.name], firedEpisode: alarm.since, episodeOver: undefined };
  return { ...ledger, rules: { ...ledger.rules, [rule.name]: record } };
}
