import { judgeRule, rangeOf } from '../domain/judge-rule.ts';
import type { Ledger } from '../domain/ledger.ts';
import { isAnother } from '../domain/missing-group.ts';
import type { AlarmState, Instant, ScalingGroup } from '../domain/observation.ts';
import { newestEnd } from '../domain/periods.ts';
import type { CompiledRule } from '../domain/policy.ts';
import type { AskedMetric } from '../ports/metrics.ts';
import { minuteMs } from '../units.ts';
import type { Scaler, ScalerGroup } from './scaler.ts';

/** Datapoints of the rules that the look itself judges, by group and rule; null: they could not be read. */
export type Datapoints = ReadonlyMap<ScalerGroup, ReadonlyMap<string, readonly number[] | null>>;

const none: Datapoints = new Map();

interface Judged {
  readonly group: ScalerGroup;
  readonly rule: CompiledRule;
  readonly asked: AskedMetric;
}

/**
 * Reads what rules go by that no alarm of CloudWatch watches: rules of one period in one call. Never throws: what cannot be read
 * is no breach, and no end of one.
 */
export async function readDatapoints(
  scaler: Scaler,
  groups: readonly ScalerGroup[],
  scalingGroups: ReadonlyMap<string, ScalingGroup>,
  now: Instant,
): Promise<Datapoints> {
  if (groups.every(({ judgedRules }) => judgedRules.length === 0)) return none;
  const rules = groups.flatMap((group) =>
    group.judgedRules.map((rule) => ({
      group,
      rule,
      asked: askedOf(group, rule, scalingGroups.get(group.scalingGroup)),
    })),
  );
  const found = new Map(groups.map((group) => [group, new Map<string, readonly number[] | null>()]));
  const together = Map.groupBy(rules, ({ rule }) => `${rule.periodSeconds} ${isCount(rule)}`);
  await Promise.all(
    [...together.values()].map(async (alike) => {
      const series = await history(scaler, alike, now);
      for (const [index, { group, rule }] of alike.entries()) {
        const values = series[index];
        found.get(group)!.set(rule.name, values ? [...values].slice(-rangeOf(rule)) : null);
      }
    }),
  );
  return found;
}

/** The alarms of a group's judged rules, by rule name. */
export function judgedAlarms(
  { judgedRules }: ScalerGroup,
  datapoints: ReadonlyMap<string, readonly number[] | null> | undefined,
  ledger: Ledger | undefined,
  now: Instant,
): Record<string, AlarmState> {
  const known = ledger && !isAnother(ledger) ? ledger.alarms : undefined;
  return Object.fromEntries(
    judgedRules.map((rule) => [
      rule.name,
      judgeRule(rule, known?.[rule.name], datapoints?.get(rule.name) ?? null, now),
    ]),
  );
}

function askedOf(group: ScalerGroup, { name }: CompiledRule, seen: ScalingGroup | undefined): AskedMetric {
  const { metric, statistic, period } = group.config.alarms[name]!;
  return { group, seen, use: { key: name, metric, statistic, periodSeconds: period } };
}

/** What lacks a minute is too low then. */
function isCount({ combines, metricName }: CompiledRule): boolean {
  return combines === 'sum' || metricName.startsWith('requests');
}

/** CloudWatch judges every minute, on periods that end a minute ago and slide by a minute. */
function endOf(rule: CompiledRule, now: Instant): Instant {
  if (isCount(rule)) return newestEnd(Math.max(rule.periodSeconds, 61), now, true);
  return Math.floor(now / minuteMs) * minuteMs - minuteMs;
}

async function history(
  { ports, log }: Scaler,
  alike: readonly Judged[],
  now: Instant,
): Promise<readonly (Float64Array | null | undefined)[]> {
  const { rule } = alike[0]!;
  const periods = Math.max(...alike.map((each) => rangeOf(each.rule)));
  const to = endOf(rule, now);
  const from = to - periods * rule.periodSeconds * 1000;
  try {
    return await ports.metrics.history(
      alike.map(({ asked }) => asked),
      from,
      to,
    );
  } catch (error) {
    log.warn('metrics of rules cannot be read', {
      groups: [...new Set(alike.map(({ group }) => group.name))],
      error,
    });
    return [];
  }
}
