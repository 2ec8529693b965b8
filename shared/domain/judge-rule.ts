import { breaches } from './breaches.ts';
import type { AlarmState, AlarmValue, Instant } from './observation.ts';
import type { CompiledRule } from './policy.ts';

/** Periods that are read beyond the evaluated ones: late datapoints do not count as missing. CloudWatch does not say how many it reads. */
const sparePeriods = 2;

/** How many of the newest periods a rule is judged by: CloudWatch's "evaluation range". */
export function rangeOf({ evaluationPeriods }: Pick<CompiledRule, 'evaluationPeriods'>): number {
  return evaluationPeriods + sparePeriods;
}

/**
 * The alarm of a rule that no alarm of CloudWatch watches, judged as CloudWatch judges.
 * @param known as it was found last; undefined: never, and it begins without data as an alarm does
 * @param values of the newest periods, oldest first, as many as `rangeOf` says; NaN: no datapoint; null: they could not be read
 */
export function judgeRule(
  rule: CompiledRule,
  known: AlarmState | undefined,
  values: readonly number[] | null,
  now: Instant,
): AlarmState {
  // Nothing is concluded from what could not be read: it is no breach, and no end of one.
  if (values === null) return { value: 'INSUFFICIENT_DATA', since: now, judged: 'unread' };
  const value = verdictOf(rule, values) ?? known?.value ?? 'INSUFFICIENT_DATA';
  if (known?.value === value) return { ...known, judged: 'now' };
  const turned = values.findLast((each) => !Number.isNaN(each) && breaches(rule, each));
  const datapoint = value === 'ALARM' && turned !== undefined ? { datapoint: turned } : {};
  return { value, since: now, ...datapoint, judged: 'now' };
}

/**
 * What the datapoints make of an alarm; undefined: it stays as it is. As many of the newest are judged as are evaluated; what is
 * missing is filled in only as far as it must be. The oldest breach of the evaluated periods, followed by breaches and gaps
 * alone, is an alarm though datapoints lack, once it is as old as `datapointsToAlarm`.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
function verdictOf(rule: CompiledRule, values: readonly number[]): AlarmValue | undefined {
  const { evaluationPeriods, datapointsToAlarm, missingData } = rule;
  const there = values.filter((value) => !Number.isNaN(value));
  const judged = there.slice(-evaluationPeriods);
  const bad = judged.filter((value) => breaches(rule, value)).length;
  const gaps = evaluationPeriods - judged.length;
  const filled = missingData === 'breaching' ? gaps : 0;
  if (bad + filled >= datapointsToAlarm) return 'ALARM';
  const isKnown = gaps === 0 || missingData === 'breaching' || missingData === 'notBreaching';
  // One datapoint that does not breach is enough to say that all is well, as more of them would say it too.
  if (isKnown || bad < judged.length) return 'OK';
  if (missingData === 'ignore') return undefined;
  const evaluated = values.slice(-evaluationPeriods);
  const oldest = evaluated.findIndex((value) => !Number.isNaN(value));
  const age = oldest < 0 ? 0 : evaluated.length - oldest;
  return age >= datapointsToAlarm ? 'ALARM' : 'INSUFFICIENT_DATA';
}
