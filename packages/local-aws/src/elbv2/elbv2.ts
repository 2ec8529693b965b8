import * as schemas from '@aws-sdk/client-elastic-load-balancing-v2';
import type { CloudContext } from '../cloud-context.ts';
import type { Ec2 } from '../ec2/ec2.ts';
import type { Network } from '../ec2/network.ts';
import type { ServerWorld } from '../ec2/server-world.ts';
import {
  type AuthorizationTarget,
  type Operation,
  type ResourceType,
  type Service,
  ServiceError,
} from '../service.ts';
import { Tags } from '../tags.ts';
import { Listeners } from './listeners.ts';
import { LoadBalancers } from './load-balancers.ts';
import { loadBalancingResources } from './resources.ts';
import { TargetGroups } from './target-groups.ts';

/** Elastic Load Balancing v2: load balancers, listeners, target groups and the health of what is registered. */
export class LoadBalancing implements Service {
  readonly signingName = 'elasticloadbalancing';
  readonly schemas = schemas as unknown as Record<string, unknown>;
  readonly operations: Record<string, Operation>;
  readonly resources: readonly ResourceType[];
  readonly targetGroups: TargetGroups;
  readonly balancers: LoadBalancers;
  readonly #cloud: CloudContext;
  readonly #network: Network;
  readonly #tags = new Tags();

  constructor(cloud: CloudContext, ec2: Ec2, world: ServerWorld) {
    this.#cloud = cloud;
    this.#network = ec2.network;
    const prober = {
      // A target of the type `ip` is any address.
      isRunning: (id: string) => isAddress(id) || ec2.instances.instances.find(id)?.State?.Name === 'running',
      isInZoneOf: (id: string, arns: readonly string[]) => {
        const zone = ec2.instances.instances.find(id)?.Placement?.AvailabilityZone;
        return zone === undefined || arns.some((arn) => this.balancers.hasZone(arn, zone));
      },
      answers: (id: string, now: number) => world.answers(id, now),
    };
    this.targetGroups = new TargetGroups(cloud, prober, this.#tags);
    this.balancers = new LoadBalancers(cloud, ec2.network, this.#tags);
    const listeners = new Listeners(cloud, this.balancers, this.targetGroups, this.#tags);
    this.operations = {
      ...this.targetGroups.operations,
      ...this.balancers.operations,
      ...listeners.operations,
      ...tagOperations(this.#tags),
    };
    // Nobody has to deregister a server that is gone.
    ec2.instances.onState((instance, state) => {
      if (state !== 'terminated') return;
      for (const group of this.targetGroups.all()) group.forget(instance.InstanceId!);
    });
    this.resources = loadBalancingResources(cloud, this.operations);
  }

  /**
   * Puts a load balancer there that exists already, with a target group of addresses behind it.
   * @throws ServiceError ValidationError for an ARN that is not of this cloud
   */
  seed(loadBalancerArn: string, targetGroupArn: string, now: number): void {
    const { region, account } = this.#cloud;
    const prefix = `arn:aws:elasticloadbalancing:${region}:${account}:`;
    const balancer = loadBalancerArn
      .replace(prefix, '')
      .match(/^loadbalancer\/(app|net)\/([^/]+)\/([0-9a-f]+)$/);
    const targets = targetGroupArn.replace(prefix, '').match(/^targetgroup\/([^/]+)\/([0-9a-f]+)$/);
    if (!balancer || !targets)
      throw new ServiceError(
        'ValidationError',
        `Expected ARNs that begin with ${prefix}: ${loadBalancerArn}, ${targetGroupArn}`,
      );
    const isNetwork = balancer[1] === 'net';
    const subnets = this.#network.subnets
      .all()
      .slice(0, 2)
      .map(({ SubnetId }) => SubnetId!);
    const Type = isNetwork ? 'network' : 'application';
    this.balancers.seed({ Name: balancer[2], Type, Subnets: subnets }, now, balancer[3]!);
    const check = { HealthCheckIntervalSeconds: 15, HealthyThresholdCount: 2, UnhealthyThresholdCount: 3 };
    const Protocol = isNetwork ? 'TCP' : 'HTTP';
    this.targetGroups.seed(
      { Name: targets[1], Protocol, Port: 80, TargetType: 'ip', ...check },
      loadBalancerArn,
      targets[2]!,
    );
  }

  authorization(operation: string, input: Record<string, unknown>): AuthorizationTarget[] {
    const action = `elasticloadbalancing:${operation}`;
    const arn = input['TargetGroupArn'] ?? input['LoadBalancerArn'] ?? input['ListenerArn'];
    if (operation.startsWith('Describe') || typeof arn !== 'string') return [{ action, resources: ['*'] }];
    return [{ action, resources: [arn], conditions: this.#tags.conditions(arn) }];
  }
}

function tagOperations(tags: Tags): Record<string, Operation> {
  return {
    AddTags({ ResourceArns = [], Tags = [] }: schemas.AddTagsInput): object {
      for (const arn of ResourceArns) tags.set(arn, Tags);
      return {};
    },
    RemoveTags({ ResourceArns = [], TagKeys = [] }: schemas.RemoveTagsInput): object {
      for (const arn of ResourceArns) tags.remove(arn, TagKeys);
      return {};
    },
    DescribeTags: ({ ResourceArns = [] }: schemas.DescribeTagsInput): schemas.DescribeTagsOutput => ({
      TagDescriptions: ResourceArns.map((ResourceArn) => ({ ResourceArn, Tags: tags.of(ResourceArn) })),
    }),
  };
}

function isAddress(id: string): boolean {
  return /^\d+(\.\d+){3}$/.test(id);
}
