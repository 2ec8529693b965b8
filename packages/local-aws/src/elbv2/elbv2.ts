import * as schemas from '@aws-sdk/client-elastic-load-balancing-v2';
import type { CloudContext } from '../cloud-context.ts';
import type { Ec2 } from '../ec2/ec2.ts';
import type { ServerWorld } from '../ec2/server-world.ts';
import type { AuthorizationTarget, Operation, ResourceType, Service } from '../service.ts';
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
  readonly #tags = new Tags();

  constructor(cloud: CloudContext, ec2: Ec2, world: ServerWorld) {
    const prober = {
      isRunning: (id: string) => ec2.instances.instances.find(id)?.State?.Name === 'running',
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
