import { expect, it } from 'vitest';
import { Deployed } from '../kit/deployed.ts';

/** A group of ten servers at its target, behind a load balancer that is about to be replaced. */
async function behindOld(account: Deployed) {
  const { Images } = await account.call('ec2', 'DescribeImages', {});
  const { Subnets } = await account.call('ec2', 'DescribeSubnets', {});
  const { Vpcs } = await account.call('ec2', 'DescribeVpcs', {});
  const ImageId = Images.find(
    ({ Architecture }: { Architecture: string }) => Architecture === 'arm64',
  ).ImageId;
  const subnets = Subnets.slice(0, 2).map(({ SubnetId }: { SubnetId: string }) => SubnetId);
  const elb = (operation: string, input: object) => account.call('elasticloadbalancing', operation, input);
  const balancer = async (Name: string): Promise<string> => {
    const made = await elb('CreateLoadBalancer', { Name, Subnets: subnets, Scheme: 'internal' });
    return made.LoadBalancers[0].LoadBalancerArn;
  };
  const targets = await elb('CreateTargetGroup', {
    Name: 'web',
    Protocol: 'HTTP',
    Port: 80,
    VpcId: Vpcs[0].VpcId,
    TargetType: 'instance',
    HealthCheckIntervalSeconds: 15,
    HealthyThresholdCount: 2,
  });
  const targetGroup: string = targets.TargetGroups[0].TargetGroupArn;
  const listen = async (LoadBalancerArn: string): Promise<string> => {
    const DefaultActions = [{ Type: 'forward', TargetGroupArn: targetGroup }];
    const made = await elb('CreateListener', { LoadBalancerArn, Port: 80, Protocol: 'HTTP', DefaultActions });
    return made.Listeners[0].ListenerArn;
  };
  const [before, after] = [await balancer('old'), await balancer('new')];
  const listener = await listen(before);
  await account.call('ec2', 'CreateLaunchTemplate', {
    LaunchTemplateName: 'web',
    LaunchTemplateData: { ImageId, InstanceType: 'c7g.large', Monitoring: { Enabled: true } },
  });
  await account.call('autoscaling', 'CreateAutoScalingGroup', {
    AutoScalingGroupName: 'web-asg',
    MinSize: 2,
    MaxSize: 20,
    DesiredCapacity: 10,
    VPCZoneIdentifier: subnets.join(','),
    LaunchTemplate: { LaunchTemplateName: 'web', Version: '$Latest' },
    HealthCheckGracePeriod: 300,
    TargetGroupARNs: [targetGroup],
  });
  const move = async () => {
    await elb('DeleteListener', { ListenerArn: listener });
    await listen(after);
  };
  return { targetGroup, before, after, move };
}

it('goes on scaling by the same load when its target group has moved to another load balancer', async () => {
  const model = { requestsPerSecondPerServer: 100, bootSeconds: 60, load: () => 500 * 60 };
  await using account = new Deployed('2026-03-04T00:00:00Z', { 'web-asg': model });
  const { targetGroup, before, move } = await behindOld(account);
  await account.deploy(
    `name: shop\ngroups:\n  web:\n    existing: web-asg\n    minSize: 2\n    maxSize: 20\n    loadBalancer: { targetGroupArns: ["${targetGroup}"], loadBalancerArn: "${before}" }\n    targets: [{ metric: requestsPerTarget, targetValue: 50 }]\n`,
  );
  await account.pass(1200);
  expect((await account.group('web-asg')).DesiredCapacity).toBe(10);
  await move();
  await account.pass(1200);
  expect((await account.group('web-asg')).DesiredCapacity).toBe(10);
});
