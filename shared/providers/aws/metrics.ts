import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
  type StatusCode,
} from '@aws-sdk/client-cloudwatch';
import type { Instant, Reading } from '../../domain/observation.ts';
import { newestEnd, periodsLookedBack } from '../../domain/periods.ts';
import type { MetricQuery } from '../../fleet/metric-query.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { batches } from './batches.ts';
import { toPortError } from './to-port-error.ts';

interface Series {
  /** `Complete` on the last page; anything else means that something is missing, which must not be taken for silence. */
  readonly status: StatusCode | undefined;
  readonly timestamps: Instant[];
  readonly values: number[];
}

/** CloudWatch metrics, 500 queries a call. */
export class AwsMetrics implements Metrics {
  readonly #client: CloudWatchClient;

  constructor(client: CloudWatchClient) {
    this.#client = client;
  }

  async latest(queries: readonly MetricQuery[], now: Instant): Promise<ReadonlyMap<string, Reading>> {
    const readings = new Map<string, Reading>();
    const failures: unknown[] = [];
    // CloudWatch counts periods from the start that is asked for, and not from the hour: each length has a start of its own.
    const byPeriod = Map.groupBy(queries, ({ periodSeconds }) => periodSeconds);
    const asked = [...byPeriod.values()].flatMap((alike) => batches(alike, 500));
    for (const batch of asked) {
      const { periodSeconds } = batch[0]!;
      const to = newestEnd(periodSeconds, now);
      const from = to - periodsLookedBack(periodSeconds) * periodSeconds * 1000;
      const series = await this.#read(batch, from, to).catch((error) => void failures.push(error));
      for (const [index, query] of batch.entries())
        readings.set(query.id, newest(query, series?.[index], to));
    }
    if (failures.length > 0 && failures.length === asked.length) throw failures[0];
    return readings;
  }

  async history(
    queries: readonly MetricQuery[],
    from: Instant,
    to: Instant,
  ): Promise<readonly Float64Array[]> {
    const histories: Float64Array[] = [];
    for (const batch of batches(queries, 500)) {
      const series = await this.#read(batch, from, to);
      for (const [index, query] of batch.entries())
        histories.push(historyOf(query, series[index]!, from, to));
    }
    return histories;
  }

  /** One series per query, newest datapoint first. @throws PortError */
  async #read(queries: readonly MetricQuery[], from: Instant, to: Instant): Promise<Series[]> {
    const series: Series[] = queries.map(() => ({ status: undefined, timestamps: [], values: [] }));
    let NextToken: string | undefined;
    try {
      do {
        const page = await this.#client.send(
          new GetMetricDataCommand({
            MetricDataQueries: queries.map(toDataQuery),
            StartTime: new Date(from),
            EndTime: new Date(to),
            ScanBy: 'TimestampDescending',
            NextToken,
          }),
        );
        for (const result of page.MetricDataResults ?? []) collect(series, result);
        NextToken = page.NextToken;
      } while (NextToken);
    } catch (error) {
      throw toPortError(`read ${queries.length} metrics`, error);
    }
    return series;
  }
}

function toDataQuery(query: MetricQuery, index: number): MetricDataQuery {
  const Dimensions = Object.entries(query.dimensions).map(([Name, Value]) => ({ Name, Value }));
  const Metric = { Namespace: query.namespace, MetricName: query.metricName, Dimensions };
  return { Id: `m${index}`, MetricStat: { Metric, Period: query.periodSeconds, Stat: query.statistic } };
}

function collect(series: Series[], result: MetricDataResult): void {
  const index = Number(result.Id!.slice(1));
  const one = series[index]!;
  series[index] = { ...one, status: result.StatusCode };
  for (const at of result.Timestamps ?? []) one.timestamps.push(at.getTime());
  for (const value of result.Values ?? []) one.values.push(value);
}

/** @throws PortError */
function historyOf(query: MetricQuery, series: Series, from: Instant, to: Instant): Float64Array {
  if (series.status !== 'Complete')
    throw toPortError(`read ${query.metricName}`, new Error('CloudWatch gave no answer'));
  const stepMs = query.periodSeconds * 1000;
  const length = Math.ceil((to - from) / stepMs);
  const values = new Float64Array(length).fill(query.silenceIsZero ? 0 : Number.NaN);
  for (const [index, at] of series.timestamps.entries()) {
    const place = Math.floor((at - from) / stepMs);
    if (place >= 0 && place < values.length) values[place] = series.values[index]! / query.divisor;
  }
  return values;
}

function newest(query: MetricQuery, series: Series | undefined, to: Instant): Reading {
  if (series?.status !== 'Complete') return { known: false, why: 'failed' };
  const [at] = series.timestamps;
  if (at !== undefined) return { known: true, value: series.values[0]! / query.divisor, at };
  if (!query.silenceIsZero) return { known: false, why: 'missing' };
  return { known: true, value: 0, at: to - query.periodSeconds * 1000 };
}
