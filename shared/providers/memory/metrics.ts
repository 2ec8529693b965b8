import {
  needsEvidence,
  newestReading,
  readAtSeconds,
  settledPeriods,
  sumsOf,
  withKnownZeros,
} from '../../domain/absence.ts';
import type { Instant, Reading } from '../../domain/observation.ts';
import { newestEnd, periodsLookedBack } from '../../domain/periods.ts';
import { groupQuery, historyQuery } from '../../fleet/group-query.ts';
import type { MetricQuery, MetricSeries } from '../../fleet/metric-query.ts';
import type { AskedMetric, Metrics } from '../../ports/metrics.ts';

interface Datapoint {
  readonly at: Instant;
  readonly value: number;
}

/** Datapoints that are put from outside, oldest first, and read as CloudWatch aggregates them. */
export class MemoryMetrics implements Metrics {
  readonly #series = new Map<string, Datapoint[]>();
  readonly #loadBalancers: ReadonlyMap<string, string>;

  /** @param loadBalancers ARN of the load balancer in front of each target group */
  constructor(loadBalancers: ReadonlyMap<string, string>) {
    this.#loadBalancers = loadBalancers;
  }

  /** `at` must not lie before an earlier datapoint of the same series. */
  put(query: MetricSeries, at: Instant, value: number): void {
    const name = seriesName(query);
    const series = this.#series.get(name);
    if (series) series.push({ at, value });
    else this.#series.set(name, [{ at, value }]);
  }

  async latest(asked: readonly AskedMetric[], now: Instant): Promise<readonly Reading[]> {
    return asked.map((one): Reading => {
      const query = this.#queryOf(one);
      return query ? this.newest(query, now) : { known: false, why: 'failed' };
    });
  }

  async history(
    asked: readonly AskedMetric[],
    from: Instant,
    to: Instant,
  ): Promise<readonly (Float64Array | undefined)[]> {
    return asked.map((one) => {
      const query = this.#queryOf(one);
      return query && this.periods(historyQuery(query), from, to);
    });
  }

  #queryOf({ group, seen, use }: AskedMetric): MetricQuery | undefined {
    return groupQuery(group, use, seen?.trafficSources ?? [], this.#loadBalancers);
  }

  /** The newest complete period of a series that is known. */
  newest(query: MetricQuery, now: Instant): Reading {
    const { periodSeconds, statistic } = query;
    const to = newestEnd(periodSeconds, now, statistic === 'Sum');
    const from = to - periodsLookedBack(periodSeconds) * periodSeconds * 1000;
    return newestReading(this.#known(query, from, to, now), from, periodSeconds);
  }

  /** All periods of a series in `[from, to)`. */
  periods(query: MetricQuery, from: Instant, to: Instant): Float64Array {
    return this.#known(query, from, to, to);
  }

  #known(query: MetricQuery, from: Instant, to: Instant, now: Instant): Float64Array {
    const { statistic, periodSeconds, divisor, zeroIf } = query;
    const step = readAtSeconds(statistic, periodSeconds, zeroIf !== undefined);
    let known = this.#periods(query, step, from, to);
    const settled = settledPeriods(from, step, now);
    if (zeroIf && needsEvidence(known, settled)) {
      const spoke = this.#periods(zeroIf.spoke, step, from, to);
      const denied = zeroIf.denied && this.#periods(zeroIf.denied, step, from, to);
      known = withKnownZeros(known, { spoke, denied }, settled);
    }
    return sumsOf(known, periodSeconds / step).map((value) => value / divisor);
  }

  #periods(asked: MetricSeries, periodSeconds: number, from: Instant, to: Instant): Float64Array {
    const periodMs = periodSeconds * 1000;
    const series = this.#series.get(seriesName(asked)) ?? [];
    let next = series.findLastIndex(({ at }) => at < from) + 1;
    return Float64Array.from({ length: Math.ceil((to - from) / periodMs) }, (_, index) => {
      const values: number[] = [];
      while (next < series.length && series[next]!.at < from + (index + 1) * periodMs)
        values.push(series[next++]!.value);
      return aggregate(asked.statistic, values);
    });
  }
}

function seriesName({ namespace, metricName, dimensions }: MetricSeries): string {
  const pairs = Object.entries(dimensions).map(([name, value]) => `${name}=${value}`);
  return [namespace, metricName, ...pairs.sort()].join('|');
}

function aggregate(statistic: string, values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sum = values.reduce((total, value) => total + value, 0);
  switch (statistic) {
    case 'Sum':
      return sum;
    case 'Average':
      return sum / values.length;
    case 'Minimum':
      return Math.min(...values);
    case 'SampleCount':
      return values.length;
    default:
      // Of the few datapoints of a period a high percentile is the greatest.
      return Math.max(...values);
  }
}
