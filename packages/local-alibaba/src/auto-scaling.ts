import { ApiError } from './api-error.ts';
import type { CapacityLoop } from './capacity-loop.ts';
import {
  type Activity,
  type ForwardingBalancer,
  type Group,
  isActive,
  isPresent,
  isServing,
  type Member,
  type NativeRule,
} from './group.ts';
import type { Input } from './parameters.ts';
import type { ServerWorld } from './server-world.ts';
import type { Instant, Timeline } from './timeline.ts';

type Operation = (input: Input) => Readonly<Record<string, unknown>>;

/** Auto Scaling (弹性伸缩, ESS): what the API says of groups, and what it does with them. */
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
      DescribeScalingGroups: (input) => this.#describeGroups(input),
      DescribeScalingInstances: (input) => this.#describeInstances(input),
      DescribeScalingActivities: (input) => this.#describeActivities(input),
      DescribeScalingRules: (input) =>
        page(this.#native(input, 'rules').map(ruleRecord), input, 'ScalingRules'),
      DescribeScheduledTasks: (input) =>
        page(this.#native(input, 'tasks').map(taskRecord), input, 'ScheduledTasks'),
      DescribeAlarms: (input) => page(this.#native(input, 'alarms').map(alarmRecord), input, 'AlarmList'),
      ModifyScalingGroup: (input) => this.#modify(input),
      ScaleWithAdjustment: (input) => this.#scale(input),
      SetInstancesProtection: (input) => this.#protect(input),
      AttachInstances: (input) => this.#attach(input),
      DetachInstances: (input) => this.#detach(input),
    };
  }

  /** Ids of groups that do not exist are left out without a word. */
  #describeGroups(input: Input) {
    const ids = input['ScalingGroupIds'] as string[] | undefined;
    return page(
      this.#in(input)
        .filter(({ id }) => !ids || ids.includes(id))
        .map(groupRecord),
      input,
      'ScalingGroups',
    );
  }

  #describeInstances(input: Input) {
    const all = this.#in(input)
      .filter(({ id }) => input['ScalingGroupId'] === undefined || input['ScalingGroupId'] === id)
      .flatMap((group) => [...group.members.values()].map((member) => this.#instanceRecord(group, member)))
      .filter(({ LifecycleState }) => [undefined, LifecycleState].includes(input['LifecycleState'] as never))
      .filter(({ HealthStatus }) => [undefined, HealthStatus].includes(input['HealthStatus'] as never));
    return page(all, input, 'ScalingInstances');
  }

  #describeActivities(input: Input) {
    const { id, activities } = this.#find(input);
    const some = activities.filter(({ status }) =>
      [undefined, status].includes(input['StatusCode'] as never),
    );
    return page(
      some.map((activity) => activityRecord(id, activity)),
      input,
      'ScalingActivities',
    );
  }

  #modify(input: Input) {
    const group = this.#find(input);
    const { minSize, maxSize, desired } = {
      minSize: (input['MinSize'] as number | undefined) ?? group.minSize,
      maxSize: (input['MaxSize'] as number | undefined) ?? group.maxSize,
      desired: (input['DesiredCapacity'] as number | undefined) ?? group.desired,
    };
    if (minSize > maxSize) throw conflict('MinSize', 'MaxSize');
    if (input['DesiredCapacity'] !== undefined) {
      if (group.withoutDesired)
        throw new ApiError('InvalidParameter', 'The group has no expected number of instances.');
      if (desired < minSize) throw conflict('DesiredCapacity', 'MinSize');
      if (desired > maxSize) throw conflict('DesiredCapacity', 'MaxSize');
    }
    Object.assign(group, { minSize, maxSize, desired });
    this.#loop.look(group);
    return {};
  }

  /** It stays within the group's bounds by itself. */
  #scale(input: Input) {
    const group = this.#find(input);
    requireActive(group);
    requireIdle(group);
    const present = [...group.members.values()].filter(isPresent).length;
    const value = input['AdjustmentValue'] as number;
    const totals: Readonly<Record<string, number>> = {
      TotalCapacity: value,
      QuantityChangeInCapacity: present + value,
      PercentChangeInCapacity: present + Math.trunc((present * value) / 100),
    };
    const wanted = totals[String(input['AdjustmentType'])];
    if (wanted === undefined)
      throw new ApiError('InvalidParameter', 'The specified value of parameter AdjustmentType is not valid.');
    const total = Math.min(group.maxSize, Math.max(group.minSize, wanted));
    const activity = this.#loop.bring(group, total, 'Api', 'A user requests to scale with an adjustment');
    if (!activity)
      throw new ApiError(
        'IncorrectCapacity.NoChange',
        'To execute the specified scaling rule, the total capacity will not change.',
      );
    group.desired = total;
    return { ScalingActivityId: activity.id, ActivityType: 'CapacityChange' };
  }

  #protect(input: Input) {
    const group = this.#find(input);
    requireActive(group);
    for (const member of this.#members(group, input))
      member.state = input['ProtectedFromScaleIn'] === true ? 'Protected' : 'InService';
    return {};
  }

  #attach(input: Input) {
    const group = this.#find(input);
    const ids = input['InstanceIds'] as string[];
    requireActive(group);
    requireIdle(group);
    const now = this.#timeline.now();
    for (const id of ids) {
      if ([...this.#groups.values()].some(({ members }) => members.has(id)))
        throw new ApiError(
          'InvalidInstanceId.InUse',
          `Instance "${id}" is already attached to another scaling group.`,
        );
      if (!this.#world.reachable(id, now))
        throw new ApiError('InvalidInstanceId.NotFound', `Instance "${id}" does not exist.`, 404);
    }
    if ([...group.members.values()].filter(isPresent).length + ids.length > group.maxSize)
      throw new ApiError(
        'IncorrectCapacity.MaxSize',
        'To attach the instances, the total capacity will be greater than the MaxSize.',
      );
    return { ScalingActivityId: this.#loop.attach(group, ids).id };
  }

  #detach(input: Input) {
    const group = this.#find(input);
    requireActive(group);
    requireIdle(group);
    const members = this.#members(group, input);
    if ([...group.members.values()].filter(isPresent).length - members.length < group.minSize)
      throw new ApiError(
        'IncorrectCapacity.MinSize',
        'To remove the instances, the total capacity will be lesser than the MinSize.',
      );
    const ids = members.map(({ id }) => id);
    return {
      ScalingActivityId: this.#loop.detach(group, ids, input['DecreaseDesiredCapacity'] !== false).id,
    };
  }

  #native(input: Input, kind: 'rules' | 'tasks' | 'alarms') {
    return this.#in(input)
      .filter(({ id }) => input['ScalingGroupId'] === undefined || input['ScalingGroupId'] === id)
      .flatMap((group) => (group[kind] ?? []).map((rule) => ({ ...rule, group: group.id })));
  }

  #in(input: Input): Group[] {
    return [...this.#groups.values()].filter(({ region }) => region === input['RegionId']);
  }

  #find(input: Input): Group {
    const group = this.#groups.get(String(input['ScalingGroupId']));
    if (group) return group;
    throw new ApiError('InvalidScalingGroupId.NotFound', 'The specified scaling group does not exist.', 404);
  }

  /** Those that serve; one that leaves or is gone is no longer the group's. */
  #members({ members }: Group, input: Input): Member[] {
    return (input['InstanceIds'] as string[]).map((id) => {
      const member = members.get(id);
      if (member && isPresent(member)) return member;
      throw new ApiError('InvalidInstanceId.NotFound', `Instance "${id}" does not exist.`, 404);
    });
  }

  #instanceRecord(group: Group, member: Member) {
    const { id, state, creation, addedAt } = member;
    const isWell = !isServing(member) || this.#world.reachable(id, this.#timeline.now());
    return {
      InstanceId: id,
      ScalingGroupId: group.id,
      LifecycleState: state,
      HealthStatus: isWell ? 'Healthy' : 'Unhealthy',
      CreationType: creation,
      CreationTime: timeOf(addedAt),
      WeightedCapacity: 1,
      ZoneId: `${group.region}-h`,
    };
  }
}

function requireActive({ isEnabled }: Group): void {
  if (!isEnabled)
    throw new ApiError(
      'IncorrectScalingGroupStatus',
      'The current status of the specified scaling group does not support this action.',
    );
}

function requireIdle(group: Group): void {
  if (isActive(group))
    throw new ApiError(
      'ScalingActivityInProgress',
      'You cannot delete a scaling group or launch a new scaling activity while there is a scaling activity in progress for the specified scaling group.',
    );
}

function conflict(one: string, other: string): ApiError {
  return new ApiError(
    'InvalidParameter.Conflict',
    `The value of parameter ${one} and parameter ${other} are conflict.`,
  );
}

function groupRecord(group: Group) {
  const { id, minSize, maxSize, desired, members, isEnabled, withoutDesired } = group;
  const count = (state: Member['state']) => [...members.values()].filter((one) => one.state === state).length;
  return {
    ScalingGroupId: id,
    ScalingGroupName: id,
    RegionId: group.region,
    LifecycleState: isEnabled ? 'Active' : 'Inactive',
    DefaultCooldown: group.defaultCooldown ?? 300,
    MinSize: minSize,
    MaxSize: maxSize,
    EnableDesiredCapacity: !withoutDesired,
    ...(withoutDesired ? {} : { DesiredCapacity: desired }),
    TotalCapacity: members.size,
    ActiveCapacity: count('InService'),
    PendingCapacity: count('Pending'),
    ProtectedCapacity: count('Protected'),
    RemovingCapacity: count('Removing'),
    RemovalPolicies: ['OldestInstance'],
    HealthCheckType: 'ECS',
    SuspendedProcesses: group.suspended.size > 0 ? [...group.suspended] : null,
    LoadBalancerIds: group.classicBalancer ? [group.classicBalancer] : [],
    AlbServerGroups: group.applicationBalancer
      ? [{ AlbServerGroupId: group.applicationBalancer.serverGroupId, Port: 80, Weight: 100 }]
      : [],
    ServerGroups: [
      ...(group.applicationBalancer ? [serverGroupRecord(group.applicationBalancer, 'ALB')] : []),
      ...(group.networkBalancer ? [serverGroupRecord(group.networkBalancer, 'NLB')] : []),
    ],
  };
}

function serverGroupRecord({ serverGroupId }: ForwardingBalancer, Type: 'ALB' | 'NLB') {
  return { ServerGroupId: serverGroupId, Type, Port: 80, Weight: 100 };
}

function activityRecord(group: string, activity: Activity) {
  const { id, trigger, cause, description, startedAt, endedAt, status, created, destroyed, failures } =
    activity;
  return {
    ScalingGroupId: group,
    ScalingActivityId: id,
    StatusCode: status,
    StatusMessage: failures[0]?.Message ?? '',
    Description: description,
    Cause: cause,
    StartTime: timeOf(startedAt),
    ...(endedAt === undefined ? {} : { EndTime: timeOf(endedAt) }),
    Progress: endedAt === undefined ? 50 : 100,
    TriggerSourceType: trigger,
    ErrorCode: failures[0]?.Code,
    ErrorMessage: failures[0]?.Message,
    ErrorMessages: failures,
    CreatedInstances: created,
    CreatedCapacity: created.length,
    DestroyedInstances: destroyed,
    DestroyedCapacity: destroyed.length,
  };
}

type Owned = NativeRule & { readonly group: string };

function ruleRecord({ id, name, group, type = 'SimpleScalingRule' }: Owned) {
  return { ScalingRuleId: id, ScalingRuleName: name, ScalingGroupId: group, ScalingRuleType: type };
}

function taskRecord({ id, name, group, isEnabled = true }: Owned) {
  return { ScheduledTaskId: id, ScheduledTaskName: name, ScalingGroupId: group, TaskEnabled: isEnabled };
}

function alarmRecord({ id, name, group, isEnabled = true }: Owned) {
  return { AlarmTaskId: id, Name: name, ScalingGroupId: group, Enable: isEnabled };
}

/** By the minute: `2020-09-10T09:54Z`. */
function timeOf(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`;
}

function page(all: readonly unknown[], input: Input, key: string): Readonly<Record<string, unknown>> {
  const { PageNumber = 1, PageSize = 10 } = input as { PageNumber?: number; PageSize?: number };
  const from = (PageNumber - 1) * PageSize;
  return { TotalCount: all.length, PageNumber, PageSize, [key]: all.slice(from, from + PageSize) };
}
