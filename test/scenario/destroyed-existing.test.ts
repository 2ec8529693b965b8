import { afterAll, expect, it } from 'vitest';
import { Deployed } from '../kit/deployed.ts';

const fleet = `name: shop
groups:
  web:
    existing: web-asg
    minSize: 2
    maxSize: 6
    schedules: { day: { start: "0 1 * * *", end: "0 9 * * *", scalingAdjustment: 2 } }
`;
const account = new Deployed('2026-03-04T00:30:00Z', {
  'web-asg': { requestsPerSecondPerServer: 100, bootSeconds: 600, load: () => 6000 },
});
afterAll(() => account[Symbol.asyncDispose]());

it('a fleet of groups that existed leaves no activity in progress when it is destroyed, and the group as it is', async () => {
  const { Images } = await account.call('ec2', 'DescribeImages', {});
  const { ImageId } = Images.find(({ Architecture }: { Architecture: string }) => Architecture === 'arm64');
  const LaunchTemplateData = { ImageId, InstanceType: 'c7g.large', Monitoring: { Enabled: true } };
  await account.call('ec2', 'CreateLaunchTemplate', { LaunchTemplateName: 'web', LaunchTemplateData });
  await account.call('autoscaling', 'CreateAutoScalingGroup', {
    AutoScalingGroupName: 'web-asg',
    MinSize: 2,
    MaxSize: 6,
    DesiredCapacity: 2,
    AvailabilityZones: ['us-east-1a', 'us-east-1b'],
    LaunchTemplate: { LaunchTemplateName: 'web', Version: '$Latest' },
    // Servers that launch wait for somebody who never comes: the scale-out stays under way.
    LifecycleHookSpecificationList: [
      {
        LifecycleHookName: 'boot',
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
        HeartbeatTimeout: 3600,
      },
    ],
  });
  await account.deploy(fleet);
  await account.pass(32 * 60);
  expect(await rows()).toMatchObject([{ from: 2, to: 4, status: 'InProgress', ended: false }]);
  await account.destroy('shop-web');
  await account.destroy('shop-scaler');
  expect(await rows()).toMatchObject([{ from: 2, to: 4, status: 'Cancelled', ended: true }]);
  expect((await account.group('web-asg')).DesiredCapacity).toBe(4);
});

/** Changes of capacity as the table has them, which outlives the stacks. */
async function rows() {
  const { Items } = await account.call('dynamodb', 'Scan', { TableName: 'shop-activities' });
  return Items.map((item: Record<string, { S?: string; N?: string }>) => ({
    from: Number(item['from']?.N),
    to: Number(item['to']?.N),
    status: item['statusCode']?.S,
    ended: item['endedAt'] !== undefined,
  })).filter(({ from, to }: { from: number; to: number }) => to > from);
}
