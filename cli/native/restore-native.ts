import {
  type AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  PutScalingPolicyCommand,
  PutScheduledUpdateGroupActionCommand,
  ResumeProcessesCommand,
  type ScalingPolicy,
  type ScheduledUpdateGroupAction,
} from '@aws-sdk/client-auto-scaling';
import type { NativeGroup } from '../take-over/native-group.ts';
import { putAlarm } from './put-alarm.ts';
import type { NativeClients } from './read-native.ts';

type Clients = Pick<NativeClients, 'autoScaling' | 'cloudWatch'>;

/** What `restoreNative` gives back, for people. */
export function restoredOf({ policies, scheduledActions }: NativeGroup, now: number): string[] {
  return [
    ...policies.map(({ PolicyName }) => `scaling policy ${PolicyName}`),
    ...scheduledActions
      .filter((action) => comesAgain(action, now))
      .map(({ ScheduledActionName }) => `scheduled action ${ScheduledActionName}`),
  ];
}

/**
 * Gives a group its own scaling back as it was when it was taken over: policies, their alarms, scheduled actions; and wakes the
 * processes that carry them out, unless they were asleep then. Done twice, it is done once.
 * @param now epoch milliseconds: what was to come once and is past stays away
 * @returns false when the group is not there any more
 * @throws what the SDK says
 */
export async function restoreNative(clients: Clients, native: NativeGroup, now: number): Promise<boolean> {
  const { autoScaling, cloudWatch } = clients;
  const AutoScalingGroupName = native.group.AutoScalingGroupName!;
  const names = { AutoScalingGroupNames: [AutoScalingGroupName] };
  const { AutoScalingGroups = [] } = await autoScaling.send(new DescribeAutoScalingGroupsCommand(names));
  if (AutoScalingGroups.length === 0) return false;
  const arns = await putPolicies(autoScaling, AutoScalingGroupName, native.policies);
  for (const alarm of native.alarms) await putAlarm(cloudWatch, alarm, arns);
  for (const action of native.scheduledActions.filter((each) => comesAgain(each, now)))
    await putAction(autoScaling, AutoScalingGroupName, action, now);
  const asleep = new Set(native.group.SuspendedProcesses?.map(({ ProcessName }) => ProcessName));
  const ScalingProcesses = ['AlarmNotification', 'ScheduledActions'].filter((name) => !asleep.has(name));
  if (ScalingProcesses.length > 0)
    await autoScaling.send(new ResumeProcessesCommand({ AutoScalingGroupName, ScalingProcesses }));
  return true;
}

function comesAgain({ Recurrence, StartTime, EndTime }: ScheduledUpdateGroupAction, now: number): boolean {
  if (EndTime && EndTime.getTime() <= now) return false;
  return Boolean(Recurrence) || (StartTime?.getTime() ?? 0) > now;
}

/** @returns the ARN that each has now, by the one that it had: a policy that was deleted comes back under another */
async function putPolicies(
  client: AutoScalingClient,
  AutoScalingGroupName: string,
  policies: readonly ScalingPolicy[],
): Promise<Map<string, string>> {
  const arns = new Map<string, string>();
  for (const policy of policies) {
    const { PolicyName, PolicyARN, Alarms: _, MinAdjustmentStep: __, ...settings } = policy;
    const { PolicyARN: now } = await client.send(
      new PutScalingPolicyCommand({ ...settings, AutoScalingGroupName, PolicyName }),
    );
    if (PolicyARN !== undefined && now !== undefined) arns.set(PolicyARN, now);
  }
  return arns;
}

/** A start that is past is refused, and of one that repeats it says nothing any more. */
async function putAction(
  client: AutoScalingClient,
  AutoScalingGroupName: string,
  {
    ScheduledActionName,
    Recurrence,
    TimeZone,
    StartTime,
    EndTime,
    MinSize,
    MaxSize,
    DesiredCapacity,
  }: ScheduledUpdateGroupAction,
  now: number,
): Promise<void> {
  const isAhead = StartTime !== undefined && StartTime.getTime() > now;
  await client.send(
    new PutScheduledUpdateGroupActionCommand({
      AutoScalingGroupName,
      ScheduledActionName,
      Recurrence,
      TimeZone,
      ...(isAhead && { StartTime }),
      EndTime,
      MinSize,
      MaxSize,
      DesiredCapacity,
    }),
  );
}
