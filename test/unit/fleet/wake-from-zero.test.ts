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

  const awake = {
    'a window that adds servers': [
      'schedules: { office: { start: "0 9 * * *", end: "0 18 * * *", scalingAdjustment: 2 } }',
      byCpu,
    ],
    'a window that asks for some': [
      'schedules: { office: { start: "0 9 * * *", end: "0 18 * * *", minSize: 1 } }',
      byCpu,
    ],
    'a rule of +50 % that adds one at least': [
      'alarms:',
      `  backlog: { ${queue}, comparisonOperator: GreaterThanThreshold, threshold: 100, period: 60, evaluationPeriods: 1, adjustmentType: PercentChangeInCapacity, scalingAdjustment: 50, minAdjustmentMagnitude: 1 }`,
      `  ${low}`,
    ],
    'a server of its own that stays': ['instances: [i-0a5e551041adde001]', byCpu],
  };
  for (const [what, lines] of Object.entries(awake)) {
    it(`is woken by ${what}`, () => {
      expect(warned(file(...lines))).toEqual([]);
    });
  }

  const balancer =
    'loadBalancer: { targetGroupArns: ["arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/g/0a"], loadBalancerArn: "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/g/0a" }';
  it('may be woken by an objective or a target on the requests of all, and is told that a load balancer without servers counts none', () => {
    for (const asked of [
      'objective: { unserved: 1%, metric: requestsPerSecond, targetValue: 50 }',
      'targets: [{ metric: requestsPerSecond, targetValue: 50 }]',
    ]) {
      const said = warnings(readFleet(file(balancer, asked))).map(({ message }) => message);
      expect(said).toEqual([expect.stringContaining('HTTPCode_ELB_503_Count')]);
    }
  });

  it('is refused when there is nothing that could ever wake it', () => {
    expect(() => readFleet(file(byCpu))).toThrow('no CPU metric to wake it');
    expect(() =>
      readFleet(file(balancer, 'targets: [{ metric: requestsPerTarget, targetValue: 5 }]')),
    ).toThrow('fleet total');
  });
});

describe('A rule on a Sum of one’s own', () => {
  const wake = (more: string) =>
    file(
      'alarms:',
      `  wake: { metric: { namespace: Shop, metricName: Refused, statistic: Sum, perServer: false }, comparisonOperator: GreaterThanThreshold, threshold: 0, period: 60, evaluationPeriods: 1, scalingAdjustment: 1${more} }`,
      `  ${low}`,
    );
  const said = (text: string) => warnings(readFleet(text)).map(({ path }) => path);

  it('is warned of while the file does not say what its silence means', () => {
    expect(said(wake(''))).toEqual(['groups.web.alarms.wake.treatMissingData']);
    expect(said(wake(', treatMissingData: notBreaching'))).toEqual([]);
  });
});
