export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
export type MissingData = 'missing' | 'notBreaching' | 'breaching' | 'ignore';

/** One period of an alarm's evaluation range: whether it breaches, or undefined where there is no datapoint. */
export type Breach = boolean | undefined;

/**
 * Says what state the periods of an evaluation range, oldest first, put an alarm into; undefined keeps the state.
 * The range holds more periods than are evaluated, so that late data do not count as missing.
 *
 * Source: "How alarm state is evaluated when data is missing", Amazon CloudWatch user guide.
 */
export function judge(
  range: readonly Breach[],
  evaluationPeriods: number,
  datapointsToAlarm: number,
  treatMissingData: MissingData,
): AlarmState | undefined {
  const real = range.filter((breach) => breach !== undefined);
  if (real.length >= evaluationPeriods)
    return count(real.slice(-evaluationPeriods)) >= datapointsToAlarm ? 'ALARM' : 'OK';

  const breaching = count(real);
  const missing = evaluationPeriods - real.length;
  if (treatMissingData === 'breaching') return breaching + missing >= datapointsToAlarm ? 'ALARM' : 'OK';
  if (treatMissingData === 'notBreaching' || breaching >= datapointsToAlarm)
    return breaching >= datapointsToAlarm ? 'ALARM' : 'OK';
  if (breaching < real.length) return 'OK';
  if (treatMissingData === 'ignore') return undefined;
  // Data that stop right after a breach: the alarm must not wait for datapoints that may never come.
  const ageOfOldest = range.slice(-evaluationPeriods).indexOf(true);
  const premature = ageOfOldest >= 0 && evaluationPeriods - ageOfOldest >= datapointsToAlarm;
  return premature ? 'ALARM' : 'INSUFFICIENT_DATA';
}

function count(breaches: readonly Breach[]): number {
  return breaches.filter((breach) => breach === true).length;
}
