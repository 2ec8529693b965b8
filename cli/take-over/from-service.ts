import type { ScalingPolicy as EcsPolicy, ScheduledAction } from '@aws-sdk/client-application-auto-scaling';
import type { ScalingPolicy } from '@aws-sdk/client-auto-scaling';
import { fiveOfAws } from '../../shared/fleet/six-field-cron.ts';
import { weekdayNames } from '../../shared/schedule/cron-text.ts';
import { type AbsoluteAction, endRemark, windowsOf } from './absolute-actions.ts';
import { alarmRules } from './aws-alarm-rules.ts';
import { balancerLines, measuredAt } from './aws-balancer.ts';
import type { MeasuredBy } from './aws-metrics.ts';
import { trackingLines, trackingOf } from './aws-targets.ts';
import { keyFor } from './names.ts';
import type { NativeService } from './native-service.ts';
import type { GroupLines, Remark, TakenOver } from './taken-over.ts';

/** A step policy without a cooldown has this one. @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepScalingPolicyConfiguration.html */
const usualCooldown = 300;

/**
 * A service of ECS that Application Auto Scaling scales, as lines of a fleet file, observed only.
 * @param now epoch milliseconds: what is past becomes no window
 */
export function fromService(native: NativeService, now: number): TakenOver {
  const { region, cluster, service, target, scheduledActions, policies } = native;
  const remarks: Remark[] = [];
  const by = measuredBy(native);
  const sizes = {
    minSize: target?.MinCapacity ?? native.desired,
    maxSize: Math.max(1, target?.MaxCapacity ?? native.desired),
  };
  const windows = windowsOf(scheduledActions.map(absolute), sizes, now);
  remarks.push(...windows.remarks, ...bounded(scheduledActions), ...targetRemarks(native));
  const isStep = ({ PolicyType }: EcsPolicy) => PolicyType === 'StepScaling';
  const rules = alarmRules(
    policies.filter(isStep).map(asStepPolicy),
    native.alarms,
    by,
    { cooldown: usualCooldown, warmup: undefined },
    remarks,
  );
  const others = policies.filter((policy) => !isStep(policy)).map(asTracking);
  const tracking = trackingOf(others, by, remarks);
  const isFine = JSON.stringify(policies).includes('HighResolution');
  const group: GroupLines = {
    ecs: {
      ...(region !== undefined && { region }),
      cluster,
      service,
      ...(isFine && { resolutionSeconds: 20 }),
    },
    mode: 'observe',
    minSize: windows.minSize,
    maxSize: windows.maxSize,
    ...balancerLines(native),
    ...(Object.keys(windows.schedules).length > 0 && { schedules: windows.schedules }),
    ...(Object.keys(rules).length > 0 && { alarms: rules }),
    ...trackingLines(tracking),
  };
  return { key: keyFor(service, 'service'), group, remarks, timeZone: windows.timeZone };
}

function measuredBy(native: NativeService): MeasuredBy {
  const { cluster, service } = native;
  return {
    scalingGroup: `${cluster}/${service}`,
    ecs: { cluster, service },
    ...measuredAt(native),
    detailedMonitoring: true,
  };
}

function absolute({
  ScheduledActionName,
  Schedule = '',
  Timezone,
  ScalableTargetAction,
}: ScheduledAction): AbsoluteAction {
  return {
    name: ScheduledActionName!,
    subject: `scheduled action ${ScheduledActionName}`,
    when: whenOf(Schedule),
    timeZone: Timezone ?? 'UTC',
    minSize: ScalableTargetAction?.MinCapacity,
    maxSize: ScalableTargetAction?.MaxCapacity,
  };
}

/**
 * `at(2026-11-11T00:00:00)`, or `cron(…)` of six fields, of which the last is the year, and whose week begins with 1 on Sunday.
 * Whatever is no time of a window stays as it is, and is told as that.
 */
function whenOf(schedule: string): string {
  const [, kind, inside = ''] = /^(at|cron)\((.+)\)$/.exec(schedule.trim()) ?? [];
  if (kind === 'at') return inside.trim().slice(0, 19);
  if (kind !== 'cron') return schedule;
  const five = fiveOfAws(inside.trim().split(/\s+/), (weekday) => weekdayNames[weekday]!);
  return five?.join(' ') ?? schedule;
}

function bounded(actions: readonly ScheduledAction[]): Remark[] {
  return actions.flatMap(({ ScheduledActionName, Schedule = '', EndTime }) =>
    EndTime && !Schedule.startsWith('at')
      ? [endRemark(`scheduled action ${ScheduledActionName}`, EndTime.toISOString())]
      : [],
  );
}

function targetRemarks({ target, desired }: NativeService): Remark[] {
  const subject = 'scalable target';
  if (!target) {
    const message = `nothing scales it: its sizes are the ${desired} that it has, so set them`;
    return [{ subject, kind: 'note', message }];
  }
  const asleep = Object.entries(target.SuspendedState ?? {}).flatMap(([name, is]) => (is ? name : []));
  if (asleep.length === 0) return [];
  const message = `${asleep.join(', ')}: what stands here does not happen at present`;
  return [{ subject, kind: 'differs', message }];
}

/** As EC2 Auto Scaling has it: the rest is the same. */
function asStepPolicy({ PolicyName, Alarms, StepScalingPolicyConfiguration = {} }: EcsPolicy): ScalingPolicy {
  const { AdjustmentType, StepAdjustments, MinAdjustmentMagnitude, Cooldown } =
    StepScalingPolicyConfiguration;
  return {
    PolicyName,
    PolicyType: 'StepScaling',
    AdjustmentType,
    StepAdjustments: StepAdjustments?.map((step) => ({ ...step })),
    MinAdjustmentMagnitude,
    Alarms: Alarms?.map((alarm) => ({ ...alarm })),
    EstimatedInstanceWarmup: Cooldown,
  };
}

function asTracking(policy: EcsPolicy): ScalingPolicy {
  const { PolicyName, PolicyType } = policy;
  const { TargetTrackingScalingPolicyConfiguration: tracking } = policy;
  const { PredictiveScalingPolicyConfiguration: predictive } = policy;
  if (PolicyType === 'PredictiveScaling')
    return { PolicyName, PolicyType, PredictiveScalingConfiguration: predictive } as ScalingPolicy;
  return { PolicyName, PolicyType, TargetTrackingConfiguration: tracking } as ScalingPolicy;
}
