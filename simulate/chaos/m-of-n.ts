import type { AlarmValue } from '../../shared/domain/observation.ts';
import type { AlarmRule } from '../../shared/fleet/rule.ts';

/** Late datapoints are waited for in so many periods more than are evaluated. */
const sparePeriods = 2;

type Judging = Pick<
  AlarmRule,
  'comparisonOperator' | 'threshold' | 'evaluationPeriods' | 'datapointsToAlarm' | 'treatMissingData'
>;

/** How many periods are looked at. */
export function periodsOf({ evaluationPeriods }: Pick<Judging, 'evaluationPeriods'>): number {
  return evaluationPeriods + sparePeriods;
}

/**
 * What M of N datapoints make of an alarm, as CloudWatch's page has it, written down once more and independently of the engine.
 * @param values of the newest periods, oldest first; NaN: missing
 * @returns undefined: the alarm stays as it is
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function alarmFrom(rule: Judging, values: readonly number[]): AlarmValue | undefined {
  const { evaluationPeriods: n, treatMissingData } = rule;
  const m = rule.datapointsToAlarm ?? n;
  const range = values.slice(-periodsOf(rule));
  const marks = range.map((value): string => (Number.isNaN(value) ? '-' : isBreach(rule, value) ? 'X' : '0'));
  // The newest N that are there; what lacks to N is treated as the rule says.
  let judged = marks.filter((mark) => mark !== '-').slice(-n);
  const lacking = Array.from({ length: n - judged.length });
  if (treatMissingData === 'breaching') judged = [...judged, ...lacking.map(() => 'X')];
  if (treatMissingData === 'notBreaching') judged = [...judged, ...lacking.map(() => '0')];
  if (judged.filter((mark) => mark === 'X').length >= m) return 'ALARM';
  if (judged.length === n || judged.includes('0')) return 'OK';
  if (treatMissingData === 'ignore') return undefined;
  // Of the evaluated periods, the oldest that is there breaches, and nothing after it says otherwise: it is long enough ago.
  const newest = marks.slice(-n).join('');
  const since = newest.indexOf('X');
  return since >= 0 && newest.length - since >= m ? 'ALARM' : 'INSUFFICIENT_DATA';
}

function isBreach({ comparisonOperator, threshold }: Judging, value: number): boolean {
  switch (comparisonOperator) {
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
  }
}
