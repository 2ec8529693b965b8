import { describe, expect, it } from 'vitest';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import { warnings } from '../../../shared/fleet/warnings.ts';

const queue =
  'metric: { namespace: AWS/SQS, metricName: ApproximateNumberOfMessagesVisible, dimensions: { QueueName: jobs }, statistic: Maximum, perServer: false }';
const low = `low: { ${queue}, comparisonOperator: LessThanThreshold, threshold: 1, period: 60, evaluationPeriods: 5, scalingAdjustment: -1 }`;
const cpuHigh =
  'high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 60, evaluationPeriods: 1, scalingAdjustment: 1 }';
const byCpu = 'targets: [{ metric: cpu, targetValue: 50 }]';

/** A group that may have no servers at all. */
const file = (...lines: string[]) =>
  `name: shop\ngroups:\n  web:\n    existing: web-asg\n    minSize: 0\n    maxSize: 10\n${lines.map((line) => `    ${line}\n`).join('')}`;
const warned = (text: string) =>
  warnings(readFleet(text)).flatMap(({ path, message }) =>
    path.startsWith('groups.web.minSize') ? [message] : [],
  );

describe('A group that goes down to zero', () => {
  it('is woken by a target on a fleet total, such as the messages of a queue', () => {
    expect(warned(file(`targets: [{ ${queue}, targetValue: 100 }]`))).toEqual([]);
  });

  const asleep = {
    'a window of +50 %': [
      'schedules: { office: { start: "0 9 * * *", end: "0 18 * * *", scalingAdjustment: 50% } }',
      byCpu,
    ],
    'a window with a maximum only': [
      'schedules: { night: { start: "0 18 * * *", end: "0 9 * * *", maxSize: 2 } }',
      byCpu,
    ],
    'a rule of +50 % without a least': [
      'alarms:',
      `  backlog: { ${queue}, comparisonOperator: GreaterThanThreshold, threshold: 100, period: 60, evaluationPeriods: 1, adjustmentType: PercentChangeInCapacity, scalingAdjustment: 50 }`,
      `  ${low}`,
    ],
    'a total that only scales in': ['alarms:', `  ${cpuHigh}`, `  ${low}`],
  };
  for (const [what, lines] of Object.entries(asleep)) {
    it(`is not woken by ${what}, and the file says so`, () => {
      expect(warned(file(...lines))).toHaveLength(1);
    });
  }
});
