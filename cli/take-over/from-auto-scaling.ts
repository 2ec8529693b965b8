import type { AutoScalingGroup, ScheduledUpdateGroupAction } from '@aws-sdk/client-auto-scaling';
import { zoneNamed } from '../../shared/schedule/zone.ts';
import { type AbsoluteAction, windowsOf } from './absolute-actions.ts';
import { alarmRules } from './aws-alarm-rules.ts';
import type { MeasuredBy } from './aws-metrics.ts';
import { trackingOf } from './aws-targets.ts';
import { keyFor } from './names.ts';
import type { NativeGroup } from './native-group.ts';
import type { GroupLines, Remark, TakenOver } from './taken-over.ts';

/**
 * AWS's target tracking scales in when fifteen points of a minute are below the target.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
 */
const scaleInAfterSeconds = 900;

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
  const { targets, forecast, warmup } = trackingOf(awake.filter(isTracking), by, remarks);
  const instances = protectedServers(group);
  const lines: GroupLines = {
    existing: group.AutoScalingGroupName!,
    mode: 'observe',
    minSize,
    maxSize,
    ...(!native.detailedMonitoring && { detailedMonitoring: false }),
    ...loadBalancerOf(native, remarks),
    ...healthOf(group),
    ...warmupOf(group, warmup),
    ...(instances.length > 0 && { instances }),
    ...(Object.keys(schedules).length > 0 && { schedules }),
    ...(Object.keys(rules).length > 0 && { alarms: rules }),
    ...(targets.length > 0 && {
      targets: [...targets],
      behavior: { scaleDown: { stabilizationWindowSeconds: scaleInAfterSeconds, headroom: true } },
    }),
    ...(forecast && { forecast }),
  };
  remarks.push(...restOf(group));
  return { key: keyFor(group.AutoScalingGroupName!, 'group'), group: lines, remarks, timeZone };
}

function measuredBy({ group, loadBalancers, detailedMonitoring }: NativeGroup): MeasuredBy {
  const targetGroup = measuredTargetGroup(group.TargetGroupARNs ?? [], loadBalancers);
  return {
    scalingGroup: group.AutoScalingGroupName!,
    targetGroup: targetGroup?.slice(targetGroup.indexOf('targetgroup/')),
    loadBalancer: targetGroup && loadBalancers[targetGroup]!.split('loadbalancer/')[1],
    detailedMonitoring,
  };
}

/** The first that stands behind a load balancer is the one that is measured. */
function measuredTargetGroup(
  arns: readonly string[],
  loadBalancers: NativeGroup['loadBalancers'],
): string | undefined {
  return arns.find((arn) => loadBalancers[arn] !== undefined);
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

/** A window repeats for as long as it stands in the file. */
function boundedActions(actions: readonly ScheduledUpdateGroupAction[]): Remark[] {
  return actions.flatMap(({ ScheduledActionName, Recurrence, EndTime }) =>
    Recurrence && EndTime
      ? [
          {
            subject: `scheduled action ${ScheduledActionName}`,
            kind: 'differs' as const,
            message: `it ends at ${EndTime.toISOString()}: take its window out of the file then`,
          },
        ]
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

function loadBalancerOf(
  { group, loadBalancers }: NativeGroup,
  remarks: Remark[],
): { loadBalancer?: { loadBalancerArn?: string; targetGroupArns: string[] } } {
  const targetGroupArns = group.TargetGroupARNs ?? [];
  const lost = (message: string) => remarks.push({ subject: 'load balancer', kind: 'lost', message });
  if (group.LoadBalancerNames?.length)
    lost(
      `classic load balancers (${group.LoadBalancerNames.join(', ')}) stay attached to the group, and their health and requests are not seen`,
    );
  const lattice = (group.TrafficSources ?? []).filter(({ Type }) => Type === 'vpc-lattice');
  if (lattice.length > 0) lost('target groups of VPC Lattice stay attached to the group, and are not seen');
  if (targetGroupArns.length === 0) return {};
  const measured = measuredTargetGroup(targetGroupArns, loadBalancers);
  const loadBalancerArn = measured && loadBalancers[measured];
  return { loadBalancer: { ...(loadBalancerArn !== undefined && { loadBalancerArn }), targetGroupArns } };
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
