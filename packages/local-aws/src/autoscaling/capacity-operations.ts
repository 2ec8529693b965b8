import type {
  AttachInstancesQuery,
  AttachLoadBalancerTargetGroupsType,
  AttachTrafficSourcesType,
  DescribeScalingActivitiesType,
  DetachInstancesQuery,
  EnableMetricsCollectionQuery,
  ScalingProcessQuery,
  SetDesiredCapacityType,
  SetInstanceHealthQuery,
  SetInstanceProtectionQuery,
  TerminateInstanceInAutoScalingGroupType,
} from '@aws-sdk/client-auto-scaling';
import type { Ec2 } from '../ec2/ec2.ts';
import type { TargetGroups } from '../elbv2/target-groups.ts';
import { page } from '../page.ts';
import type { Call, Operation, ServiceError } from '../service.ts';
import type { ActivityLog } from './activities.ts';
import type { CapacityLoop } from './capacity-loop.ts';
import type { Group } from './group.ts';
import { assertCooledDown, type Groups, instant, validation } from './groups.ts';

const processes = [
  'Launch',
  'Terminate',
  'AddToLoadBalancer',
  'AlarmNotification',
  'AZRebalance',
  'HealthCheck',
  'InstanceRefresh',
  'ReplaceUnhealthy',
  'ScheduledActions',
];

const groupMetrics = [
  'GroupMinSize',
  'GroupMaxSize',
  'GroupDesiredCapacity',
  'GroupInServiceInstances',
  'GroupPendingInstances',
  'GroupTerminatingInstances',
  'GroupTotalInstances',
];

/** What is done to the instances of a group and to how many there are. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a table of operations, each of them short.
export function capacityOperations(
  ec2: Ec2,
  targetGroups: TargetGroups,
  groups: Groups,
  capacityLoop: CapacityLoop,
  log: ActivityLog,
): Record<string, Operation> {
  const attach = (group: Group, arns: readonly string[]): void => {
    for (const arn of arns) targetGroups.get(arn);
    group.targetGroupArns = [...new Set([...group.targetGroupArns, ...arns])];
    for (const member of group.members.values())
      if (member.state === 'InService') for (const arn of arns) targetGroups.register(arn, member.instanceId);
  };
  const detach = (group: Group, arns: readonly string[]): void => {
    group.targetGroupArns = group.targetGroupArns.filter((arn) => !arns.includes(arn));
    for (const member of group.members.values())
      for (const arn of arns) targetGroups.deregister(arn, member.instanceId);
  };
  const sources = (input: AttachTrafficSourcesType) =>
    (input.TrafficSources ?? []).map((source) => source.Identifier!);

  return {
    SetDesiredCapacity(input: SetDesiredCapacityType, call: Call): void {
      const group = groups.get(input.AutoScalingGroupName);
      const value = input.DesiredCapacity!;
      if (value > group.maxSize)
        throw validation(
          `New SetDesiredCapacity value ${value} is above max value ${group.maxSize} for the AutoScalingGroup.`,
        );
      if (value < group.minSize)
        throw validation(
          `New SetDesiredCapacity value ${value} is below min value ${group.minSize} for the AutoScalingGroup.`,
        );
      if (input.HonorCooldown) assertCooledDown(group, call.now, group.defaultCooldown);
      groups.changeDesired(group, value, 'a user request explicitly set group desired capacity');
    },

    AttachInstances(input: AttachInstancesQuery, call: Call): void {
      const group = groups.get(input.AutoScalingGroupName);
      const ids = input.InstanceIds ?? [];
      const desired = group.desired + ids.length;
      if (desired > group.maxSize) throw outOfSizes(group, 'attach', ids.length);
      const instances = ids.map((id) => attachable(ec2, targetGroups, groups, group, id));
      for (const instance of instances) {
        const cause = `At ${instant(call.now)} an instance was attached in response to a user request, increasing the capacity from ${group.desired} to ${group.desired + 1}.`;
        const activity = log.begin(
          group,
          `Attaching an existing EC2 instance: ${instance.InstanceId}`,
          cause,
        );
        const member = capacityLoop.join(group, instance, 1);
        group.members.set(member.instanceId, member);
        group.desired += 1;
        capacityLoop.enterService(group, member);
        log.end(group, activity, 'Successful');
      }
    },

    DetachInstances(input: DetachInstancesQuery, call: Call) {
      const group = groups.get(input.AutoScalingGroupName);
      const members = (input.InstanceIds ?? []).map((id) => groups.memberOf(id, group).member);
      const outside = members.find(({ state }) => state !== 'InService' && state !== 'Standby');
      if (outside) throw validation(`The instance ${outside.instanceId} is not in InService or Standby.`);
      const decrement = input.ShouldDecrementDesiredCapacity ?? false;
      if (decrement && group.desired - members.length < group.minSize)
        throw outOfSizes(group, 'detach', members.length);
      const Activities = members.map((member) => {
        const cause = `At ${instant(call.now)} instance ${member.instanceId} was detached in response to a user request.`;
        const activity = log.begin(group, `Detaching EC2 instance: ${member.instanceId}`, cause);
        group.members.delete(member.instanceId);
        for (const arn of group.targetGroupArns) targetGroups.deregister(arn, member.instanceId);
        if (decrement) group.desired -= 1;
        log.end(group, activity, 'Successful');
        return activity;
      });
      capacityLoop.wake(group);
      return { Activities };
    },

    TerminateInstanceInAutoScalingGroup(input: TerminateInstanceInAutoScalingGroupType, call: Call) {
      const { group, member } = groups.memberOf(input.InstanceId!);
      const decrement = input.ShouldDecrementDesiredCapacity ?? false;
      if (decrement && group.desired - member.weight < group.minSize)
        throw validation(
          `Currently, desiredSize equals minSize (${group.minSize}). Terminating instance without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.`,
        );
      const before = group.desired;
      if (decrement) group.desired -= member.weight;
      const change = decrement ? `, shrinking the capacity from ${before} to ${group.desired}` : '';
      capacityLoop.terminate(
        group,
        member,
        `At ${instant(call.now)} an instance was taken out of service in response to a user request${change}.`,
      );
      return { Activity: member.activity };
    },

    SetInstanceProtection(input: SetInstanceProtectionQuery) {
      const group = groups.get(input.AutoScalingGroupName);
      const members = (input.InstanceIds ?? []).map((id) => groups.memberOf(id, group).member);
      const outside = members.find(
        (member) => !['InService', 'EnteringStandby', 'Standby'].includes(member.state),
      );
      if (outside)
        throw validation(
          `The instance ${outside.instanceId} is not in InService or EnteringStandby or Standby.`,
        );
      for (const member of members) member.isProtected = input.ProtectedFromScaleIn!;
      capacityLoop.wake(group);
      return {};
    },

    SetInstanceHealth(input: SetInstanceHealthQuery): void {
      const { member } = groups.memberOf(input.InstanceId!);
      if (input.HealthStatus !== 'Healthy' && input.HealthStatus !== 'Unhealthy')
        throw validation(`Instance health status ${input.HealthStatus} must be Healthy or Unhealthy`);
      member.health = input.HealthStatus;
      member.healthIsManual = input.HealthStatus === 'Unhealthy';
    },

    SuspendProcesses(input: ScalingProcessQuery, call: Call): void {
      const group = groups.get(input.AutoScalingGroupName);
      for (const process of processesOf(input))
        group.suspended.set(process, `User suspended at ${instant(call.now)}`);
    },
    ResumeProcesses(input: ScalingProcessQuery): void {
      const group = groups.get(input.AutoScalingGroupName);
      for (const process of processesOf(input)) group.suspended.delete(process);
      if (!group.suspended.has('Launch')) group.failures = { count: 0, since: 0, retryAt: 0 };
      capacityLoop.wake(group);
    },

    DescribeScalingActivities(input: DescribeScalingActivitiesType) {
      const some =
        input.AutoScalingGroupName === undefined ? groups.all() : [groups.get(input.AutoScalingGroupName)];
      // Those still in progress come first, then the newest.
      const activities = some
        .flatMap((group) => group.activities)
        .filter((activity) => input.ActivityIds?.includes(activity.ActivityId!) ?? true)
        .reverse()
        .sort(
          (a, b) =>
            Number(a.EndTime !== undefined) - Number(b.EndTime !== undefined) ||
            b.StartTime!.getTime() - a.StartTime!.getTime(),
        );
      const { items, NextToken } = page(
        activities,
        input.NextToken,
        input.MaxRecords ?? 100,
        100,
        'maxRecords',
      );
      return { Activities: items, NextToken };
    },

    AttachLoadBalancerTargetGroups(input: AttachLoadBalancerTargetGroupsType) {
      attach(groups.get(input.AutoScalingGroupName), input.TargetGroupARNs ?? []);
      return {};
    },
    DetachLoadBalancerTargetGroups(input: AttachLoadBalancerTargetGroupsType) {
      detach(groups.get(input.AutoScalingGroupName), input.TargetGroupARNs ?? []);
      return {};
    },
    DescribeLoadBalancerTargetGroups: (input: { AutoScalingGroupName: string }) => ({
      LoadBalancerTargetGroups: groups
        .get(input.AutoScalingGroupName)
        .targetGroupArns.map((LoadBalancerTargetGroupARN) => ({
          LoadBalancerTargetGroupARN,
          State: 'InService',
        })),
    }),
    AttachTrafficSources(input: AttachTrafficSourcesType) {
      attach(groups.get(input.AutoScalingGroupName), sources(input));
      return {};
    },
    DetachTrafficSources(input: AttachTrafficSourcesType) {
      detach(groups.get(input.AutoScalingGroupName), sources(input));
      return {};
    },
    DescribeTrafficSources: (input: { AutoScalingGroupName: string }) => ({
      TrafficSources: groups.get(input.AutoScalingGroupName).targetGroupArns.map((Identifier) => ({
        Identifier,
        TrafficSource: Identifier,
        Type: 'elbv2',
        State: 'InService',
      })),
    }),

    EnableMetricsCollection(input: EnableMetricsCollectionQuery): void {
      const group = groups.get(input.AutoScalingGroupName);
      for (const metric of input.Metrics?.length ? input.Metrics : groupMetrics) group.metrics.add(metric);
    },
    DisableMetricsCollection(input: EnableMetricsCollectionQuery): void {
      const group = groups.get(input.AutoScalingGroupName);
      for (const metric of input.Metrics?.length ? input.Metrics : [...group.metrics])
        group.metrics.delete(metric);
    },
  };
}

/**
 * What AWS documents; how it words its refusals, it does not.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-detach-instances.html
 * @throws ServiceError ValidationError where the instance may not join the group
 */
function attachable(ec2: Ec2, targetGroups: TargetGroups, groups: Groups, group: Group, id: string) {
  const instance = ec2.instances.instances.find(id);
  if (instance?.State?.Name !== 'running')
    throw validation(`Invalid Instance ID(s): [${id}] specified: the instance is not in the running state.`);
  const owner = groups.groupOf(id);
  if (owner) throw validation(`Instance ${id} is already part of AutoScalingGroup:${owner.name}.`);
  const zone = instance.Placement!.AvailabilityZone!;
  if (!group.zones.includes(zone))
    throw validation(
      `The availability zone ${zone} of instance ${id} is not part of AutoScalingGroup:${group.name}.`,
    );
  if (ec2.images.images.find(instance.ImageId)?.State !== 'available')
    throw validation(`The AMI ${instance.ImageId} of instance ${id} does not exist.`);
  for (const arn of group.targetGroupArns) {
    const { VpcId } = targetGroups.get(arn).record;
    if (VpcId !== undefined && VpcId !== instance.VpcId)
      throw validation(
        `Instance ${id} is in ${instance.VpcId}, and target group ${arn} in the VPC ${VpcId}.`,
      );
  }
  return instance;
}

function processesOf(input: ScalingProcessQuery): string[] {
  const named = input.ScalingProcesses?.length ? input.ScalingProcesses : processes;
  const unknown = named.find((process) => !processes.includes(process));
  if (unknown) throw validation(`Invalid process type: ${unknown}`);
  return named;
}

/** @see https://github.com/LeanerCloud/AutoSpotting/issues/407 and https://github.com/spacelift-io/terraform-aws-spacelift-workerpool-on-ec2/issues/85 */
function outOfSizes({ name, minSize, maxSize, desired }: Group, verb: string, count: number): ServiceError {
  const sizes = `min-size=${minSize}, max-size=${maxSize}, and desired-size=${desired}`;
  const instances = `${count} instance${count === 1 ? '' : 's'}`;
  return validation(
    `AutoScalingGroup ${name} has ${sizes}. To ${verb} ${instances}, please update the AutoScalingGroup sizes appropriately.`,
  );
}
