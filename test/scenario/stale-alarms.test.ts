import { expect, it } from 'vitest';
import { activityJson } from '../../shared/engine/activity-json.ts';
import { alarmName } from '../../shared/fleet/names.ts';
import { Stage } from '../kit/stage.ts';

const arn = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012';
const targetGroup = `${arn}:targetgroup/web/0123456789abcdef`;

it('mails people once when a target group has moved and its alarms have not', async () => {
  const rule =
    'comparisonOperator: GreaterThanThreshold, threshold: 400, period: 60, evaluationPeriods: 2, scalingAdjustment: 2';
  const stage = new Stage(
    `name: shop\ngroups:\n  web:\n    existing: web-asg\n    minSize: 2\n    maxSize: 9\n    loadBalancer: { targetGroupArns: ["${targetGroup}"], loadBalancerArn: "${arn}:loadbalancer/app/old/1" }\n    alarms: { busy: { metric: requestsPerSecond, ${rule} } }\n`,
    { start: '2026-03-04T10:00:00Z', desired: 4 },
  );
  const { groups, alarms } = stage.ports;
  groups.put({ ...groups.get('web-asg'), trafficSources: [targetGroup] });
  groups.putLoadBalancer(targetGroup, `${arn}:loadbalancer/app/old/1`);
  alarms.set(alarmName(stage.scaler.fleet, 'web', 'busy'), 'OK', stage.now, 'app/old/1');
  await stage.playUntil('2026-03-04T10:10:00Z');
  expect(stage.history('web').filter(({ reason }) => reason === 'AlarmsStale')).toEqual([]);
  groups.putLoadBalancer(targetGroup, `${arn}:loadbalancer/app/new/2`);
  await stage.playUntil('2026-03-04T10:30:00Z');
  const stale = stage.history('web').filter(({ reason }) => reason === 'AlarmsStale');
  expect(stale.map((row) => activityJson(row, stage.scaler.english))).toMatchObject([
    { statusCode: 'Failed', message: expect.stringContaining('has left for app/new/2') },
  ]);
});
