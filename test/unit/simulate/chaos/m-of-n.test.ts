import { expect, it } from 'vitest';
import { alarmFrom } from '../../../../simulate/chaos/m-of-n.ts';

const sampleOf: Readonly<Record<string, number>> = { '-': Number.NaN, '0': 50, X: 90 };

function verdicts(marks: string, datapointsToAlarm: number) {
  const values = [...marks].map((mark) => sampleOf[mark]!);
  const rule = { comparisonOperator: 'GreaterThanThreshold', threshold: 70, evaluationPeriods: 3 } as const;
  return (['missing', 'ignore', 'breaching', 'notBreaching'] as const).map((treatMissingData) =>
    alarmFrom({ ...rule, datapointsToAlarm, treatMissingData }, values),
  );
}

/** The rows of CloudWatch's page, "If some data points are missing"; undefined: the state is retained. */
it.each([
  ['0-X-X', 3, ['OK', 'OK', 'OK', 'OK']],
  ['----0', 3, ['OK', 'OK', 'OK', 'OK']],
  ['-----', 3, ['INSUFFICIENT_DATA', undefined, 'ALARM', 'OK']],
  ['0XX-X', 3, ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  ['--X--', 3, ['ALARM', undefined, 'ALARM', 'OK']],
  ['0-X-X', 2, ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  ['00X0X', 2, ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  ['0-X--', 2, ['OK', 'OK', 'ALARM', 'OK']],
  ['----X', 2, ['INSUFFICIENT_DATA', undefined, 'ALARM', 'OK']],
  ['---X-', 2, ['ALARM', undefined, 'ALARM', 'OK']],
])("the fault simulator's own judge has %s with %i of 3 as CloudWatch has it", (marks, needed, expected) => {
  expect(verdicts(marks, needed)).toEqual(expected);
});
