import type {
  Datapoint,
  GetMetricDataInput,
  GetMetricDataOutput,
  GetMetricStatisticsInput,
  GetMetricStatisticsOutput,
  ListMetricsInput,
  ListMetricsOutput,
  MetricDataQuery,
  MetricDatum,
  PutMetricDataInput,
} from '@aws-sdk/client-cloudwatch';
import { StandardUnit } from '@aws-sdk/client-cloudwatch';
import { requireOneOf } from '../constraints.ts';
import { page } from '../page.ts';
import { type Call, type Instant, type Operation, ServiceError } from '../service.ts';
import type { Found, Series } from './metric-math.ts';
import type { MetricName, MetricStore } from './metric-store.ts';
import { assertPeriod, metricName, runQueries, validateQueries } from './queries.ts';
import { assertStatistic, type Observation } from './sample.ts';

const minute = 60_000;
const hour = 60 * minute;

/** The metric operations of the API. */
export function metricOperations(store: MetricStore): Record<string, Operation> {
  return {
    PutMetricData({ Namespace, MetricData = [] }: PutMetricDataInput, call: Call): void {
      if (!Namespace) throw missing('Namespace');
      // Only the services themselves publish there.
      if (/^AWS\//i.test(Namespace) && call.principal.kind !== 'service')
        throw new ServiceError(
          'InvalidParameterValue',
          `The value ${Namespace} for parameter Namespace is invalid.`,
        );
      if (MetricData.length > 1000)
        throw new ServiceError(
          'InvalidParameterValue',
          'The collection MetricData must not have a size greater than 1000.',
        );
      // Nothing is stored unless everything is good.
      const data = MetricData.map((datum) => {
        const at = datum.Timestamp?.getTime() ?? call.now;
        if (at < call.now - 14 * 24 * hour || at > call.now + 2 * hour)
          throw new ServiceError(
            'InvalidParameterValue',
            `The value ${new Date(at).toISOString()} for parameter MetricData.Timestamp is not in the allowed range.`,
          );
        return {
          metric: metricName(Namespace, datum.MetricName!, datum.Dimensions),
          at,
          observation: observed(datum),
          kept: { unit: datum.Unit, isFine: datum.StorageResolution === 1 },
        };
      });
      for (const { metric, at, observation, kept } of data) store.record(metric, at, observation, kept);
    },

    GetMetricData: (input: GetMetricDataInput) => getMetricData(store, input),

    GetMetricStatistics(input: GetMetricStatisticsInput): GetMetricStatisticsOutput {
      const statistics = [...(input.Statistics ?? []), ...(input.ExtendedStatistics ?? [])];
      if (statistics.length === 0)
        throw new ServiceError(
          'InvalidParameterCombination',
          'At least one of the parameters Statistics and ExtendedStatistics must be specified.',
        );
      statistics.forEach(assertStatistic);
      assertPeriod(input.Period!);
      if (input.StartTime! >= input.EndTime!)
        throw new ServiceError(
          'InvalidParameterCombination',
          'The parameter StartTime must be less than the parameter EndTime.',
        );
      const grid = gridBetween(input.StartTime!, input.EndTime!, input.Period!);
      if (grid.length > 1440)
        throw new ServiceError(
          'InvalidParameterCombination',
          `You have requested up to ${grid.length} datapoints, which exceeds the limit of 1,440.`,
        );
      const metric = metricName(input.Namespace!, input.MetricName!, input.Dimensions);
      const Datapoints = grid.flatMap((at) => datapoint(store, metric, at, input));
      return { Label: input.MetricName, Datapoints };
    },

    ListMetrics(input: ListMetricsInput, call: Call): ListMetricsOutput {
      const found = store.metrics().filter((metric) => {
        const recent =
          input.RecentlyActive === 'PT3H' ? store.lastRecorded(metric)! >= call.now - 3 * hour : true;
        return recent && listed(metric, input);
      });
      const { items, NextToken } = page(found, input.NextToken, 500, 500, 'MaxResults');
      const Metrics = items.map(({ namespace, name, dimensions }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      }));
      return { Metrics, NextToken };
    },
  };
}

function getMetricData(store: MetricStore, input: GetMetricDataInput): GetMetricDataOutput {
  const queries = input.MetricDataQueries ?? [];
  if (queries.length === 0) throw missing('MetricDataQueries');
  if (queries.length > 500)
    throw new ServiceError(
      'ValidationError',
      'The collection MetricDataQueries must not have a size greater than 500.',
    );
  validateQueries(queries);
  if (input.StartTime! >= input.EndTime!)
    throw new ServiceError(
      'ValidationError',
      'The parameter StartTime must be less than the parameter EndTime.',
    );
  const found = new Map<string, readonly Found[]>();
  const grid = (period: number) => gridBetween(input.StartTime!, input.EndTime!, period);
  const series = runQueries(store, queries, grid, found);
  const newestFirst = input.ScanBy !== 'TimestampAscending';
  const lines = queries
    .filter((query) => query.ReturnData !== false)
    .flatMap((query) => linesOf(query, series, found.get(query.Id!)));
  const points = lines.flatMap((line) => pointsOf(line, newestFirst));
  const most = Math.min(input.MaxDatapoints ?? 100_800, 100_800);
  const { items, NextToken } = page(points, input.NextToken, most, 100_800, 'MaxDatapoints');
  const results = lines.map((line) => {
    const own = items.filter((point) => point.line === line);
    return {
      Id: line.id,
      Label: line.label,
      Timestamps: own.map((point) => new Date(point.at)),
      Values: own.map((point) => point.value),
      StatusCode: NextToken ? ('PartialData' as const) : ('Complete' as const),
    };
  });
  return { MetricDataResults: results, Messages: [], NextToken };
}

/** One result: of a query, or of one metric that its search has found. */
interface Line {
  readonly id: string;
  readonly label: string;
  readonly series: Series;
}

interface Point {
  readonly line: Line;
  readonly at: Instant;
  readonly value: number;
}

function linesOf(
  { Id, Label, MetricStat }: MetricDataQuery,
  series: ReadonlyMap<string, Series>,
  found: readonly Found[] | undefined,
): Line[] {
  const id = Id!;
  if (!found) return [{ id, label: Label ?? MetricStat?.Metric?.MetricName ?? id, series: series.get(id)! }];
  const labels = tellingApart(found.map(({ metric }) => metric));
  return found.map((one, index) => ({
    id,
    label: [Label, labels[index]].filter(Boolean).join(' '),
    series: one.series,
  }));
}

/** What of each metric differs from the others; its name if nothing does. */
function tellingApart(metrics: readonly MetricName[]): string[] {
  const wordsOf = ({ dimensions, name }: MetricName) => [...Object.values(dimensions), name];
  const all = metrics.map(wordsOf);
  return metrics.map((metric) => {
    const own = wordsOf(metric).filter((word) => !all.every((words) => words.includes(word)));
    return own.join(' ') || metric.name;
  });
}

function pointsOf(line: Line, newestFirst: boolean): Point[] {
  const points = [...line.series].map(([at, value]) => ({ line, at, value })).sort((a, b) => a.at - b.at);
  return newestFirst ? points.reverse() : points;
}

/**
 * Starts of the periods in `[start, end)`. They count from the minute of `start`, and not from the hour.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
 */
function gridBetween(start: Date, end: Date, periodSeconds: number): Instant[] {
  const period = periodSeconds * 1000;
  const grid: Instant[] = [];
  for (let at = Math.floor(start.getTime() / minute) * minute; at < end.getTime(); at += period)
    grid.push(at);
  return grid;
}

function datapoint(
  store: MetricStore,
  metric: MetricName,
  at: Instant,
  input: GetMetricStatisticsInput,
): Datapoint[] {
  const sample = store.window(metric, at, at + input.Period! * 1000);
  const Unit = store.unitOf(metric);
  // Nothing is converted: who asks for another unit than was published gets nothing.
  if (!sample || (input.Unit !== undefined && input.Unit !== Unit)) return [];
  const plain = (input.Statistics ?? []).map((name) => [name, sample.statistic(name)]);
  const extended = (input.ExtendedStatistics ?? []).map((name) => [name, sample.statistic(name)]);
  const ExtendedStatistics = extended.length > 0 ? { ExtendedStatistics: Object.fromEntries(extended) } : {};
  return [
    {
      Timestamp: new Date(at),
      Unit: Unit as StandardUnit,
      ...Object.fromEntries(plain),
      ...ExtendedStatistics,
    },
  ];
}

function observed(datum: MetricDatum): Observation {
  requireOneOf(datum.Unit, Object.values(StandardUnit), 'metricData.1.member.unit', 'InvalidParameterValue');
  if (datum.Values?.length) {
    if (datum.Values.length > 150 || (datum.Counts && datum.Counts.length !== datum.Values.length))
      throw new ServiceError(
        'InvalidParameterValue',
        'Values holds at most 150 numbers, and Counts as many as Values.',
      );
    return { values: datum.Values, ...(datum.Counts ? { counts: datum.Counts } : {}) };
  }
  const set = datum.StatisticValues;
  if (set)
    return { sampleCount: set.SampleCount!, sum: set.Sum!, minimum: set.Minimum!, maximum: set.Maximum! };
  if (datum.Value === undefined || !Number.isFinite(datum.Value))
    throw new ServiceError(
      'InvalidParameterValue',
      `The value ${datum.Value} for parameter MetricData.Value is invalid.`,
    );
  return datum.Value;
}

function listed(metric: MetricName, input: ListMetricsInput): boolean {
  return (
    (input.Namespace === undefined || metric.namespace === input.Namespace) &&
    (input.MetricName === undefined || metric.name === input.MetricName) &&
    (input.Dimensions ?? []).every(
      ({ Name, Value }) =>
        Name! in metric.dimensions && (Value === undefined || metric.dimensions[Name!] === Value),
    )
  );
}

function missing(parameter: string): ServiceError {
  return new ServiceError('MissingParameter', `The parameter ${parameter} is required.`);
}
