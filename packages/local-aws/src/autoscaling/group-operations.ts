import type {
  AutoScalingGroup,
  AutoScalingGroupNamesType,
  CreateAutoScalingGroupType,
  CreateOrUpdateTagsType,
  DeleteAutoScalingGroupType,
  DescribeAutoScalingInstancesType,
  DescribeTagsType,
  Filter,
  TagDescription,
  UpdateAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import type { CloudContext } from '../cloud-context.ts';
import type { Ec2 } from '../ec2/ec2.ts';
import { page } from '../page.ts';
import { type Operation, ServiceError } from '../service.ts';
import type { CapacityLoop } from './capacity-loop.ts';
import { describeGroup, describeMember } from './description.ts';
import type { Group } from './group.ts';
import { assertSizes, type Groups, instant, validation } from './groups.ts';

const policies = [
  'Default',
  'AllocationStrategy',
  'OldestLaunchTemplate',
  'OldestLaunchConfiguration',
  'OldestInstance',
  'NewestInstance',
  'ClosestToNextInstanceHour',
];

/** Groups themselves: made, changed, described, deleted, tagged. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a table of operations, each of them short.
export function groupOperations(
  cloud: CloudContext,
  ec2: Ec2,
  groups: Groups,
  capacityLoop: CapacityLoop,
): Record<string, Operation> {
  const settings = (input: CreateAutoScalingGroupType | UpdateAutoScalingGroupType): Partial<Group> => {
    const subnetIds = input.VPCZoneIdentifier?.split(',').map((id) => id.trim());
    const zones =
      subnetIds?.map((id) => ec2.network.subnets.get(id).AvailabilityZone!) ?? input.AvailabilityZones;
    const template =
      input.LaunchTemplate ?? input.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
    if (template) ec2.templates.version(template);
    const unknown = input.TerminationPolicies?.find(
      (policy) => !policies.includes(policy) && !policy.startsWith('arn:'),
    );
    if (unknown) throw validation(`Invalid termination policy ${unknown}`);
    const given = {
      defaultCooldown: input.DefaultCooldown,
      subnetIds: subnetIds ?? zones?.map((zone) => ec2.network.defaultSubnet(zone).SubnetId!),
      zones: zones && [...new Set(zones)],
      healthCheckType: input.HealthCheckType,
      gracePeriodSeconds: input.HealthCheckGracePeriod,
      defaultInstanceWarmup: input.DefaultInstanceWarmup === -1 ? 0 : input.DefaultInstanceWarmup,
      terminationPolicies: input.TerminationPolicies,
      protectNew: input.NewInstancesProtectedFromScaleIn,
      capacityRebalance: input.CapacityRebalance,
      maxInstanceLifetime: input.MaxInstanceLifetime,
      ...(template
        ? { launchTemplate: input.LaunchTemplate, mixedInstances: input.MixedInstancesPolicy }
        : {}),
    };
    return Object.fromEntries(
      Object.entries(given).filter(
        ([key, value]) => value !== undefined || key === 'launchTemplate' || key === 'mixedInstances',
      ),
    );
  };

  const create = (input: CreateAutoScalingGroupType): void => {
    const { MinSize, MaxSize, DesiredCapacity, AutoScalingGroupName: name } = input;
    if (MinSize === undefined || MaxSize === undefined) throw validation('MinSize and MaxSize are required');
    if (groups.find(name))
      throw new ServiceError(
        'AlreadyExists',
        `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`,
      );
    assertSizes(MinSize, MaxSize, DesiredCapacity);
    if (!input.LaunchTemplate && !input.MixedInstancesPolicy)
      throw validation(
        'Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.',
      );
    if (!input.VPCZoneIdentifier && !input.AvailabilityZones?.length)
      throw validation('At least one Availability Zone or VPC Subnet is required.');
    const group: Group = { ...blank(cloud, name!), ...settings(input), minSize: MinSize, maxSize: MaxSize };
    group.targetGroupArns = [
      ...(input.TargetGroupARNs ?? []),
      ...(input.TrafficSources ?? []).map((source) => source.Identifier!),
    ];
    group.tags = (input.Tags ?? []).map((tag) => described(tag, name!));
    for (const hook of input.LifecycleHookSpecificationList ?? [])
      group.hooks.set(hook.LifecycleHookName!, {
        AutoScalingGroupName: name,
        DefaultResult: 'ABANDON',
        HeartbeatTimeout: 3600,
        ...hook,
      });
    const desired = DesiredCapacity ?? MinSize;
    groups.add(group);
    groups.changeDesired(group, desired, 'a user request created an AutoScalingGroup');
  };

  const remove = (group: Group, force: boolean): void => {
    if (group.members.size > 0 && !force)
      throw new ServiceError(
        'ResourceInUse',
        'You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.',
      );
    group.deleting = true;
    Object.assign(group, { minSize: 0, maxSize: 0, desired: 0 });
    for (const member of group.members.values())
      capacityLoop.terminate(
        group,
        member,
        `At ${instant(cloud.eventQueue.now())} a user request force deleted AutoScalingGroup: ${group.name}.`,
      );
    removeWhenEmpty(cloud, groups, group);
  };

  return {
    CreateAutoScalingGroup: create,
    UpdateAutoScalingGroup(input: UpdateAutoScalingGroupType): void {
      const group = groups.get(input.AutoScalingGroupName);
      const minSize = input.MinSize ?? group.minSize;
      const maxSize = input.MaxSize ?? group.maxSize;
      assertSizes(minSize, maxSize, input.DesiredCapacity);
      const before = JSON.stringify(group.mixedInstances?.InstancesDistribution);
      Object.assign(group, settings(input));
      const after = JSON.stringify(group.mixedInstances?.InstancesDistribution);
      if (input.MixedInstancesPolicy && before !== after) group.isRepurchasing = true;
      groups.changeSizes(group, minSize, maxSize, input.DesiredCapacity);
    },
    DeleteAutoScalingGroup: (input: DeleteAutoScalingGroupType): void =>
      remove(groups.get(input.AutoScalingGroupName), input.ForceDelete ?? false),
    DescribeAutoScalingGroups(input: AutoScalingGroupNamesType & { Filters?: Filter[] }) {
      const names = input.AutoScalingGroupNames;
      if ((names?.length ?? 0) > 100) throw validation('The number of group names must be at most 100');
      // Names without a group are left out, without an error.
      const named = names?.length ? groups.all().filter((group) => names.includes(group.name)) : groups.all();
      const found = named.filter((group) => passes(group.tags, input.Filters)).map(describeGroup);
      const { items, NextToken } = page<AutoScalingGroup>(
        found,
        input.NextToken,
        input.MaxRecords ?? 50,
        100,
        'maxRecords',
      );
      return { AutoScalingGroups: items, NextToken };
    },
    DescribeAutoScalingInstances(input: DescribeAutoScalingInstancesType) {
      const AutoScalingInstances = groups.all().flatMap((group) =>
        [...group.members.values()]
          .filter((member) => input.InstanceIds?.includes(member.instanceId) ?? true)
          .map((member) => ({
            ...describeMember(member),
            AutoScalingGroupName: group.name,
            HealthStatus: member.health.toUpperCase(),
          })),
      );
      return { AutoScalingInstances };
    },
    CreateOrUpdateTags({ Tags = [] }: CreateOrUpdateTagsType): void {
      for (const tag of Tags) {
        const group = groups.get(tag.ResourceId);
        group.tags = [...group.tags.filter((one) => one.Key !== tag.Key), described(tag, group.name)];
      }
    },
    DeleteTags({ Tags = [] }: CreateOrUpdateTagsType): void {
      for (const tag of Tags) {
        const group = groups.get(tag.ResourceId);
        group.tags = group.tags.filter((one) => one.Key !== tag.Key);
      }
    },
    /** An account's usual limits; there are no launch configurations here. */
    DescribeAccountLimits: () => ({
      MaxNumberOfAutoScalingGroups: 500,
      MaxNumberOfLaunchConfigurations: 200,
      NumberOfAutoScalingGroups: groups.all().length,
      NumberOfLaunchConfigurations: 0,
    }),
    DescribeTags(input: DescribeTagsType) {
      const wanted = input.Filters ?? [];
      const Tags = groups.all().flatMap((group) =>
        group.tags.filter((tag) =>
          wanted.every(({ Name, Values = [] }) => {
            const value = { 'auto-scaling-group': group.name, key: tag.Key, value: tag.Value }[Name!];
            return value !== undefined && Values.includes(value);
          }),
        ),
      );
      return { Tags };
    },
  };
}

function blank(cloud: CloudContext, name: string): Group {
  return {
    name,
    arn: `arn:aws:autoscaling:${cloud.region}:${cloud.account}:autoScalingGroup:${cloud.ids.uuid()}:autoScalingGroupName/${name}`,
    createdAt: cloud.eventQueue.now(),
    minSize: 0,
    maxSize: 0,
    desired: 0,
    defaultCooldown: 300,
    subnetIds: [],
    zones: [],
    healthCheckType: 'EC2',
    gracePeriodSeconds: 0,
    defaultInstanceWarmup: undefined,
    terminationPolicies: ['Default'],
    protectNew: false,
    capacityRebalance: false,
    maxInstanceLifetime: undefined,
    launchTemplate: undefined,
    mixedInstances: undefined,
    isRepurchasing: false,
    targetGroupArns: [],
    tags: [],
    metrics: new Set(),
    deleting: false,
    suspended: new Map(),
    members: new Map(),
    hooks: new Map(),
    policies: new Map(),
    scheduled: new Map(),
    activities: [],
    refreshes: [],
    cause: '',
    lastActivityEnd: Number.NEGATIVE_INFINITY,
    failures: { count: 0, since: 0, retryAt: 0 },
  };
}

function described(
  tag: { Key?: string | undefined; Value?: string | undefined; PropagateAtLaunch?: boolean | undefined },
  name: string,
): TagDescription {
  return {
    ResourceId: name,
    ResourceType: 'auto-scaling-group',
    Key: tag.Key,
    Value: tag.Value ?? '',
    PropagateAtLaunch: tag.PropagateAtLaunch ?? false,
  };
}

function passes(tags: readonly TagDescription[], filters: readonly Filter[] = []): boolean {
  return filters.every(({ Name = '', Values = [] }) => {
    if (Name === 'tag-key') return tags.some((tag) => Values.includes(tag.Key!));
    if (Name === 'tag-value') return tags.some((tag) => Values.includes(tag.Value!));
    if (!Name.startsWith('tag:'))
      throw validation(
        `Filter type ${Name} is not correct. Allowed Filter types are: tag-key, tag-value, tag:<key>`,
      );
    return tags.some((tag) => tag.Key === Name.slice(4) && Values.includes(tag.Value!));
  });
}

/** A group that is deleted stays until its last instance is gone. */
function removeWhenEmpty(cloud: CloudContext, groups: Groups, group: Group): void {
  if (group.members.size === 0) groups.remove(group.name);
  else
    cloud.eventQueue.at(cloud.eventQueue.now() + 5_000, `delete ${group.name}`, () =>
      removeWhenEmpty(cloud, groups, group),
    );
}
