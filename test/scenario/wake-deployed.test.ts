import { expect, it } from 'vitest';
import { Deployed } from '../kit/deployed.ts';

const start = Date.parse('2026-03-04T00:00:00Z');
const minute = 60_000;
const opens = start + 30 * minute;
const closes = start + 90 * minute;

/** A group of no servers behind an application load balancer, made by hand. */
async function asleep(account: Deployed) {
  const { Images } = await account.call('ec2', 'DescribeImages', {});
  const { Subnets } = await account.call('ec2', 'DescribeSubnets', {});
  const { Vpcs } = await account.call('ec2', 'DescribeVpcs', {});
  const elb = (operation: string, input: object) => account.call('elasticloadbalancing', operation, input);
  const subnets = Subnets.slice(0, 2).map(({ SubnetId }: { SubnetId: string }) => SubnetId);
  const balancers = await elb('CreateLoadBalancer', { Name: 'web', Subnets: subnets, Scheme: 'internal' });
  const balancer: string = balancers.LoadBalancers[0].LoadBalancerArn;
  const target = { Name: 'web', Protocol: 'HTTP', Port: 80, VpcId: Vpcs[0].VpcId, TargetType: 'instance' };
  const targetGroup: string = (await elb('CreateTargetGroup', target)).TargetGroups[0].TargetGroupArn;
  const DefaultActions = [{ Type: 'forward', TargetGroupArn: targetGroup }];
  await elb('CreateListener', { LoadBalancerArn: balancer, Port: 80, Protocol: 'HTTP', DefaultActions });
  const arm = Images.find(({ Architecture }: { Architecture: string }) => Architecture === 'arm64');
  await account.call('ec2', 'CreateLaunchTemplate', {
    LaunchTemplateName: 'web',
    LaunchTemplateData: {
      ImageId: arm.ImageId,
      InstanceType: 'c7g.large',
      Monitoring: { Enabled: true },
    },
  });
  await account.call('autoscaling', 'CreateAutoScalingGroup', {
    AutoScalingGroupName: 'web-asg',
    MinSize: 0,
    MaxSize: 4,
    DesiredCapacity: 0,
    VPCZoneIdentifier: subnets.join(','),
    LaunchTemplate: { LaunchTemplateName: 'web', Version: '$Latest' },
    HealthCheckGracePeriod: 300,
    TargetGroupARNs: [targetGroup],
  });
  return { balancer, targetGroup, dimension: balancer.split(':loadbalancer/')[1]! };
}

it('wakes a group of no servers by the 503s of its load balancer, and lets it go back to none when nobody comes', async () => {
  const load = (at: number) => (at >= opens && at < closes ? 20 * 60 : 0);
  const model = { requestsPerSecondPerServer: 100, bootSeconds: 60, load };
  await using account = new Deployed(new Date(start).toISOString(), { 'web-asg': model });
  const { balancer, targetGroup, dimension } = await asleep(account);
  await account.deploy(`name: shop
groups:
  web:
    existing: web-asg
    minSize: 0
    maxSize: 4
    loadBalancer: { targetGroupArns: ["${targetGroup}"], loadBalancerArn: "${balancer}" }
    alarms:
      wake: { metric: { namespace: AWS/ApplicationELB, metricName: HTTPCode_ELB_503_Count, dimensions: { LoadBalancer: ${dimension} }, statistic: Sum, perServer: false }, treatMissingData: notBreaching, comparisonOperator: GreaterThanThreshold, threshold: 0, period: 60, evaluationPeriods: 1, scalingAdjustment: 1 }
      cpu-low: { metric: cpu, comparisonOperator: LessThanThreshold, threshold: 10, period: 60, evaluationPeriods: 3, scalingAdjustment: -1, cooldown: 300 }
`);
  const desired = async () => (await account.group('web-asg')).DesiredCapacity;
  const until = (at: number) => account.pass((at - account.now) / 1000);
  await until(opens);
  expect(await desired()).toBe(0);

  await until(opens + 15 * minute);
  const counted = async (MetricName: string) => {
    const of = await account.call('monitoring', 'GetMetricStatistics', {
      Namespace: 'AWS/ApplicationELB',
      MetricName,
      Dimensions: [{ Name: 'LoadBalancer', Value: dimension }],
      StartTime: new Date(opens),
      EndTime: new Date(account.now),
      Period: 60,
      Statistics: ['Sum'],
    });
    return of.Datapoints.map(({ Sum }: { Sum: number }) => Sum);
  };
  const refused = await counted('HTTPCode_ELB_503_Count');
  expect(refused[0]).toBe(20 * 60);
  expect(refused.length).toBeLessThan(10);
  expect(await desired()).toBe(1);
  expect((await counted('RequestCount')).length).toBeGreaterThan(0);

  await until(closes - minute);
  expect(await desired()).toBe(1);
  await until(closes + 60 * minute);
  expect(await desired()).toBe(0);
});
