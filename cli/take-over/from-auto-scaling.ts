import type { AutoScalingGroup, ScheduledUpdateGroupAction } from '@aws-sdk/client-auto-scaling';
import { zoneNamed } from '../../shared/schedule/zone.ts';
import { type AbsoluteAction, endRemark, windowsOf } from './absolute-actions.ts';
import { alarmRules } from './aws-alarm-rules.ts';
import { balancerLines, measuredAt } from './aws-balancer.ts';
import type { MeasuredBy } from './aws-metrics.ts';
import { trackingLines, trackingOf } from './aws-targets.ts';
import { keyFor } from './names.ts';
import type { NativeGroup } from './native-group.ts';
import type { GroupLines, Remark, TakenOver } from './taken-over.ts';

/**
 * A group of EC2 Auto Scaling as lines of a fleet file, observed only.
 * @param now epoch milliseconds: what is past becomes no window
 */
export function fromAutoScaling(native: NativeGroup, now: number): TakenOver {
  const { group, policies, alarms, scheduledActions } = native;
  const remarks: Remark[] = [];
  const by = measuredBy(native);
  const {
    schedules,
    timeZone,
    minSize,
    maxSize,
    remarks: ofWindows,
  } = windowsOf(
    scheduledActions.map((action) => absolute(action, zoneOf(scheduledActions))),
    { minSize: group.MinSize!, maxSize: group.MaxSize! },
    now,
  );
  remarks.push(...ofWindows, ...boundedActions(scheduledActions), ...processRemarks(group));
  const awake = policies.filter((policy) => {
    if (policy.Enabled !== false) return true;
    remarks.push({
      subject: `scaling policy ${policy.PolicyName}`,
      kind: 'lost',
      message: 'it is switched off',
    });
    return false;
  });
  const isTracking = ({ PolicyType = '' }: (typeof policies)[number]) =>
    /^(TargetTracking|Predictive)/.test(PolicyType);
  const rules = alarmRules(
    awake.filter((policy) => !isTracking(policy)),
    alarms,
    by,
    { cooldown: group.DefaultCooldown ?? 300, warmup: group.DefaultInstanceWarmup },
    remarks,
  );
  const tracking = trackingOf(awake.filter(isTracking), by, remarks);
  const instances = protectedServers(group);
  const lines: GroupLines = {
    existing: group.AutoScalingGroupName!,
    mode: 'observe',
    minSize,
    maxSize,
    ...(!native.detailedMonitoring && { detailedMonitoring: false }),
    ...balancerLines(behind(native)),
    ...healthOf(group),
    ...warmupOf(group, tracking.warmup),
    ...(instances.length > 0 && { instances }),
    ...(Object.keys(schedules).length > 0 && { schedules }),
    ...(Object.keys(rules).length > 0 && { alarms: rules }),
    ...trackingLines(tracking),
  };
  remarks.push(...balancerRemarks(group), ...restOf(group));
  return { key: keyFor(group.AutoScalingGroupName!, 'group'), group: lines, remarks, timeZone };
}

function measuredBy(native: NativeGroup): MeasuredBy {
  return {
    scalingGroup: native.group.AutoScalingGroupName!,
    ...measuredAt(behind(native)),
    detailedMonitoring: native.detailedMonitoring,
  };
}

function behind({ group, loadBalancers }: NativeGroup) {
  return { targetGroups: group.TargetGroupARNs ?? [], loadBalancers };
}

/** Of the actions that repeat; what comes once is an instant, and is told by the same clock. */
function zoneOf(actions: readonly ScheduledUpdateGroupAction[]): string {
  return actions.find(({ Recurrence }) => Recurrence)?.TimeZone ?? 'UTC';
}

function absolute(action: ScheduledUpdateGroupAction, zone: string): AbsoluteAction {
  const name = action.ScheduledActionName!;
  const once = zoneNamed(zone).wallAt(action.StartTime?.getTime() ?? 0);
  return {
    name,
    subject: `scheduled action ${name}`,
    ...(action.Recurrence
      ? { when: action.Recurrence, timeZone: action.TimeZone ?? 'UTC' }
      : { when: new Date(once).toISOString().slice(0, 19), timeZone: zone }),
    minSize: action.MinSize,
    maxSize: action.MaxSize,
    desired: action.DesiredCapacity,
  };
}

function boundedActions(actions: readonly ScheduledUpdateGroupAction[]): Remark[] {
  return actions.flatMap(({ ScheduledActionName, Recurrence, EndTime }) =>
    Recurrence && EndTime
      ? [endRemark(`scheduled action ${ScheduledActionName}`, EndTime.toISOString())]
      : [],
  );
}

function processRemarks({ SuspendedProcesses = [] }: AutoScalingGroup): Remark[] {
  const asleep = SuspendedProcesses.map(({ ProcessName }) => ProcessName).filter((name) =>
    ['AlarmNotification', 'ScheduledActions'].includes(name ?? ''),
  );
  if (asleep.length === 0) return [];
  const message = `${asleep.join(' and ')} ${asleep.length > 1 ? 'are' : 'is'} suspended: what stands here does not happen at present`;
  return [{ subject: 'processes', kind: 'differs', message }];
}

/** What else may stand before servers, and is not seen. */
function balancerRemarks({ LoadBalancerNames = [], TrafficSources = [] }: AutoScalingGroup): Remark[] {
  const lost = (message: string): Remark => ({ subject: 'load balancer', kind: 'lost', message });
  const remarks: Remark[] = [];
  if (LoadBalancerNames.length > 0)
    remarks.push(
      lost(
        `classic load balancers (${LoadBalancerNames.join(', ')}) stay attached to the group, and their health and requests are not seen`,
      ),
    );
  if (TrafficSources.some(({ Type }) => Type === 'vpc-lattice'))
    remarks.push(lost('target groups of VPC Lattice stay attached to the group, and are not seen'));
  return remarks;
}

/** The type is that of the group's own health check, which goes on as it is. */
function healthOf({ HealthCheckGracePeriod }: AutoScalingGroup): { healthCheckGracePeriod?: number } {
  if (HealthCheckGracePeriod === undefined || HealthCheckGracePeriod === 300) return {};
  return { healthCheckGracePeriod: Math.min(HealthCheckGracePeriod, 7200) };
}

function warmupOf({ DefaultInstanceWarmup }: AutoScalingGroup, ofPolicies: number | undefined) {
  const seconds =
    ofPolicies ??
    (DefaultInstanceWarmup !== undefined && DefaultInstanceWarmup >= 0 ? DefaultInstanceWarmup : undefined);
  return seconds === undefined ? {} : { defaultInstanceWarmup: Math.min(seconds, 3600) };
}

function protectedServers({ Instances = [] }: AutoScalingGroup): string[] {
  return Instances.filter(({ ProtectedFromScaleIn }) => ProtectedFromScaleIn).map(
    ({ InstanceId }) => InstanceId!,
  );
}

/** What a group has besides, which stays as it is or is not understood. */
function restOf({
  NewInstancesProtectedFromScaleIn,
  WarmPoolConfiguration,
  Instances = [],
}: AutoScalingGroup): Remark[] {
  const remarks: Remark[] = [];
  if (NewInstancesProtectedFromScaleIn)
    remarks.push({
      subject: 'protection',
      kind: 'differs',
      message:
        'new servers are protected from scale-in, so that nothing ever takes one: switch that off, and keep in instances only those that must stay',
    });
  if (WarmPoolConfiguration)
    remarks.push({
      subject: 'warm pool',
      kind: 'note',
      message: 'it stays, and goes on serving the launches of the group',
    });
  const standing = Instances.filter(({ LifecycleState }) => LifecycleState === 'Standby').length;
  if (standing > 0)
    remarks.push({
      subject: 'standby',
      kind: 'note',
      message: `${standing} of its servers are in standby, and stay there`,
    });
  return remarks;
}
