import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
  type StatusCode,
} from '@aws-sdk/client-cloudwatch';
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
import type { MetricQuery, MetricSeries } from '../../fleet/metric-query.ts';
import { batches } from './batches.ts';
import { toPortError } from './to-port-error.ts';

/** A series to be read, and at which length. */
interface Asked extends MetricSeries {
  readonly periodSeconds: number;
}

/** What is read together, for CloudWatch counts all periods from the start that is asked for. */
interface Span {
  readonly from: Instant;
  readonly to: Instant;
  readonly now: Instant;
}

/** CloudWatch metrics, 500 series a call. */
export class CloudWatchReader {
  readonly #client: CloudWatchClient;

  constructor(client: CloudWatchClient) {
    this.#client = client;
  }

  /**
   * The newest complete period of each query that is known, by id; `{known: false, why: 'failed'}` where it could not be read.
   * @throws PortError when none of them could
   */
  async latest(queries: readonly MetricQuery[], now: Instant): Promise<ReadonlyMap<string, Reading>> {
    const readings = new Map<string, Reading>();
    const failures: unknown[] = [];
    // CloudWatch counts periods from the start that is asked for, and not from the hour: each length has a start of its own.
    const byEnd = Map.groupBy(
      queries,
      ({ periodSeconds, statistic }) => `${periodSeconds} ${statistic === 'Sum'}`,
    );
    for (const alike of byEnd.values()) {
      const { periodSeconds, statistic } = alike[0]!;
      const to = newestEnd(periodSeconds, now, statistic === 'Sum');
      const from = to - periodsLookedBack(periodSeconds) * periodSeconds * 1000;
      const known = await this.#known(alike, { from, to, now }, failures);
      for (const [index, { id }] of alike.entries()) {
        const values = known[index];
        readings.set(
          id,
          values ? newestReading(values, from, periodSeconds) : { known: false, why: 'failed' },
        );
      }
    }
    if (failures.length > 0 && ![...readings.values()].some(wasAnswered)) throw failures[0];
    return readings;
  }

  /** @returns null: this one could not be read. All queries have the same period. @throws PortError when none of them could */
  async history(
    queries: readonly MetricQuery[],
    from: Instant,
    to: Instant,
  ): Promise<readonly (Float64Array | null)[]> {
    const failures: unknown[] = [];
    const known = await this.#known(queries, { from, to, now: to }, failures);
    if (failures.length > 0 && known.every((values) => values === null)) throw failures[0];
    return known;
  }

  /** Evidence is asked for where there is a silence to be explained, and only there: each metric read is paid for. */
  async #known(
    queries: readonly MetricQuery[],
    span: Span,
    failures: unknown[],
  ): Promise<(Float64Array | null)[]> {
    const steps = queries.map(({ statistic, periodSeconds, zeroIf }) =>
      readAtSeconds(statistic, periodSeconds, zeroIf !== undefined),
    );
    const asked = queries.map((query, index) => ({ ...query, periodSeconds: steps[index]! }));
    const measured = await this.#readAll(asked, span, failures);
    const settled = steps.map((step) => settledPeriods(span.from, step, span.now));
    const silent = queries.flatMap(({ zeroIf }, index) => {
      const values = measured[index];
      if (!zeroIf || !values || !needsEvidence(values, settled[index]!)) return [];
      return [zeroIf.spoke, ...(zeroIf.denied ? [zeroIf.denied] : [])].map((series) => ({
        ...series,
        periodSeconds: steps[index]!,
      }));
    });
    const evidence = await this.#readOnce(silent, span, failures);
    return queries.map(({ zeroIf, periodSeconds, divisor }, index) => {
      let values = measured[index] ?? null;
      if (!values) return null;
      const step = steps[index]!;
      const spoke = zeroIf && evidence.get(nameOf({ ...zeroIf.spoke, periodSeconds: step }));
      const denied = zeroIf?.denied && evidence.get(nameOf({ ...zeroIf.denied, periodSeconds: step }));
      // A checker that could not be heard proves nothing.
      if (spoke && denied !== null) values = withKnownZeros(values, { spoke, denied }, settled[index]!);
      return sumsOf(values, periodSeconds / step).map((value) => value / divisor);
    });
  }

  /** Groups behind one load balancer have one checker. */
  async #readOnce(
    asked: readonly Asked[],
    span: Span,
    failures: unknown[],
  ): Promise<ReadonlyMap<string, Float64Array | null>> {
    const byName = new Map(asked.map((series) => [nameOf(series), series]));
    const read = await this.#readAll([...byName.values()], span, failures);
    return new Map([...byName.keys()].map((name, index) => [name, read[index]!]));
  }

  /** One array of periods per series, NaN where there is no datapoint; null: it could not be read. */
  async #readAll(asked: readonly Asked[], span: Span, failures: unknown[]): Promise<(Float64Array | null)[]> {
    const all: (Float64Array | null)[] = [];
    for (const batch of batches(asked, 500)) {
      try {
        all.push(...(await this.#read(batch, span)));
      } catch (error) {
        failures.push(error);
        for (const _ of batch) all.push(null);
      }
    }
    return all;
  }

  /** @throws PortError */
  async #read(asked: readonly Asked[], { from, to }: Span): Promise<(Float64Array | null)[]> {
    const values = asked.map(({ periodSeconds }) =>
      new Float64Array(Math.ceil((to - from) / (periodSeconds * 1000))).fill(Number.NaN),
    );
    // `Complete` on the last page; anything else means that something is missing, which must not be taken for silence.
    const statuses: (StatusCode | undefined)[] = asked.map(() => undefined);
    let NextToken: string | undefined;
    try {
      do {
        const page = await this.#client.send(
          new GetMetricDataCommand({
            MetricDataQueries: asked.map(toDataQuery),
            StartTime: new Date(from),
            EndTime: new Date(to),
            ScanBy: 'TimestampDescending',
            NextToken,
          }),
        );
        for (const result of page.MetricDataResults ?? []) {
          const index = Number(result.Id!.slice(1));
          statuses[index] = result.StatusCode;
          collect(values[index]!, result, from, asked[index]!.periodSeconds);
        }
        NextToken = page.NextToken;
      } while (NextToken);
    } catch (error) {
      throw toPortError(`read ${asked.length} metrics`, error);
    }
    return values.map((series, index) => (statuses[index] === 'Complete' ? series : null));
  }
}

function wasAnswered(reading: Reading): boolean {
  return reading.known || reading.why !== 'failed';
}

function nameOf({ namespace, metricName, dimensions, statistic, periodSeconds }: Asked): string {
  return JSON.stringify([namespace, metricName, dimensions, statistic, periodSeconds]);
}

function toDataQuery(series: Asked, index: number): MetricDataQuery {
  const Dimensions = Object.entries(series.dimensions).map(([Name, Value]) => ({ Name, Value }));
  const Metric = { Namespace: series.namespace, MetricName: series.metricName, Dimensions };
  return {
    Id: `m${index}`,
    MetricStat: { Metric, Period: series.periodSeconds, Stat: series.statistic },
  };
}

function collect(
  values: Float64Array,
  { Timestamps = [], Values = [] }: MetricDataResult,
  from: Instant,
  periodSeconds: number,
): void {
  for (const [index, at] of Timestamps.entries()) {
    const place = Math.floor((at.getTime() - from) / (periodSeconds * 1000));
    if (place >= 0 && place < values.length) values[place] = Values[index]!;
  }
}
