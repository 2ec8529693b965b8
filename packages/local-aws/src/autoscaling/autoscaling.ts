import * as schemas from '@aws-sdk/client-auto-scaling';
import type { CloudContext } from '../cloud-context.ts';
import type { Ec2 } from '../ec2/ec2.ts';
import type { ServerWorld } from '../ec2/server-world.ts';
import type { LoadBalancing } from '../elbv2/elbv2.ts';
import type { AuthorizationTarget, Operation, ResourceType, Service } from '../service.ts';
import { ActivityLog } from './activities.ts';
import { CapacityLoop } from './capacity-loop.ts';
import { capacityOperations } from './capacity-operations.ts';
import { groupOperations } from './group-operations.ts';
import { Groups } from './groups.ts';
import { Health } from './health.ts';
import { hookOperations } from './hook-operations.ts';
import { refreshOperations } from './instance-refresh.ts';
import { Lifecycle } from './lifecycle.ts';
import { policyOperations } from './policy-operations.ts';
import { autoScalingResources } from './resources.ts';
import { scheduledActionOperations } from './scheduled-actions.ts';
import { standbyOperations } from './standby-operations.ts';

/** Amazon EC2 Auto Scaling. */
export class AutoScaling implements Service {
  readonly signingName = 'autoscaling';
  readonly schemas = schemas as unknown as Record<string, unknown>;
  readonly operations: Record<string, Operation>;
  readonly resources: readonly ResourceType[];
  readonly groups: Groups;

  constructor(cloud: CloudContext, ec2: Ec2, balancing: LoadBalancing, world: ServerWorld) {
    const log = new ActivityLog(cloud);
    const lifecycle = new Lifecycle(cloud);
    const { targetGroups } = balancing;
    const groupOf = (id: string) => this.groups.groupOf(id);
    const capacityLoop = new CapacityLoop(cloud, ec2, targetGroups, log, lifecycle, groupOf);
    const health = new Health(cloud, ec2, targetGroups, world, capacityLoop);
    this.groups = new Groups(cloud, (group) => capacityLoop.wake(group));
    const operations = groupOperations(cloud, ec2, this.groups, capacityLoop);
    const create = operations['CreateAutoScalingGroup']!;
    this.operations = {
      ...operations,
      CreateAutoScalingGroup: (input, call) => {
        create(input, call);
        const group = this.groups.get(input.AutoScalingGroupName);
        health.watch(group, () => this.groups.find(group.name) === group);
      },
      ...capacityOperations(ec2, targetGroups, this.groups, capacityLoop, log),
      ...standbyOperations(this.groups, capacityLoop, log),
      ...hookOperations(this.groups, lifecycle),
      ...refreshOperations(cloud, this.groups, capacityLoop),
      ...scheduledActionOperations(cloud, this.groups),
      ...policyOperations(cloud, this.groups),
    };
    this.resources = autoScalingResources(cloud, this.groups, this.operations);
  }

  /** Writes are on a group, by ARN and by its tags; `Describe*` takes no resource. */
  authorization(operation: string, input: Record<string, unknown>): AuthorizationTarget[] {
    const action = `autoscaling:${operation}`;
    if (operation.startsWith('Describe')) return [{ action, resources: ['*'] }];
    const tagged = (input['Tags'] as { ResourceId?: string }[] | undefined)?.[0]?.ResourceId;
    const name = (input['AutoScalingGroupName'] as string | undefined) ?? tagged;
    const group = this.groups.find(name) ?? this.groups.groupOf(String(input['InstanceId']));
    if (!group) return [{ action, resources: ['*'] }];
    const tags = group.tags.map((tag) => [`aws:ResourceTag/${tag.Key}`, tag.Value ?? '']);
    const legacy = group.tags.map((tag) => [`autoscaling:ResourceTag/${tag.Key}`, tag.Value ?? '']);
    return [{ action, resources: [group.arn], conditions: Object.fromEntries([...tags, ...legacy]) }];
  }
}
