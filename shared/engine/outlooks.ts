import type { Instant, ScalingGroup } from '../domain/observation.ts';
import { type Outlook, outlookOf, outlookSeconds, outlookStep } from '../domain/outlook.ts';
import type { CompiledRule } from '../domain/policy.ts';
import type { AskedMetric } from '../ports/metrics.ts';
import { PortError } from '../ports/port-error.ts';
import { minuteMs } from '../units.ts';
import type { Scaler, ScalerGroup } from './scaler.ts';

interface Asked {
  readonly metric: AskedMetric;
  readonly rule: CompiledRule;
}

/** By group name, then by rule name. */
export type Outlooks = ReadonlyMap<string, ReadonlyMap<string, Outlook>>;

/**
 * How near the alarms of groups are to turning red, for people: a function decides by the alarms themselves. One call for all
 * groups, and one more for each length of period below a minute. What cannot be read has no outlook. Never throws a PortError.
 */
export async function readOutlooks(
  scaler: Scaler,
  groups: readonly ScalerGroup[],
  scalingGroups: ReadonlyMap<string, ScalingGroup>,
  now: Instant,
): Promise<Outlooks> {
  const asked = groups.flatMap((group) => askedOf(group, scalingGroups.get(group.scalingGroup)));
  const outlooks = new Map<string, Map<string, Outlook>>();
  for (const [step, alike] of Map.groupBy(asked, ({ rule }) => outlookStep(rule))) {
    const stepMs = step * 1000;
    // As an alarm sees it: a minute when it has ended and another has passed, what is finer as soon as it is pushed.
    const end = Math.floor(now / stepMs) * stepMs - (step === 60 ? minuteMs : 0);
    const from = end - Math.max(...alike.map(({ rule }) => outlookSeconds(rule))) * 1000;
    const series = await history(scaler, alike, from, end);
    for (const [index, { metric, rule }] of alike.entries()) {
      const outlook = series[index] && outlookOf(rule, series[index], end);
      if (!outlook) continue;
      const ofGroup = outlooks.get(metric.group.name) ?? new Map<string, Outlook>();
      outlooks.set(metric.group.name, ofGroup.set(rule.name, outlook));
    }
  }
  return outlooks;
}

function askedOf(group: ScalerGroup, seen: ScalingGroup | undefined): Asked[] {
  const { policy, config } = group;
  if (!seen) return [];
  return [...new Set([...policy.scaleOutRules, ...policy.scaleInRules])].map((rule) => {
    const { metric, statistic } = config.alarms[rule.name]!;
    const use = { key: rule.name, metric, statistic, periodSeconds: outlookStep(rule) };
    return { metric: { group, seen, use }, rule };
  });
}

async function history(
  { ports }: Scaler,
  asked: readonly Asked[],
  from: Instant,
  to: Instant,
): Promise<readonly (Float64Array | null | undefined)[]> {
  try {
    return await ports.metrics.history(
      asked.map(({ metric }) => metric),
      from,
      to,
    );
  } catch (error) {
    if (error instanceof PortError) return [];
    throw error;
  }
}
