import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { type Instant, ServiceError } from '../service.ts';
import { parseExpression } from './expression.ts';
import { evaluate, type Found, type Series, searched } from './metric-math.ts';
import type { MetricName, MetricStore } from './metric-store.ts';
import { assertStatistic, needsValues } from './sample.ts';
import { parseSearch } from './search-terms.ts';

/** The metrics that the queries name, once each, so that a store can remember their keys. */
const metricNames = new WeakMap<MetricDataQuery, MetricName>();

/**
 * Computes queries (metrics first, then expressions over them) on the periods that start at each instant of `grid`.
 * @param found takes what searches find, by their ids: those have no series of their own
 * @returns the series of every other query by its id
 * @throws ServiceError ValidationError, InvalidParameterValue
 */
export function runQueries(
  store: MetricStore,
  queries: readonly MetricDataQuery[],
  gridOf: (periodSeconds: number) => readonly Instant[],
  found = new Map<string, readonly Found[]>(),
): Map<string, Series> {
  const series = new Map<string, Series>();
  const pending: MetricDataQuery[] = [];
  let smallestPeriod = Number.POSITIVE_INFINITY;
  for (const query of queries) {
    if (!query.MetricStat) {
      pending.push(query);
      continue;
    }
    const period = query.MetricStat.Period!;
    smallestPeriod = Math.min(smallestPeriod, period);
    series.set(
      query.Id!,
      metricSeries(store, metricOf(query), query.MetricStat.Stat!, period, gridOf(period)),
    );
  }
  const metricIds = [...series.keys()];
  if (!Number.isFinite(smallestPeriod)) smallestPeriod = 300;
  // Expressions may refer to one another in any order; each pass resolves at least one or the rest is circular.
  while (pending.length > 0) {
    const ready = pending.filter((query) => references(query, pending).length === 0);
    if (ready.length === 0)
      throw new ServiceError('ValidationError', 'Circular reference between expressions');
    for (const query of ready) {
      const periodSeconds = query.Period ?? smallestPeriod;
      const search = (text: string, statistic: string, period: number) =>
        find(store, text, statistic, period, gridOf(period));
      const scope = { series, metricIds, periodSeconds, grid: gridOf(periodSeconds), found, search };
      const expression = parseExpression(query.Expression!);
      const all = searched(expression, scope);
      if (all) found.set(query.Id!, all);
      else series.set(query.Id!, evaluate(expression, scope));
      pending.splice(pending.indexOf(query), 1);
    }
  }
  return series;
}

/** The most that a search brings: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html */
const mostFound = 500;

function find(
  store: MetricStore,
  text: string,
  statistic: string,
  periodSeconds: number,
  grid: readonly Instant[],
): Found[] {
  assertStatistic(statistic);
  assertPeriod(periodSeconds);
  return store
    .metrics()
    .filter(parseSearch(text))
    .slice(0, mostFound)
    .map((metric) => ({ metric, series: metricSeries(store, metric, statistic, periodSeconds, grid) }));
}

/** One statistic of one metric on the periods that start at each instant of `grid`; missing periods are absent. */
export function metricSeries(
  store: MetricStore,
  metric: MetricName,
  statistic: string,
  periodSeconds: number,
  grid: readonly Instant[],
): Series {
  const values = new Map<Instant, number>();
  const withValues = needsValues(statistic);
  for (const at of grid) {
    const value = store.window(metric, at, at + periodSeconds * 1000, withValues)?.statistic(statistic);
    if (value !== undefined) values.set(at, value);
  }
  return values;
}

/** @throws ServiceError where CloudWatch would refuse the queries. */
export function validateQueries(queries: readonly MetricDataQuery[]): void {
  const ids = new Set<string>();
  for (const query of queries) {
    if (!/^[a-z][a-zA-Z0-9_]*$/.test(query.Id ?? ''))
      throw new ServiceError(
        'ValidationError',
        `The value ${query.Id} for parameter Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
      );
    if (ids.has(query.Id!)) throw new ServiceError('ValidationError', `The id '${query.Id}' is duplicated.`);
    ids.add(query.Id!);
    if ((query.MetricStat === undefined) === (query.Expression === undefined))
      throw new ServiceError(
        'ValidationError',
        'Exactly one of MetricStat and Expression must be specified.',
      );
    if (query.MetricStat) {
      assertStatistic(query.MetricStat.Stat!);
      assertPeriod(query.MetricStat.Period!);
    } else parseExpression(query.Expression!);
  }
}

/** @throws ServiceError InvalidParameterValue unless it is 10, 30 or a multiple of 60 seconds. */
export function assertPeriod(seconds: number): void {
  if (seconds !== 10 && seconds !== 20 && seconds !== 30 && (seconds < 60 || seconds % 60 !== 0))
    throw new ServiceError(
      'InvalidParameterValue',
      `The parameter Period must be 10, 20, 30 or a multiple of 60, not ${seconds}.`,
    );
}

/** The dimensions of a request as a record. */
export function metricName(
  namespace: string,
  name: string,
  dimensions: readonly { Name?: string | undefined; Value?: string | undefined }[] = [],
): MetricName {
  return {
    namespace,
    name,
    dimensions: Object.fromEntries(dimensions.map((dimension) => [dimension.Name!, dimension.Value!])),
  };
}

function metricOf(query: MetricDataQuery): MetricName {
  let metric = metricNames.get(query);
  if (!metric) {
    const { Namespace, MetricName, Dimensions } = query.MetricStat!.Metric!;
    metric = metricName(Namespace!, MetricName!, Dimensions);
    metricNames.set(query, metric);
  }
  return metric;
}

function references(query: MetricDataQuery, others: readonly MetricDataQuery[]): MetricDataQuery[] {
  // What a search is for names no ids.
  const words = new Set(query.Expression!.replace(/'[^']*'/g, '').match(/[A-Za-z_][A-Za-z0-9_]*/g));
  return others.filter((other) => words.has(other.Id!));
}
