import type { Decision } from './decision.ts';
import { contextOf } from './decision-context.ts';
import { alarmNow, type RuleNow } from './explain.ts';
import type { Ledger } from './ledger.ts';
import type { Instant, Observation, Reading } from './observation.ts';
import type { Outlook } from './outlook.ts';
import type { Policy } from './policy.ts';

/** Rules whose newest period breaches, while their alarm is not red yet, and that would change the group; soonest first. */
export function nearingRules(
  policy: Policy,
  ledger: Ledger | undefined,
  observation: Observation,
  outlooks: ReadonlyMap<string, Outlook>,
  now: Instant,
): readonly RuleNow[] {
  const { group } = observation;
  if (!group || !ledger || outlooks.size === 0) return [];
  const metrics: Record<string, Reading> = { ...observation.metrics };
  const rules = [...new Set([...policy.scaleOutRules, ...policy.scaleInRules])];
  for (const { name, metricKey } of rules) {
    const outlook = outlooks.get(name);
    if (outlook) metrics[metricKey] ??= { known: true, value: outlook.value, at: now };
  }
  const context = contextOf(policy, ledger, { ...observation, metrics }, group, { kind: 'sweep' }, now);
  return rules
    .map((rule) => alarmNow(context, rule, outlooks.get(rule.name)))
    .filter(({ state }) => state === 'nears')
    .sort((one, other) => one.until! - other.until!);
}

/** Does it near for want of servers? */
export function wantsMore({ state, servers }: RuleNow, desired: number): boolean {
  return state === 'nears' && (servers ?? 0) > desired;
}

/** What is to be said of a group now: a group that is where it should be, with an alarm about to turn red, is not at rest. */
export function decisionNow(decision: Decision, rules: readonly RuleNow[]): Decision {
  const { from, to, reason } = decision;
  const near = rules.find((rule) => wantsMore(rule, from));
  return near && reason === 'AtGoal' && from === to ? { ...decision, why: near.why } : decision;
}
