import type {
  CancelInstanceRefreshType,
  DescribeInstanceRefreshesType,
  InstanceRefresh,
  StartInstanceRefreshType,
} from '@aws-sdk/client-auto-scaling';
import type { CloudContext } from '../cloud-context.ts';
import { page } from '../page.ts';
import { type Call, type Operation, ServiceError } from '../service.ts';
import type { CapacityLoop } from './capacity-loop.ts';
import { type Group, isActive, type Member } from './group.ts';
import { type Groups, instant } from './groups.ts';

const stepMs = 15_000;
/** How long a refresh waits for servers that it may not replace. */
const patienceMs = 3_600_000;
const active = ['Pending', 'InProgress', 'Baking', 'Cancelling', 'RollbackInProgress'];

/** Rolling replacement of a group's instances, as many at a time as the healthy share allows. */
export function refreshOperations(
  cloud: CloudContext,
  groups: Groups,
  capacityLoop: CapacityLoop,
): Record<string, Operation> {
  const activeOf = (group: Group) => group.refreshes.find((refresh) => active.includes(refresh.Status!));

  const waitingSince = new Map<InstanceRefresh, number>();

  const step = (group: Group, refresh: InstanceRefresh): void => {
    const now = cloud.eventQueue.now();
    if (refresh.Status === 'Cancelling' || group.deleting) {
      finish(refresh, 'Cancelled', now);
      return;
    }
    refresh.Status = 'InProgress';
    const members = [...group.members.values()].filter(isActive);
    const old = members.filter((member) => isOld(member, refresh));
    refresh.InstancesToUpdate = old.length;
    refresh.PercentageComplete = Math.round(100 * (1 - old.length / Math.max(1, group.desired)));
    if (old.length === 0 && members.every((member) => isWarm(group, member, now))) {
      bake(cloud, refresh);
      return;
    }
    if (isStuck(old, members, refresh)) {
      const since = waitingSince.get(refresh) ?? now;
      waitingSince.set(refresh, since);
      if (now - since >= patienceMs) {
        refresh.StatusReason =
          'Instances that are protected from scale in or in standby were not released in time.';
        finish(refresh, 'Failed', now);
        return;
      }
    } else waitingSince.delete(refresh);
    replaceSome(cloud, group, refresh, old, members, capacityLoop);
    cloud.eventQueue.at(now + stepMs, `refresh of ${group.name}`, () => step(group, refresh));
  };

  return {
    StartInstanceRefresh(input: StartInstanceRefreshType, call: Call) {
      const group = groups.get(input.AutoScalingGroupName);
      if (activeOf(group))
        throw new ServiceError(
          'InstanceRefreshInProgress',
          'An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.',
        );
      const refresh: InstanceRefresh = {
        InstanceRefreshId: cloud.ids.uuid(),
        AutoScalingGroupName: group.name,
        Status: 'Pending',
        StartTime: new Date(call.now),
        PercentageComplete: 0,
        InstancesToUpdate: group.members.size,
        Strategy: 'Rolling',
        Preferences: { MinHealthyPercentage: 90, ...input.Preferences },
      };
      group.refreshes.push(refresh);
      cloud.eventQueue.at(call.now + stepMs, `refresh of ${group.name}`, () => step(group, refresh));
      return { InstanceRefreshId: refresh.InstanceRefreshId };
    },
    CancelInstanceRefresh(input: CancelInstanceRefreshType) {
      const refresh = activeOf(groups.get(input.AutoScalingGroupName));
      if (!refresh)
        throw new ServiceError(
          'ActiveInstanceRefreshNotFound',
          'No in progress or pending Instance Refresh found for Auto Scaling group ' +
            input.AutoScalingGroupName,
        );
      refresh.Status = 'Cancelling';
      return { InstanceRefreshId: refresh.InstanceRefreshId };
    },
    DescribeInstanceRefreshes(input: DescribeInstanceRefreshesType) {
      const refreshes = [...groups.get(input.AutoScalingGroupName).refreshes].reverse();
      const found = refreshes.filter(
        (one) => input.InstanceRefreshIds?.includes(one.InstanceRefreshId!) ?? true,
      );
      const { items, NextToken } = page(found, input.NextToken, input.MaxRecords ?? 50, 100, 'maxRecords');
      return { InstanceRefreshes: items, NextToken };
    },
  };
}

function replaceSome(
  cloud: CloudContext,
  group: Group,
  refresh: InstanceRefresh,
  old: readonly Member[],
  members: readonly Member[],
  capacityLoop: CapacityLoop,
): void {
  const now = cloud.eventQueue.now();
  const minimum = Math.ceil((group.desired * refresh.Preferences!.MinHealthyPercentage!) / 100);
  const healthy = members.filter((member) => isWarm(group, member, now)).length;
  // At least one at a time, or a small group would never be refreshed.
  const room = Math.max(healthy - minimum, healthy >= group.desired ? 1 : 0);
  const replaceable = old.filter(
    (member) =>
      member.state === 'InService' &&
      (!member.isProtected || refresh.Preferences!.ScaleInProtectedInstances === 'Refresh'),
  );
  for (const member of replaceable.slice(0, room))
    capacityLoop.terminate(
      group,
      member,
      `At ${instant(now)} an instance was taken out of service in response to an instance refresh.`,
    );
}

/**
 * Nothing is left but what it may not touch, and it was not told to leave that or to replace it.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html
 */
function isStuck(old: readonly Member[], members: readonly Member[], refresh: InstanceRefresh): boolean {
  const waits = (refresh.Preferences!.ScaleInProtectedInstances ?? 'Wait') === 'Wait';
  const replacing = members.some((member) => member.state !== 'InService' && member.state !== 'Standby');
  return waits && !replacing && old.length > 0 && old.every((member) => member.isProtected);
}

function bake(cloud: CloudContext, refresh: InstanceRefresh): void {
  const end = cloud.eventQueue.now() + (refresh.Preferences?.BakeTime ?? 0) * 1000;
  refresh.Status = 'Baking';
  refresh.PercentageComplete = 100;
  cloud.eventQueue.at(end, `baked ${refresh.InstanceRefreshId}`, () => {
    finish(refresh, refresh.Status === 'Cancelling' ? 'Cancelled' : 'Successful', end);
  });
}

function finish(refresh: InstanceRefresh, status: 'Successful' | 'Cancelled' | 'Failed', now: number): void {
  refresh.Status = status;
  refresh.EndTime = new Date(now);
}

function isOld(member: Member, refresh: InstanceRefresh): boolean {
  const spared = member.isProtected && refresh.Preferences?.ScaleInProtectedInstances === 'Ignore';
  return member.launchedAt < refresh.StartTime!.getTime() && !spared;
}

function isWarm(group: Group, member: Member, now: number): boolean {
  return (
    member.state === 'InService' && now >= member.inServiceAt! + (group.defaultInstanceWarmup ?? 0) * 1000
  );
}
