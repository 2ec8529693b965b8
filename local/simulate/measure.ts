import type { Metric } from '../../shared/fleet/rule.ts';
import type { GroupPast } from './group-past.ts';

/** A metric's value over the minutes `[from, to)`; undefined where there is none. */
export type Measure = (past: GroupPast, from: number, to: number) => number | undefined;

const measures: Readonly<Record<string, Measure>> = {
  cpu: (past, from, to) => past.cpu(from, to),
  requestsPerSecond: (past, from, to) => perSecond(past.requests(from, to), from, to),
  requestsPerTarget: (past, from, to) => perSecond(past.requestsPerServer(from, to), from, to),
};

/** How the backtest measures a metric: from requests and servers alone. Others it does not know, and reports as missing. */
export function measureOf(metric: Metric): Measure | undefined {
  return typeof metric === 'string' ? measures[metric] : undefined;
}

function perSecond(count: number | undefined, from: number, to: number): number | undefined {
  return count === undefined ? undefined : count / ((to - from) * 60);
}
