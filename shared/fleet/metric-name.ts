import { isPrometheus } from './prometheus.ts';
import type { Metric } from './rule.ts';

/** So much of a query tells it from others. */
const queryAtMost = 80;

/** A metric as sentences name it. */
export function metricName(metric: Metric): string {
  if (typeof metric === 'string') return metric;
  if (!isPrometheus(metric)) return `${metric.namespace}/${metric.metricName}`;
  const { query } = metric.prometheus;
  return query.length > queryAtMost ? `${query.slice(0, queryAtMost - 1)}…` : query;
}
