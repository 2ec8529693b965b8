import { ApiError } from './api-error.ts';
import type { CapacityLoop } from './capacity-loop.ts';
import { type Activity, type Balancer, type Group, isActive, type Member } from './group.ts';
import type { ServerWorld } from './server-world.ts';
import type { Instant, Timeline } from './timeline.ts';

type Input = Readonly<Record<string, unknown>>;
type Operation = (input: Input, region: string) => Readonly<Record<string, unknown>>;

/** Auto Scaling (弹性伸缩): what the API says of groups, and what it does with them. */
export class AutoScaling {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly #groups: ReadonlyMap<string, Group>;
  readonly #loop: CapacityLoop;
  readonly #timeline: Timeline;
  readonly #world: ServerWorld;

  constructor(
    groups: ReadonlyMap<string, Group>,
    loop: CapacityLoop,
    timeline: Timeline,
    world: ServerWorld,
  ) {
    this.#groups = groups;
    this.#loop = loop;
    this.#timeline = timeline;
    this.#world = world;
    this.operations = {
      DescribeAutoScalingGroups: (input, region) => this.#describeGroups(input, region),
      DescribeAutoScalingInstances: (input, region) => this.#describeInstances(input, region),
      DescribeAutoScalingActivities: (input, region) => this.#describeActivities(input, region),
      DescribeScheduledActions: (input, region) => this.#describeRules(input, region, 'scheduledActions'),
      DescribeScalingPolicies: (input, region) => this.#describeRules(input, region, 'policies'),
      DescribeLifecycleHooks: (input, region) => this.#describeHooks(input, region),
      ModifyDesiredCapacity: (input, region) => this.#setDesired(input, region),
      SetInstancesProtection: (input, region) => this.#protect(input, region),
      AttachInstances: (input, region) => this.#attach(input, region),
      DetachInstances: (input, region) => this.#detach(input, region),
    };
  }

  #describeGroups(input: Input, region: string) {
    const ids =
      (input['AutoScalingGroupIds'] as string[] | undefined) ?? filtered(input, 'auto-scaling-group-id');
    const some = this.#in(region).filter(({ id }) => !ids || ids.includes(id));
    return page(some.map(groupRecord), input, 'AutoScalingGroupSet');
  }

  #describeInstances(input: Input, region: string) {
    const groups = filtered(input, 'auto-scaling-group-id');
    const ids = (input['InstanceIds'] as string[] | undefined) ?? filtered(input, 'instance-id');
    const all = this.#in(region)
      .filter(({ id }) => !groups || groups.includes(id))
      .flatMap((group) => [...group.members.values()].map((member) => this.#instanceRecord(group, member)))
      .filter(({ InstanceId }) => !ids || ids.includes(InstanceId));
    return page(all, input, 'AutoScalingInstanceSet');
  }

  #describeActivities(input: Input, region: string) {
    const groups = filtered(input, 'auto-scaling-group-id');
    const since = input['StartTime'] ? Date.parse(String(input['StartTime'])) : Number.NEGATIVE_INFINITY;
    if (Number.isNaN(since)) throw new ApiError('InvalidParameterValue.TimeFormat', 'The time is not valid.');
    const all = this.#in(region)
      .filter(({ id }) => !groups || groups.includes(id))
      .flatMap(({ id, activities }) => activities.map((activity) => ({ id, activity })))
      .filter(({ activity }) => activity.startedAt >= since);
    return page(
      all.map(({ id, activity }) => activityRecord(id, activity)),
      input,
      'ActivitySet',
    );
  }

  #describeRules(input: Input, region: string, kind: 'scheduledActions' | 'policies') {
    const groups = filtered(input, 'auto-scaling-group-id');
    const some = this.#in(region).filter(({ id }) => !groups || groups.includes(id));
    const rules = some.flatMap((group) =>
      (group[kind] ?? []).map(({ id, name }) =>
        kind === 'policies'
          ? { AutoScalingPolicyId: id, ScalingPolicyName: name, AutoScalingGroupId: group.id }
          : {
              ScheduledActionId: id,
              ScheduledActionName: name,
              AutoScalingGroupId: group.id,
              ScheduledType: 'CRONTAB',
              EndTime: '0000-00-00T00:00:00+08:00',
            },
      ),
    );
    return page(rules, input, kind === 'policies' ? 'ScalingPolicySet' : 'ScheduledActionSet');
  }

  #describeHooks(input: Input, region: string) {
    const groups = filtered(input, 'auto-scaling-group-id');
    const some = this.#in(region).filter(({ id }) => !groups || groups.includes(id));
    const all = some.flatMap((group) =>
      (group.hooks ?? []).map(({ id, name, transition, seconds, result }) => ({
        LifecycleHookId: id,
        LifecycleHookName: name,
        AutoScalingGroupId: group.id,
        LifecycleTransition: transition,
        HeartbeatTimeout: seconds,
        DefaultResult: result,
      })),
    );
    return page(all, input, 'LifecycleHookSet');
  }

  #setDesired(input: Input, region: string) {
    const group = this.#find(input, region);
    const minSize = (input['MinSize'] as number | undefined) ?? group.minSize;
    const maxSize = (input['MaxSize'] as number | undefined) ?? group.maxSize;
    const desired = input['DesiredCapacity'] as number;
    if (desired < minSize || desired > maxSize)
      throw new ApiError(
        'InvalidParameterValue.Size',
        'The desired capacity is not between the minimum and the maximum.',
      );
    requireEnabled(group);
    Object.assign(group, { minSize, maxSize, desired });
    this.#loop.look(group);
    return {};
  }

  #protect(input: Input, region: string) {
    const group = this.#find(input, region);
    for (const member of this.#members(group, input))
      member.isProtected = input['ProtectedFromScaleIn'] === true;
    return {};
  }

  #attach(input: Input, region: string) {
    const group = this.#find(input, region);
    const ids = input['InstanceIds'] as string[];
    requireIdle(group);
    const now = this.#timeline.now();
    for (const id of ids) {
      if (!/^ins-[0-9a-z]{8}$/.test(id))
        throw new ApiError('InvalidParameterValue.InvalidInstanceId', `The instance ID ${id} is not valid.`);
      if ([...this.#groups.values()].some(({ members }) => members.has(id)))
        throw new ApiError(
          'ResourceUnavailable.InstancesAlreadyInAutoScalingGroup',
          `${id} is in a group already.`,
        );
      if (!this.#world.reachable(id, now))
        throw new ApiError('ResourceNotFound.InstancesNotFound', `The instance ${id} is not found.`);
    }
    if (group.desired + ids.length > group.maxSize)
      throw new ApiError(
        'ResourceInsufficient.AutoScalingGroupAboveMaxSize',
        'The group would exceed its maximum.',
      );
    return { ActivityId: this.#loop.attach(group, ids).id };
  }

  #detach(input: Input, region: string) {
    const group = this.#find(input, region);
    requireIdle(group);
    const members = this.#members(group, input);
    if (group.isEnabled && group.desired - members.length < group.minSize)
      throw new ApiError(
        'ResourceInsufficient.AutoScalingGroupBelowMinSize',
        'The group would fall below its minimum.',
      );
    return {
      ActivityId: this.#loop.detach(
        group,
        members.map(({ id }) => id),
      ).id,
    };
  }

  #in(region: string): Group[] {
    return [...this.#groups.values()].filter((group) => group.region === region);
  }

  #find(input: Input, region: string): Group {
    const id = String(input['AutoScalingGroupId']);
    if (!/^asg-[0-9a-z]{8}$/.test(id))
      throw new ApiError(
        'InvalidParameterValue.InvalidAutoScalingGroupId',
        `The group ID ${id} is not valid.`,
      );
    const group = this.#in(region).find((one) => one.id === id);
    if (group) return group;
    throw new ApiError('ResourceNotFound.AutoScalingGroupNotFound', `The group ${id} is not found.`);
  }

  #members({ members }: Group, input: Input): Member[] {
    return (input['InstanceIds'] as string[]).map((id) => {
      const member = members.get(id);
      if (member) return member;
      throw new ApiError('ResourceNotFound.InstancesNotInAutoScalingGroup', `${id} is not in the group.`);
    });
  }

  #instanceRecord(group: Group, { id, state, isProtected, creation, addedAt }: Member) {
    const isWell = this.#world.reachable(id, this.#timeline.now());
    return {
      InstanceId: id,
      AutoScalingGroupId: group.id,
      LifeCycleState: state,
      HealthStatus: isWell || state !== 'IN_SERVICE' ? 'HEALTHY' : 'UNHEALTHY',
      ProtectedFromScaleIn: isProtected,
      CreationType: creation,
      AddTime: timeOf(addedAt),
      Zone: `${group.region}-1`,
    };
  }
}

function requireEnabled({ isEnabled, id }: Group): void {
  if (!isEnabled)
    throw new ApiError('ResourceUnavailable.AutoScalingGroupDisabled', `The group ${id} is disabled.`);
}

function requireIdle(group: Group): void {
  if (isActive(group))
    throw new ApiError(
      'ResourceUnavailable.AutoScalingGroupInActivity',
      `The group ${group.id} is in an activity.`,
    );
}

function groupRecord(group: Group) {
  const { id, minSize, maxSize, desired, members, isEnabled, balancer, defaultCooldown = 300 } = group;
  const inService = [...members.values()].filter(({ state }) => state === 'IN_SERVICE').length;
  return {
    AutoScalingGroupId: id,
    AutoScalingGroupName: id,
    AutoScalingGroupStatus: 'NORMAL',
    DefaultCooldown: defaultCooldown,
    MinSize: minSize,
    MaxSize: maxSize,
    DesiredCapacity: desired,
    InstanceCount: members.size,
    InServiceInstanceCount: inService,
    EnabledStatus: isEnabled ? 'ENABLED' : 'DISABLED',
    InActivityStatus: isActive(group) ? 'IN_ACTIVITY' : 'NOT_IN_ACTIVITY',
    TerminationPolicySet: ['OLDEST_INSTANCE'],
    ForwardLoadBalancerSet: balancer ? [forwardRecord(balancer, group.region)] : [],
  };
}

function forwardRecord({ LoadBalancerId, ListenerId, LocationId = '' }: Balancer, Region: string) {
  return { LoadBalancerId, ListenerId, LocationId, Region, TargetAttributes: [{ Port: 80, Weight: 10 }] };
}

function activityRecord(group: string, activity: Activity) {
  const { id, type, cause, startedAt, endedAt, status, servers, failures } = activity;
  return {
    AutoScalingGroupId: group,
    ActivityId: id,
    ActivityType: type,
    StatusCode: status,
    StatusMessage: failures.map(({ Message }) => Message).join('; '),
    StatusMessageSimplified: failures[0]?.Message ?? '',
    Cause: cause,
    Description: cause,
    StartTime: timeOf(startedAt),
    EndTime: endedAt === undefined ? null : timeOf(endedAt),
    CreatedTime: timeOf(startedAt),
    DetailedStatusMessageSet: failures,
    RelatedInstanceSet: servers.map((InstanceId) => ({ InstanceId, InstanceStatus: status })),
  };
}

function timeOf(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function filtered(input: Input, name: string): readonly string[] | undefined {
  const filters = input['Filters'] as { Name: string; Values: string[] }[] | undefined;
  return filters?.find(({ Name }) => Name === name)?.Values;
}

function page(all: readonly unknown[], input: Input, key: string): Readonly<Record<string, unknown>> {
  const { Offset = 0, Limit = 20 } = input as { Offset?: number; Limit?: number };
  return { TotalCount: all.length, [key]: all.slice(Offset, Offset + Limit) };
}
