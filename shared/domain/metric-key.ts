import { isPrometheus } from '../fleet/prometheus.ts';
import type { Metric } from '../fleet/rule.ts';

/**
 * Names one series of datapoints, so that two rules on the same metric, statistic and period share one look-up:
 * `cpu@300`, `responseTime.p95@60`.
 */
export function metricKey(metric: Metric, statistic: string | undefined, periodSeconds: number): string {
  const name = typeof metric === 'string' ? metric : customName(metric);
  return `${name}${statistic === undefined ? '' : `.${statistic}`}@${periodSeconds}`;
}

function customName(metric: Exclude<Metric, string>): string {
  if (isPrometheus(metric)) return `${metric.prometheus.url} ${metric.prometheus.query}`;
  const dimensions = Object.entries(metric.dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  const where = dimensions.map(([name, value]) => `${name}=${value}`).join(',');
  return `${metric.namespace}/${metric.metricName}{${where}}.${metric.statistic}`;
}
