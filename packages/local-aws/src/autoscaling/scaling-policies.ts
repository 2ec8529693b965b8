import type { ExecutePolicyType, ScalingPolicy, StepAdjustment } from '@aws-sdk/client-auto-scaling';
import type { Call, Instant } from '../service.ts';
import type { Group } from './group.ts';
import { assertCooledDown, type Groups } from './groups.ts';

/** Servers of a policy's scale-out count as warming up until then, from as many as there were before. */
interface WarmUp {
  readonly until: Instant;
  readonly before: number;
}

/**
 * Carries out simple and step scaling policies, for the alarms that name them and for `ExecutePolicy`. Target tracking and
 * predictive scaling exist to be found, and do nothing.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html
 */
export class ScalingPolicies {
  readonly #groups: Groups;
  readonly #warmUps = new WeakMap<Group, WarmUp>();

  constructor(groups: Groups) {
    this.#groups = groups;
  }

  /** @throws ServiceError ScalingActivityInProgress while a simple policy's cooldown runs and is to be honoured */
  execute(group: Group, policy: ScalingPolicy, input: ExecutePolicyType, call: Call): void {
    if (policy.Enabled === false) return;
    const alarm = call.principal.sourceArn?.split(':alarm:')[1];
    if (alarm !== undefined && group.suspended.has('AlarmNotification')) return;
    const adjustment = this.#adjustmentOf(policy, input);
    if (adjustment === undefined) return;
    const isStep = policy.PolicyType === 'StepScaling';
    if (!isStep && (alarm !== undefined || input.HonorCooldown))
      assertCooledDown(group, call.now, policy.Cooldown ?? group.defaultCooldown);
    const desired = isStep
      ? this.#afterStep(group, policy, adjustment, call.now)
      : adjusted(group, group.desired, policy, adjustment);
    if (desired === group.desired) return;
    const by =
      alarm === undefined ? 'a user request executed' : `a monitor alarm ${alarm} in state ALARM triggered`;
    this.#groups.changeDesired(group, desired, `${by} policy ${policy.PolicyName}`);
  }

  #adjustmentOf(policy: ScalingPolicy, input: ExecutePolicyType): number | undefined {
    if (policy.PolicyType === 'SimpleScaling') return policy.ScalingAdjustment;
    if (policy.PolicyType !== 'StepScaling') return undefined;
    const distance = (input.MetricValue ?? Number.NaN) - (input.BreachThreshold ?? Number.NaN);
    return policy.StepAdjustments?.find((step) => isWithin(step, distance))?.ScalingAdjustment;
  }

  /** What is warming up is part of a scale-out's answer already, and no scale-in begins before it is warm. */
  #afterStep(group: Group, policy: ScalingPolicy, adjustment: number, now: Instant): number {
    const warmUp = this.#warmUps.get(group);
    const isWarming = warmUp !== undefined && now < warmUp.until;
    const before = isWarming ? Math.min(warmUp.before, group.desired) : group.desired;
    const desired = adjusted(group, before, policy, adjustment);
    if (desired < before) return isWarming ? group.desired : desired;
    if (desired <= group.desired) return group.desired;
    const seconds = policy.EstimatedInstanceWarmup ?? group.defaultInstanceWarmup ?? group.defaultCooldown;
    this.#warmUps.set(group, { until: now + seconds * 1000, before });
    return desired;
  }
}

/** Bounds are relative to the alarm's threshold; a lower one is within a step above it, an upper one within a step below it. */
function isWithin(step: StepAdjustment, distance: number): boolean {
  const lower = step.MetricIntervalLowerBound ?? Number.NEGATIVE_INFINITY;
  const upper = step.MetricIntervalUpperBound ?? Number.POSITIVE_INFINITY;
  const isAbove = lower >= 0;
  return isAbove ? distance >= lower && distance < upper : distance > lower && distance <= upper;
}

function adjusted(group: Group, from: number, policy: ScalingPolicy, adjustment: number): number {
  const to =
    policy.AdjustmentType === 'ExactCapacity'
      ? adjustment
      : policy.AdjustmentType === 'PercentChangeInCapacity'
        ? from + ofPercent((from * adjustment) / 100, policy.MinAdjustmentMagnitude ?? 0)
        : from + adjustment;
  return Math.min(Math.max(to, group.minSize), group.maxSize);
}

/**
 * Above 1 it is rounded down, between 0 and 1 up, and likewise below 0.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html#as-scaling-adjustment
 */
function ofPercent(servers: number, atLeast: number): number {
  const size = Math.abs(servers);
  const whole = size > 1 ? Math.floor(size) : Math.ceil(size);
  return Math.sign(servers) * Math.max(whole, servers === 0 ? 0 : atLeast);
}
