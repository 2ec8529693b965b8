import { expect, it } from 'vitest';
import { inEnglish } from '../kit/in-english.ts';
import { Stage } from '../kit/stage.ts';

const balancer = `    loadBalancer: { targetGroupArns: ["arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef"], loadBalancerArn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/0123456789abcdef" }`;
const low =
  '      cpu-low: { metric: cpu, comparisonOperator: LessThanThreshold, threshold: 30, period: 60, evaluationPeriods: 3, scalingAdjustment: -1, cooldown: 300 }';
const wakesOn = (metricName: string, more = '') =>
  `name: shop\ngroups:\n  web:\n    existing: web-asg\n    minSize: 0\n    maxSize: 6\n${balancer}\n    alarms:\n      wake: { metric: { namespace: AWS/ApplicationELB, metricName: ${metricName}, dimensions: { LoadBalancer: app/web/0123456789abcdef }, statistic: Sum, perServer: false }, comparisonOperator: GreaterThanThreshold, threshold: 0, period: 60, evaluationPeriods: 1, scalingAdjustment: 1${more} }\n${low}\n`;

/** A group that an alarm has woken from zero, whose alarm has no data since: nobody was turned away any more. */
async function wokenOnce(file: string): Promise<Stage> {
  const stage = new Stage(file, { start: '2026-03-04T10:00:00Z', desired: 0 });
  stage.cpu = 3;
  stage.alarm('web', 'wake', 'INSUFFICIENT_DATA');
  stage.alarm('web', 'cpu-low', 'INSUFFICIENT_DATA');
  await stage.playUntil('2026-03-04T10:05:00Z');
  stage.alarm('web', 'wake', 'ALARM');
  await stage.playUntil('2026-03-04T10:10:00Z');
  expect(stage.desired('web')).toBe(1);
  stage.alarm('web', 'wake', 'INSUFFICIENT_DATA');
  stage.alarm('web', 'cpu-low', 'ALARM');
  return stage;
}

it('lets a group that 503s have woken go back to zero when it is idle', async () => {
  const stage = await wokenOnce(wakesOn('HTTPCode_ELB_503_Count'));
  await stage.playUntil('2026-03-04T13:00:00Z');
  expect(stage.desired('web')).toBe(0);
});

it('keeps a group up that a count of its own has woken, until the file says what its silence means', async () => {
  const own = wakesOn('Refused').replace('AWS/ApplicationELB', 'Shop');
  const silent = await wokenOnce(own);
  await silent.playUntil('2026-03-04T13:00:00Z');
  expect(silent.desired('web')).toBe(1);
  expect(silent.history('web').at(-1)).toMatchObject({ reason: 'AlarmDataMissing' });
  const said = await wokenOnce(
    own.replace(
      'evaluationPeriods: 1, scaling',
      'evaluationPeriods: 1, treatMissingData: notBreaching, scaling',
    ),
  );
  await said.playUntil('2026-03-04T13:00:00Z');
  expect(said.desired('web')).toBe(0);
});

it('says of a window that opens over nothing that a percentage of it is nothing', async () => {
  const stage = new Stage(
    'name: shop\ngroups:\n  web:\n    existing: web-asg\n    minSize: 0\n    maxSize: 10\n    schedules: { office: { start: "0 9 * * *", end: "0 18 * * *", scalingAdjustment: 50% } }\n',
    { start: '2026-03-04T08:00:00Z', desired: 0 },
  );
  await stage.playUntil('2026-03-04T12:00:00Z');
  expect(stage.history('web').map(({ reason, why }) => `${reason} ${inEnglish(why)}`)).toContain(
    "WindowOpened window 'office' opened (+50% of 0 is 0)",
  );
});
