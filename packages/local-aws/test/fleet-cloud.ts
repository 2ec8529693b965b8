import { Cloud } from '../src/cloud.ts';
import { type FleetServices, fleetServices } from '../src/fleet-services.ts';
import type { Principal } from '../src/service.ts';
import type { TrafficWorld } from '../src/traffic-world.ts';
import type { SteadyWorld } from './steady-world.ts';

export const startMs = Date.parse('2026-03-04T00:00:00Z');
export const image = 'ami-0123456789abcdef0';
const owner: Principal = { kind: 'owner', arn: 'arn:aws:iam::000000000000:root' };

/** A cloud with the fleet's services, a world behind it, and eyes on what it says to other services. */
export class FleetCloud<W extends TrafficWorld = SteadyWorld> {
  readonly world: W;
  readonly services: FleetServices;
  /** Events by detail type and subject, in order. */
  readonly events: { type: string; detail: Record<string, unknown> }[] = [];
  /** Calls to functions and topics. */
  readonly calls: { operation: string; input: Record<string, unknown> }[] = [];
  readonly #cloud = new Cloud({ start: startMs, seed: 7 });

  constructor(world: W) {
    this.world = world;
    this.#cloud.add(this.#recorder('events'), this.#recorder('lambda'), this.#recorder('sns'));
    this.services = fleetServices(this.#cloud, this.world);
    this.#cloud.add(...this.services.all);
    this.services.ec2.images.seed(image, 'fleet', 'arm64', startMs);
  }

  get now(): number {
    return this.#cloud.eventQueue.now();
  }

  // biome-ignore lint/suspicious/noExplicitAny: tests look into outputs of every operation.
  call(service: string, operation: string, input: unknown = {}): Promise<any> {
    return this.#cloud.call(service, operation, input, owner);
  }

  /** Lets so many seconds pass. */
  async pass(seconds: number): Promise<void> {
    await this.#cloud.eventQueue.runUntil(this.now + seconds * 1000);
  }

  at(when: number, task: () => void): void {
    this.#cloud.eventQueue.at(when, 'test', task);
  }

  async launchTemplate(name = 'fleet'): Promise<void> {
    await this.call('ec2', 'CreateLaunchTemplate', {
      LaunchTemplateName: name,
      LaunchTemplateData: { ImageId: image, InstanceType: 'c7g.xlarge', Monitoring: { Enabled: true } },
    });
  }

  /** A group over two zones of the default VPC. */
  async group(settings: Record<string, unknown> = {}): Promise<void> {
    if (!this.services.ec2.templates.templates.all().length) await this.launchTemplate();
    await this.call('autoscaling', 'CreateAutoScalingGroup', {
      AutoScalingGroupName: 'business',
      MinSize: 0,
      MaxSize: 10,
      AvailabilityZones: ['us-east-1a', 'us-east-1b'],
      LaunchTemplate: { LaunchTemplateName: 'fleet' },
      ...settings,
    });
  }

  // biome-ignore lint/suspicious/noExplicitAny: the SDK's shape, of which tests look at parts.
  async describe(name = 'business'): Promise<any> {
    const { AutoScalingGroups } = await this.call('autoscaling', 'DescribeAutoScalingGroups', {
      AutoScalingGroupNames: [name],
    });
    return AutoScalingGroups[0];
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above.
  async activities(name = 'business'): Promise<any[]> {
    return (await this.call('autoscaling', 'DescribeScalingActivities', { AutoScalingGroupName: name }))
      .Activities;
  }

  async states(name = 'business'): Promise<string[]> {
    return (await this.describe(name)).Instances.map((one: { LifecycleState: string }) => one.LifecycleState);
  }

  /** A load balancer with one listener and one target group behind it. @returns the target group's ARN */
  async balancer(type: 'application' | 'network' = 'application'): Promise<string> {
    const { Subnets } = await this.call('ec2', 'DescribeSubnets');
    const { LoadBalancers } = await this.call('elasticloadbalancing', 'CreateLoadBalancer', {
      Name: type,
      Type: type,
      Subnets: Subnets.map((subnet: { SubnetId: string }) => subnet.SubnetId),
    });
    const Protocol = type === 'application' ? 'HTTP' : 'TCP';
    const { TargetGroups } = await this.call('elasticloadbalancing', 'CreateTargetGroup', {
      Name: `${type}-targets`,
      Protocol,
      Port: 80,
      VpcId: Subnets[0].VpcId,
      HealthCheckIntervalSeconds: 15,
      UnhealthyThresholdCount: 3,
      HealthyThresholdCount: 2,
    });
    await this.call('elasticloadbalancing', 'CreateListener', {
      LoadBalancerArn: LoadBalancers[0].LoadBalancerArn,
      Port: 80,
      Protocol,
      DefaultActions: [{ Type: 'forward', TargetGroupArn: TargetGroups[0].TargetGroupArn }],
    });
    return TargetGroups[0].TargetGroupArn;
  }

  #recorder(signingName: string) {
    const record = (operation: string) => (input: Record<string, unknown>) => {
      if (operation !== 'PutEvents') this.calls.push({ operation, input });
      for (const entry of (input['Entries'] ?? []) as { DetailType: string; Detail: string }[])
        this.events.push({ type: entry.DetailType, detail: JSON.parse(entry.Detail) });
      return {};
    };
    const operations = {
      PutEvents: record('PutEvents'),
      Invoke: record('Invoke'),
      Publish: record('Publish'),
    };
    return { signingName, schemas: {}, operations };
  }
}
