import type { Group } from '../shared/fleet/group.ts';
import { metricName } from '../shared/fleet/metric-name.ts';
import { isPrometheus } from '../shared/fleet/prometheus.ts';
import type { Metric } from '../shared/fleet/rule.ts';
import type { MeasuredPast } from './group-past.ts';

/** A metric's value over the minutes `[from, to)`; undefined where there is none. */
export type Measure = (past: MeasuredPast, from: number, to: number) => number | undefined;

const measures: Readonly<Record<string, Measure>> = {
  cpu: (past, from, to) => past.cpu(from, to),
  memory: (past, from, to) => past.memory(from, to),
  requestsPerSecond: (past, from, to) => perSecond(past.requests(from, to), from, to),
  requestsPerTarget: (past, from, to) => perSecond(past.requestsPerServer(from, to), from, to),
};

/** Over servers that are all alike any average, extreme or percentile is the same; these are another thing. */
const totals: readonly (string | undefined)[] = ['Sum', 'SampleCount'];

/**
 * How the backtest measures a metric: from requests and servers alone. undefined: it cannot, and reports it as missing.
 * @param statistic undefined: the metric's own
 */
export function measureOf(metric: Metric, statistic?: string): Measure | undefined {
  if (typeof metric !== 'string') return undefined;
  const isGauge = metric === 'cpu' || metric === 'memory';
  return isGauge && totals.includes(statistic) ? undefined : measures[metric];
}

/** What in a group's policy goes by a metric that a backtest has not, for people: `alarm 'slow' watches responseTime`. */
export function unmeasured({ alarms, targets, objective, forecast }: Group): string[] {
  const watched = [
    ...Object.entries(alarms).map(([name, { metric, statistic }]) => ({
      what: `alarm '${name}' watches`,
      metric,
      statistic,
    })),
    ...targets.map(({ metric }) => ({ what: 'a target tracks', metric, statistic: undefined })),
    ...[objective, forecast].flatMap((each) =>
      each ? [{ what: 'the forecast reads', metric: each.metric, statistic: undefined }] : [],
    ),
  ];
  return watched
    .filter(({ metric, statistic }) => !measureOf(metric, statistic))
    .map(({ what, metric, statistic }) => `${what} ${nameOf(metric)}${statistic ? ` (${statistic})` : ''}`);
}

function nameOf(metric: Metric): string {
  return typeof metric === 'object' && !isPrometheus(metric) ? metric.metricName : metricName(metric);
}

function perSecond(count: number | undefined, from: number, to: number): number | undefined {
  return count === undefined ? undefined : count / ((to - from) * 60);
}
