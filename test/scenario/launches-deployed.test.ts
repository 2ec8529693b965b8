import { afterEach, expect, it } from 'vitest';
import { Deployed } from '../kit/deployed.ts';

let account: Deployed;

afterEach(() => account[Symbol.asyncDispose]());

/** A group of three that somebody has made, attached to these target groups. */
async function takenOver(targetGroupArns: (targets: { blue: string; green: string }) => string[]) {
  account = new Deployed('2026-03-04T00:00:00Z', {
    'web-asg': { requestsPerSecondPerServer: 100, bootSeconds: 60, load: () => 6000 },
  });
  const { Images } = await account.call('ec2', 'DescribeImages', {});
  const { Subnets } = await account.call('ec2', 'DescribeSubnets', {});
  const { Vpcs } = await account.call('ec2', 'DescribeVpcs', {});
  const subnets = Subnets.slice(0, 2).map(({ SubnetId }: { SubnetId: string }) => SubnetId);
  const ImageId = Images.find(
    ({ Architecture }: { Architecture: string }) => Architecture === 'arm64',
  ).ImageId;
  const balancing = (operation: string, input: object) =>
    account.call('elasticloadbalancing', operation, input);
  const { LoadBalancers } = await balancing('CreateLoadBalancer', {
    Name: 'web',
    Subnets: subnets,
    Scheme: 'internal',
  });
  const LoadBalancerArn = LoadBalancers[0].LoadBalancerArn;
  const targets = async (Name: string): Promise<string> => {
    const check = { HealthCheckIntervalSeconds: 15, HealthyThresholdCount: 2 };
    const made = await balancing('CreateTargetGroup', {
      Name,
      Protocol: 'HTTP',
      Port: 80,
      VpcId: Vpcs[0].VpcId,
      TargetType: 'instance',
      ...check,
    });
    return made.TargetGroups[0].TargetGroupArn;
  };
  const [blue, green] = [await targets('blue'), await targets('green')];
  const DefaultActions = [{ Type: 'forward', TargetGroupArn: blue }];
  await balancing('CreateListener', { LoadBalancerArn, Port: 80, Protocol: 'HTTP', DefaultActions });
  const LaunchTemplateData = { ImageId, InstanceType: 'c7g.large', Monitoring: { Enabled: true } };
  await account.call('ec2', 'CreateLaunchTemplate', { LaunchTemplateName: 'web', LaunchTemplateData });
  await account.call('autoscaling', 'CreateAutoScalingGroup', {
    AutoScalingGroupName: 'web-asg',
    MinSize: 2,
    MaxSize: 20,
    DesiredCapacity: 3,
    VPCZoneIdentifier: subnets.join(','),
    LaunchTemplate: { LaunchTemplateName: 'web', Version: '$Latest' },
    HealthCheckGracePeriod: 300,
    TargetGroupARNs: targetGroupArns({ blue, green }),
  });
  return { blue, LoadBalancerArn };
}

async function history() {
  const rows = await account.history('shop', 'web');
  return rows.filter(({ to, from }) => from !== to);
}

it('a group that is also attached to a target group without a listener has its scale-out succeed', async () => {
  const { blue, LoadBalancerArn } = await takenOver(({ blue, green }) => [blue, green]);
  await account.deploy(
    `name: shop\ngroups:\n  web:\n    existing: web-asg\n    minSize: 2\n    maxSize: 20\n    loadBalancer: { targetGroupArns: ["${blue}"], loadBalancerArn: "${LoadBalancerArn}" }\n    schedules: { lunch: { start: "0 1 * * *", end: "0 3 * * *", scalingAdjustment: 2 } }\n`,
  );
  await account.pass(90 * 60);
  expect(await history()).toMatchObject([{ from: 3, to: 5, statusCode: 'Successful' }]);
});

it('a launch hook that nobody completes is told as launches that fail, once, with the reason that AWS gives', async () => {
  await takenOver(() => []);
  await account.deploy(
    'name: shop\nnotify: { email: [ops@example.com] }\ngroups:\n  web:\n    existing: web-asg\n    minSize: 2\n    maxSize: 20\n    schedules: { lunch: { start: "0 1 * * *", end: "0 3 * * *", scalingAdjustment: 2 } }\n',
  );
  await account.pass(1800);
  const hook = {
    LifecycleHookName: 'boot',
    LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
    HeartbeatTimeout: 120,
    DefaultResult: 'ABANDON',
  };
  await account.call('autoscaling', 'PutLifecycleHook', { AutoScalingGroupName: 'web-asg', ...hook });
  await account.pass(3600);
  const told = account.mails.filter(({ subject }) => subject.includes('LAUNCHES FAIL'));
  expect(told).toHaveLength(1);
  expect(told[0]?.text).toContain('was abandoned: Heartbeat Timeout');
  const [lunch] = await history();
  expect(lunch).toMatchObject({ statusCode: 'Failed' });
  expect(lunch!.statusMessage).toMatch(
    /^3 of 5 were ready at the deadline; launches fail \(other\): Instance failed to complete/,
  );
});
