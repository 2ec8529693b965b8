import type { Instant, Reading } from '../../domain/observation.ts';
import { newestEnd, periodsLookedBack } from '../../domain/periods.ts';
import type { MetricQuery } from '../../fleet/metric-query.ts';
import type { Metrics } from '../../ports/metrics.ts';

interface Datapoint {
  readonly at: Instant;
  readonly value: number;
}

/** Datapoints that are put from outside, oldest first, and read as CloudWatch aggregates them. */
export class MemoryMetrics implements Metrics {
  readonly #series = new Map<string, Datapoint[]>();

  /** `at` must not lie before an earlier datapoint of the same series. */
  put(query: MetricQuery, at: Instant, value: number): void {
    const name = seriesName(query);
    const series = this.#series.get(name);
    if (series) series.push({ at, value });
    else this.#series.set(name, [{ at, value }]);
  }

  async latest(queries: readonly MetricQuery[], now: Instant): Promise<ReadonlyMap<string, Reading>> {
    return new Map(queries.map((query) => [query.id, this.#newest(query, now)]));
  }

  async history(
    queries: readonly MetricQuery[],
    from: Instant,
    to: Instant,
  ): Promise<readonly Float64Array[]> {
    return queries.map((query) => this.#history(query, from, to));
  }

  #history(query: MetricQuery, from: Instant, to: Instant): Float64Array {
    const periodMs = query.periodSeconds * 1000;
    const series = this.#series.get(seriesName(query)) ?? [];
    let next = series.findLastIndex(({ at }) => at < from) + 1;
    return Float64Array.from({ length: Math.ceil((to - from) / periodMs) }, (_, index) => {
      const values: number[] = [];
      while (next < series.length && series[next]!.at < from + (index + 1) * periodMs)
        values.push(series[next++]!.value);
      return aggregate(query, values) ?? (query.silenceIsZero ? 0 : Number.NaN);
    });
  }

  #newest(query: MetricQuery, now: Instant): Reading {
    const periodMs = query.periodSeconds * 1000;
    const newestStart = newestEnd(query.periodSeconds, now) - periodMs;
    const oldestStart = newestStart - (periodsLookedBack(query.periodSeconds) - 1) * periodMs;
    const series = this.#series.get(seriesName(query)) ?? [];
    let end = series.length;
    for (let start = newestStart; start >= oldestStart; start -= periodMs) {
      while (end > 0 && series[end - 1]!.at >= start + periodMs) end--;
      const values: number[] = [];
      while (end > 0 && series[end - 1]!.at >= start) values.push(series[--end]!.value);
      const value = aggregate(query, values);
      if (value !== undefined) return { known: true, value, at: start };
    }
    return query.silenceIsZero
      ? { known: true, value: 0, at: newestStart }
      : { known: false, why: 'missing' };
  }
}

function seriesName({ namespace, metricName, dimensions }: MetricQuery): string {
  const pairs = Object.entries(dimensions).map(([name, value]) => `${name}=${value}`);
  return [namespace, metricName, ...pairs.sort()].join('|');
}

function aggregate({ statistic, divisor }: MetricQuery, values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sum = values.reduce((total, value) => total + value, 0);
  switch (statistic) {
    case 'Sum':
      return sum / divisor;
    case 'Average':
      return sum / values.length / divisor;
    case 'Minimum':
      return Math.min(...values) / divisor;
    case 'SampleCount':
      return values.length / divisor;
    default:
      // Of the few datapoints of a period a high percentile is the greatest.
      return Math.max(...values) / divisor;
  }
}
