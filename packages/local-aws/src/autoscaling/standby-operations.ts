import type { EnterStandbyQuery, ExitStandbyQuery } from '@aws-sdk/client-auto-scaling';
import type { Call, Operation } from '../service.ts';
import type { ActivityLog } from './activities.ts';
import type { CapacityLoop } from './capacity-loop.ts';
import { type Groups, instant, validation } from './groups.ts';

const instancesAtMost = 20;

/**
 * Instances that are taken out for a while, and put back. They keep their protection, and desired does not count them.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-enter-exit-standby.html
 */
export function standbyOperations(
  groups: Groups,
  capacityLoop: CapacityLoop,
  log: ActivityLog,
): Record<string, Operation> {
  return {
    EnterStandby(input: EnterStandbyQuery, call: Call) {
      const group = groups.get(input.AutoScalingGroupName);
      const members = named(input.InstanceIds).map((id) => groups.memberOf(id, group).member);
      const outside = members.find(({ state }) => state !== 'InService');
      if (outside) throw validation(`The instance ${outside.instanceId} is not in InService.`);
      const decrement = input.ShouldDecrementDesiredCapacity!;
      if (decrement && group.desired - members.length < group.minSize)
        throw validation(
          `AutoScalingGroup ${group.name} has min-size=${group.minSize}, max-size=${group.maxSize}, and desired-size=${group.desired}. To place into standby ${members.length} more instance(s), please update the AutoScalingGroup sizes appropriately.`,
        );
      const Activities = members.map((member) => {
        const before = group.desired;
        if (decrement) group.desired -= member.weight;
        const change = decrement ? `, shrinking the capacity from ${before} to ${group.desired}` : '';
        const cause = `At ${instant(call.now)} instance ${member.instanceId} was moved to standby in response to a user request${change}.`;
        const activity = log.begin(group, `Moving EC2 instance to Standby: ${member.instanceId}`, cause);
        capacityLoop.standBy(group, member, () => log.end(group, activity, 'Successful'));
        return activity;
      });
      return { Activities };
    },

    ExitStandby(input: ExitStandbyQuery, call: Call) {
      const group = groups.get(input.AutoScalingGroupName);
      const members = named(input.InstanceIds).map((id) => groups.memberOf(id, group).member);
      const outside = members.find(({ state }) => state !== 'Standby');
      if (outside) throw validation(`The instance ${outside.instanceId} is not in Standby.`);
      if (group.desired + members.length > group.maxSize)
        throw validation(
          `AutoScalingGroup ${group.name} has min-size=${group.minSize}, max-size=${group.maxSize}, and desired-size=${group.desired}. To move ${members.length} more instance(s) out of standby, please update the AutoScalingGroup sizes appropriately.`,
        );
      const Activities = members.map((member) => {
        const before = group.desired;
        group.desired += member.weight;
        const cause = `At ${instant(call.now)} instance ${member.instanceId} was moved out of standby in response to a user request, increasing the capacity from ${before} to ${group.desired}.`;
        const activity = log.begin(group, `Moving EC2 instance out of Standby: ${member.instanceId}`, cause);
        capacityLoop.comeBack(group, member, () => log.end(group, activity, 'Successful'));
        return activity;
      });
      return { Activities };
    },
  };
}

function named(ids: readonly string[] | undefined): readonly string[] {
  if (!ids?.length) throw validation('At least one instance must be specified.');
  if (ids.length > instancesAtMost)
    throw validation(`At most ${instancesAtMost} instances may be moved at once.`);
  return ids;
}
