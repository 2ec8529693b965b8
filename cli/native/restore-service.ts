import type {
  PutScalingPolicyRequest,
  PutScalingPolicyResponse,
  PutScheduledActionRequest,
  PutScheduledActionResponse,
  RegisterScalableTargetRequest,
  RegisterScalableTargetResponse,
  ScalableTarget,
  ScheduledAction,
} from '@aws-sdk/client-application-auto-scaling';
import { AwsJson } from '../../shared/providers/ecs/aws-json.ts';
import { apis } from '../../shared/providers/ecs/provider.ts';
import { wallTimeOf } from '../../shared/schedule/wall-times.ts';
import { zoneNamed } from '../../shared/schedule/zone.ts';
import type { NativeService } from '../take-over/native-service.ts';
import { putAlarm } from './put-alarm.ts';
import type { ServiceClients } from './service-clients.ts';

type Calls = {
  RegisterScalableTarget: [RegisterScalableTargetRequest, RegisterScalableTargetResponse];
  PutScalingPolicy: [PutScalingPolicyRequest, PutScalingPolicyResponse];
  PutScheduledAction: [PutScheduledActionRequest, PutScheduledActionResponse];
};

/** What `restoreService` gives back, for people; nothing of a service that nothing has scaled. */
export function serviceRestoredOf(
  { target, policies, scheduledActions }: NativeService,
  now: number,
): string[] {
  if (!target) return [];
  return [
    `scalable target ${target.MinCapacity} to ${target.MaxCapacity}`,
    ...policies.map(({ PolicyName }) => `scaling policy ${PolicyName}`),
    ...scheduledActions
      .filter((action) => comesAgain(action, now))
      .map(({ ScheduledActionName }) => `scheduled action ${ScheduledActionName}`),
  ];
}

/**
 * Gives a service of ECS what Application Auto Scaling did to it when it was taken over: its scalable target with minimum and maximum,
 * policies, their alarms, scheduled actions; and wakes them, unless they were asleep then. Its desired count stays as it is. Done
 * twice, it is done once.
 * @param clients of the region that the service is in
 * @param now epoch milliseconds: what was to come once and is past stays away
 * @param endpoint where AWS is asked, if not where it is
 * @returns false where nothing scaled it
 * @throws PortError; what the SDK says
 */
export async function restoreService(
  { balancing, cloudWatch }: ServiceClients,
  native: NativeService,
  now: number,
  endpoint = process.env['AWS_ENDPOINT_URL'],
): Promise<boolean> {
  const { region, cluster, service, target } = native;
  if (!target) return false;
  const api = new AwsJson<Calls>(balancing, { ...apis.applicationAutoScaling, region, endpoint });
  const what = `give back what scaled ${cluster}/${service}`;
  const { ServiceNamespace, ResourceId, ScalableDimension, MinCapacity, MaxCapacity } = target;
  const of = { ServiceNamespace, ResourceId, ScalableDimension };
  await api.call(what, 'RegisterScalableTarget', { ...of, MinCapacity, MaxCapacity });
  // A policy that went with its target comes back under another ARN.
  const arns = new Map<string, string>();
  for (const { PolicyARN, Alarms: _, CreationTime: __, ...policy } of native.policies) {
    const { PolicyARN: renewed } = await api.call(what, 'PutScalingPolicy', policy);
    if (PolicyARN !== undefined && renewed !== undefined) arns.set(PolicyARN, renewed);
  }
  for (const alarm of native.alarms) await putAlarm(cloudWatch, alarm, arns);
  for (const action of native.scheduledActions.filter((each) => comesAgain(each, now)))
    await api.call(what, 'PutScheduledAction', asPut(action, now));
  await api.call(what, 'RegisterScalableTarget', { ...of, SuspendedState: asFound(target) });
  return true;
}

/** Where one is not named, it would stay as it is. */
function asFound({ SuspendedState = {} }: ScalableTarget): NonNullable<ScalableTarget['SuspendedState']> {
  return {
    DynamicScalingInSuspended: SuspendedState.DynamicScalingInSuspended ?? false,
    DynamicScalingOutSuspended: SuspendedState.DynamicScalingOutSuspended ?? false,
    ScheduledScalingSuspended: SuspendedState.ScheduledScalingSuspended ?? false,
  };
}

function comesAgain({ Schedule = '', Timezone = 'UTC', EndTime }: ScheduledAction, now: number): boolean {
  if (EndTime && EndTime.getTime() <= now) return false;
  const [, once] = /^at\((.+)\)$/.exec(Schedule.trim()) ?? [];
  return once === undefined || zoneNamed(Timezone).instantFrom(wallTimeOf(once.trim())) > now;
}

/** A start that is past says nothing any more. */
function asPut(
  { ScheduledActionARN: _, CreationTime: __, StartTime, ...action }: ScheduledAction,
  now: number,
): PutScheduledActionRequest {
  const isAhead = StartTime !== undefined && StartTime.getTime() > now;
  return { ...action, ScalableDimension: action.ScalableDimension!, ...(isAhead && { StartTime }) };
}
