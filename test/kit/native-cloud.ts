import { Deployed } from './deployed.ts';

/** A minute's requests, by the minute since the cloud began. */
export type Load = (minute: number) => number;

/** How servers of these groups are played, and in the backtest beside it. */
export const model = { requestsPerSecondPerServer: 100, bootSeconds: 60 } as const;

/** A business day: quiet at night, twice as much from 11:00 to 13:00, Asia/Shanghai, with the cloud's start at 8:00. */
export function lunchLoad(peakServers: number): Load {
  return (minute) => {
    const hour = (8 + minute / 60) % 24;
    const day = Math.max(0.15, Math.sin(((hour - 6) / 16) * Math.PI));
    const lunch = hour >= 11 && hour < 13 ? 2 : 1;
    const wave = 1 + 0.03 * Math.sin(minute * 1.7);
    return (peakServers / 2) * 100 * 60 * 0.6 * day * lunch * wave;
  };
}

/** The local cloud with groups as somebody has them who comes to Rushhour: scaled by AWS alone. */
export class NativeCloud extends Deployed {
  readonly start: number;

  constructor(loads: Readonly<Record<string, Load>>, start = '2026-03-04T00:00:00Z') {
    const from = Date.parse(start);
    const models = Object.entries(loads).map(
      ([group, load]) => [group, { ...model, load: (at: number) => load((at - from) / 60_000) }] as const,
    );
    super(start, Object.fromEntries(models));
    this.start = from;
  }

  async nativeGroup(name: string, settings: object = {}): Promise<void> {
    const { LaunchTemplates } = await this.call('ec2', 'DescribeLaunchTemplates', {});
    if (LaunchTemplates.length === 0) await this.#template();
    await this.call('autoscaling', 'CreateAutoScalingGroup', {
      AutoScalingGroupName: name,
      MinSize: 2,
      MaxSize: 12,
      DesiredCapacity: 3,
      DefaultCooldown: 300,
      DefaultInstanceWarmup: 120,
      AvailabilityZones: ['us-east-1a', 'us-east-1b'],
      LaunchTemplate: { LaunchTemplateName: 'native', Version: '$Latest' },
      ...settings,
    });
  }

  async #template(): Promise<void> {
    const { Images } = await this.call('ec2', 'DescribeImages', {});
    const arm = Images.find(({ Architecture }: { Architecture: string }) => Architecture === 'arm64');
    await this.call('ec2', 'CreateLaunchTemplate', {
      LaunchTemplateName: 'native',
      LaunchTemplateData: { ImageId: arm.ImageId, InstanceType: 'c7g.large', Monitoring: { Enabled: true } },
    });
  }

  action(group: string, name: string, settings: object): Promise<void> {
    return this.call('autoscaling', 'PutScheduledUpdateGroupAction', {
      AutoScalingGroupName: group,
      ScheduledActionName: name,
      ...settings,
    });
  }

  /** @returns its ARN */
  async policy(group: string, name: string, settings: object): Promise<string> {
    const input = { AutoScalingGroupName: group, PolicyName: name, ...settings };
    return (await this.call('autoscaling', 'PutScalingPolicy', input)).PolicyARN;
  }

  /** An alarm on the CPU of a group, that calls a policy. */
  cpuAlarm(group: string, policyArn: string, settings: object): Promise<void> {
    return this.call('monitoring', 'PutMetricAlarm', {
      Namespace: 'AWS/EC2',
      MetricName: 'CPUUtilization',
      Dimensions: [{ Name: 'AutoScalingGroupName', Value: group }],
      Statistic: 'Average',
      AlarmActions: [policyArn],
      ...settings,
    });
  }

  /** An application load balancer with one target group. @returns the ARN of the target group, and the label of both */
  async balancer(name: string): Promise<{ targetGroupArn: string; label: string }> {
    const { Subnets } = await this.call('ec2', 'DescribeSubnets', {});
    const elb = (operation: string, input: object) => this.call('elasticloadbalancing', operation, input);
    const { LoadBalancers } = await elb('CreateLoadBalancer', {
      Name: name,
      Type: 'application',
      Subnets: Subnets.slice(0, 2).map(({ SubnetId }: { SubnetId: string }) => SubnetId),
    });
    const { TargetGroups } = await elb('CreateTargetGroup', {
      Name: name,
      Protocol: 'HTTP',
      Port: 80,
      VpcId: Subnets[0].VpcId,
    });
    const [{ LoadBalancerArn }] = LoadBalancers;
    const [{ TargetGroupArn }] = TargetGroups;
    const DefaultActions = [{ Type: 'forward', TargetGroupArn }];
    await elb('CreateListener', { LoadBalancerArn, Protocol: 'HTTP', Port: 80, DefaultActions });
    const [balancer, group] = [LoadBalancerArn.split(':loadbalancer/')[1], TargetGroupArn.split(':').at(-1)];
    return { targetGroupArn: TargetGroupArn, label: `${balancer}/${group}` };
  }

  async desired(group: string): Promise<number> {
    return (await this.group(group)).DesiredCapacity;
  }
}
