import { isPerServer } from '../domain/policy.ts';
import { needsLoadBalancer } from '../fleet/metric-query.ts';
import type { Metric } from '../fleet/rule.ts';
import type { ForecastPolicy } from './forecast-policy.ts';

/**
 * Turns a minute of a group's metric into its load, in servers at the target. A negative value stays one: no load is below nothing, and
 * the reader of it can say so.
 * @param value the metric; of one that each server measures (see `isMeasuredByServers`) the sum over all that run
 * @param warm servers that serve
 * @param running those that boot as well
 * @param before the load of the minute before; NaN: unknown
 * @returns NaN: unknown
 */
export type LoadReader = (value: number, warm: number, running: number, before: number) => number;

type Measured = Pick<ForecastPolicy, 'metric' | 'targetValue'>;

/** Every server measures it once a minute, also one that boots: a sum over them is what all of them do. */
export function isMeasuredByServers(metric: Metric): boolean {
  return typeof metric === 'string' && isPerServer(metric) && !needsLoadBalancer(metric);
}

export function loadReader(policy: Measured): LoadReader {
  const loadOf = reading(policy);
  const { targetValue } = policy;
  return (value, warm, running, before) =>
    value < 0 ? value / targetValue : loadOf(value, warm, running, before < 0 ? Number.NaN : before);
}

function reading({ metric, targetValue }: Measured): LoadReader {
  if (isMeasuredByServers(metric)) {
    return (value, warm, running, before) => carried(value / targetValue, warm, running, before);
  }
  if (isPerServer(metric)) return (value, warm) => (value * warm) / targetValue;
  return (value) => value / targetValue;
}

/**
 * Servers that boot are busy with themselves, nobody knows how much: of what all do, the load is between the warm ones' share
 * and the whole. Between them the load of the minute before is believed, for a launch must not look like load: it would call for
 * the next one.
 */
function carried(total: number, warm: number, running: number, before: number): number {
  if (!(warm > 0)) return Number.NaN;
  if (warm >= running || Number.isNaN(before)) return total;
  return Math.min(total, Math.max((total * warm) / running, before));
}
