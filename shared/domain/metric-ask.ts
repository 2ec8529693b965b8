import type { Metric } from '../fleet/rule.ts';

/** A metric that a decision wants to know: one datapoint over `periodSeconds`. */
export interface MetricAsk {
  readonly metric: Metric;
  /** Without it: the metric's own (`Average` for a gauge, `Sum` for a count). */
  readonly statistic?: string | undefined;
  readonly periodSeconds: number;
}

/** Under which a reading is found in `Observation.metrics`. Equal asks have equal keys. */
export function metricKey(ask: MetricAsk): string {
  const { metric, statistic = '', periodSeconds } = ask;
  if (typeof metric === 'string') return `${metric}/${statistic}/${periodSeconds}`;
  const dimensions = Object.entries(metric.dimensions)
    .map(([name, value]) => `${name}=${value}`)
    .sort();
  return [
    metric.namespace,
    metric.metricName,
    ...dimensions,
    statistic || metric.statistic,
    periodSeconds,
  ].join('/');
}
