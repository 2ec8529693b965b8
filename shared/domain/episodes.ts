import { breaches } from './breaches.ts';
import type { Decision } from './decision.ts';
import { alarmOf, type DecisionContext } from './decision-context.ts';
import type { RuleRecord } from './ledger.ts';
import type { AlarmState } from './observation.ts';
import { decided, undecided } from './outcome.ts';
import type { CompiledRule } from './policy.ts';

/** An event and `DescribeAlarms` tell of one transition with times that differ by a moment; no alarm is red twice in that. */
const oneMomentMs = 5_000;

/**
 * Has a rule that acts once per episode answered this one? A load balancer's counts come one to three minutes late, so the newest sum
 * is too low at times, and the alarm goes to OK and back within one crowd. An episode therefore ends by a whole period that is
 * surely published and does not breach (`endEpisodes`), and not by the alarm's state alone. A metric that cannot be read ends
 * nothing, and must not keep an alarm that is red anew from being heard.
 */
export function isAnswered(
  { observation }: DecisionContext,
  rule: CompiledRule,
  { firedEpisode, episodeOver }: RuleRecord,
  { since }: AlarmState,
): boolean {
  if (firedEpisode === undefined) return false;
  if (since <= firedEpisode + oneMomentMs) return true;
  return !episodeOver && observation.metrics[rule.metricKey]?.known === true;
}

/** Once its alarm is red no longer, or again, the metric is looked at until a whole period has ended the episode. */
export function endEpisodes(context: DecisionContext): Decision | undefined {
  const { policy, ledger, observation } = context;
  for (const rule of policy.onceRules) {
    const record = ledger.rules[rule.name];
    if (!record || !awaitsItsEnd(context, rule, record)) continue;
    const reading = observation.metrics[rule.metricKey];
    if (reading === undefined) return undecided(context, 'metrics');
    if (!reading.known || reading.at < record.firedEpisode! || breaches(rule, reading.value)) continue;
    const { name, metricName: metric, above, threshold } = rule;
    const why = { key: 'episodeOver', rule: name, metric, above, threshold } as const;
    const rules = { ...ledger.rules, [rule.name]: { ...record, episodeOver: true } } as const;
    return decided(context, { reason: 'AlarmEpisodeOver', why, ledger: { ...ledger, rules } });
  }
  return undefined;
}

function awaitsItsEnd(context: DecisionContext, rule: CompiledRule, record: RuleRecord): boolean {
  const { firedEpisode, episodeOver } = record;
  if (firedEpisode === undefined || episodeOver) return false;
  const alarm = alarmOf(context, rule);
  return alarm !== undefined && (alarm.value !== 'ALARM' || alarm.since > firedEpisode + oneMomentMs);
}
