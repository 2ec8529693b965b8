import type { MetricAlarm, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Instant } from '../service.ts';
import { type AlarmState, judge, type MissingData } from './judge.ts';
import type { Series } from './metric-math.ts';
import type { MetricName, MetricStore } from './metric-store.ts';
import { metricName, metricSeries, runQueries } from './queries.ts';

const minute = 60_000;
/** How many periods beyond the evaluated ones CloudWatch reads, for data that arrive late. */
const extraPeriods = 2;

/** What an evaluation says: the state, and the words and data that explain it. */
export interface Verdict {
  readonly state: AlarmState;
  readonly reason: string;
  readonly reasonData: string;
}

/**
 * Evaluates a metric alarm on the periods that ended a minute ago or earlier: CloudWatch evaluates every minute on
 * windows that slide by a minute, and one-minute datapoints take about a minute to arrive.
 * @returns undefined when the alarm's state stays as it is whatever it is
 */
export function evaluateAlarm(store: MetricStore, alarm: MetricAlarm, now: Instant): Verdict | undefined {
  const period = periodOf(alarm) * 1000;
  const evaluated = alarm.EvaluationPeriods!;
  const needed = alarm.DatapointsToAlarm ?? evaluated;
  const end = Math.floor(now / minute) * minute - minute;
  const length = evaluated + extraPeriods;
  const grid = Array.from({ length }, (_, i) => end - (length - i) * period);
  const series = seriesOf(store, alarm, grid);
  const threshold = alarm.Threshold!;
  const breaches = compare[alarm.ComparisonOperator as keyof typeof compare];
  const range = grid.map((at) => {
    const value = series.get(at);
    return value === undefined ? undefined : breaches(value, threshold);
  });
  const state = judge(range, evaluated, needed, (alarm.TreatMissingData ?? 'missing') as MissingData);
  if (state === undefined) return undefined;
  // Words and data are made only for a transition, and for scaling that goes on: nothing shows them otherwise.
  if (state === alarm.StateValue && !goesOnScaling(alarm)) return { state, reason: '', reasonData: '' };
  return { state, ...explain(alarm, state, grid, series, needed, now) };
}

/** Scaling policies are executed in each minute in which the alarm stays in its state. */
export function goesOnScaling(alarm: MetricAlarm): boolean {
  return alarm.AlarmActions?.some((action) => action.startsWith('arn:aws:autoscaling:')) ?? false;
}

/** The period of an alarm in seconds: its own, or that of the metrics its expression is about. */
function periodOf(alarm: MetricAlarm): number {
  if (alarm.Period) return alarm.Period;
  const periods = (alarm.Metrics ?? []).flatMap((query) => query.Period ?? query.MetricStat?.Period ?? []);
  return periods.length > 0 ? Math.min(...periods) : 300;
}

/** The metric of an alarm without expression, remembered per alarm. */
const names = new WeakMap<MetricAlarm, MetricName>();

function seriesOf(store: MetricStore, alarm: MetricAlarm, grid: readonly Instant[]): Series {
  if (alarm.Metrics?.length) {
    const returned = alarm.Metrics.find((query: MetricDataQuery) => query.ReturnData !== false)!;
    return runQueries(store, alarm.Metrics, () => grid).get(returned.Id!)!;
  }
  let metric = names.get(alarm);
  if (!metric) {
    metric = metricName(alarm.Namespace!, alarm.MetricName!, alarm.Dimensions);
    names.set(alarm, metric);
  }
  return metricSeries(store, metric, (alarm.Statistic ?? alarm.ExtendedStatistic)!, periodOf(alarm), grid);
}

const compare = {
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
};

export const comparisonOperators = Object.keys(compare);

const words: Record<string, string> = {
  GreaterThanThreshold: 'greater than',
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

function explain(
  alarm: MetricAlarm,
  state: AlarmState,
  grid: readonly Instant[],
  series: Series,
  needed: number,
  now: Instant,
): { reason: string; reasonData: string } {
  const real = grid.filter((at) => series.has(at)).slice(-alarm.EvaluationPeriods!);
  const reasonData = JSON.stringify({
    version: '1.0',
    queryDate: timestamp(now),
    ...(real.length > 0 ? { startDate: timestamp(real[0]!) } : {}),
    statistic: alarm.Statistic ?? alarm.ExtendedStatistic,
    period: periodOf(alarm),
    recentDatapoints: real.map((at) => series.get(at)),
    threshold: alarm.Threshold,
    evaluatedDatapoints: [...real]
      .reverse()
      .map((at) => ({ timestamp: timestamp(at), value: series.get(at) })),
  });
  return { reason: reasonOf(alarm, state, real, series, needed), reasonData };
}

function reasonOf(
  alarm: MetricAlarm,
  state: AlarmState,
  real: readonly Instant[],
  series: Series,
  needed: number,
): string {
  const evaluated = alarm.EvaluationPeriods!;
  if (state === 'INSUFFICIENT_DATA') return `Insufficient Data: ${evaluated} datapoints were unknown.`;
  if (real.length === 0)
    return `Threshold Crossed: no datapoints were received for ${evaluated} periods and ${evaluated} missing datapoints were treated as [${alarm.TreatMissingData === 'breaching' ? 'Breaching' : 'NonBreaching'}].`;
  const breaches = compare[alarm.ComparisonOperator as keyof typeof compare];
  const relevant = real.filter((at) => breaches(series.get(at)!, alarm.Threshold!) === (state === 'ALARM'));
  const shown = relevant.map((at) => `${series.get(at)} (${shortDate(at)})`).join(', ');
  const verb = relevant.length === 1 ? 'datapoint' : 'datapoints';
  const relation = `${relevant.length === 1 ? 'was' : 'were'} ${state === 'ALARM' ? '' : 'not '}${words[alarm.ComparisonOperator!]}`;
  const minimum = state === 'ALARM' ? needed : evaluated - needed + 1;
  const transition = state === 'ALARM' ? 'OK -> ALARM' : 'ALARM -> OK';
  return `Threshold Crossed: ${relevant.length} out of the last ${evaluated} ${verb} [${shown}] ${relation} the threshold (${alarm.Threshold}) (minimum ${minimum} datapoint${minimum === 1 ? '' : 's'} for ${transition} transition).`;
}

/** CloudWatch writes the zone of its instants as +0000. */
export function timestamp(at: Instant): string {
  return new Date(at).toISOString().replace('Z', '+0000');
}

function shortDate(at: Instant): string {
  const [date, time] = new Date(at).toISOString().split('T') as [string, string];
  const [year, month, day] = date.split('-') as [string, string, string];
  return `${day}/${month}/${year.slice(2)} ${time.slice(0, 8)}`;
}
