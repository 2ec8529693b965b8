import type { ExecutePolicyType, ScalingPolicy, StepAdjustment } from '@aws-sdk/client-auto-scaling';
import type { Call, Instant } from '../service.ts';
import type { Group } from './group.ts';
import { assertCooledDown, type Groups } from './groups.ts';
import type { TrackingAlarms } from './tracking-alarms.ts';

/** Servers of a policy's scale-out count as warming up until then, from as many as there were before. */
interface WarmUp {
  readonly until: Instant;
  readonly before: number;
}

/**
 * Carries out simple, step and target-tracking policies, for the alarms that name them and for `ExecutePolicy`. Predictive scaling
 * exists to be found, and does nothing.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html
 */
export class ScalingPolicies {
  readonly #groups: Groups;
  readonly #alarms: TrackingAlarms;
  readonly #warmUps = new WeakMap<Group, WarmUp>();

  constructor(groups: Groups, alarms: TrackingAlarms) {
    this.#groups = groups;
    this.#alarms = alarms;
  }

  /** @throws ServiceError ScalingActivityInProgress while a simple policy's cooldown runs and is to be honoured */
  async execute(group: Group, policy: ScalingPolicy, input: ExecutePolicyType, call: Call): Promise<void> {
    if (policy.Enabled === false) return;
    const alarm = call.principal.sourceArn?.split(':alarm:')[1];
    if (alarm !== undefined && group.suspended.has('AlarmNotification')) return;
    const desired =
      policy.PolicyType === 'TargetTrackingScaling'
        ? await this.#tracked(group, policy, input, call.now)
        : this.#adjusted(group, policy, input, call);
    if (desired === undefined || desired === group.desired) return;
    const by =
      alarm === undefined ? 'a user request executed' : `a monitor alarm ${alarm} in state ALARM triggered`;
    this.#groups.changeDesired(group, desired, `${by} policy ${policy.PolicyName}`);
  }

  #adjusted(group: Group, policy: ScalingPolicy, input: ExecutePolicyType, call: Call): number | undefined {
    const adjustment = this.#adjustmentOf(policy, input);
    if (adjustment === undefined) return undefined;
    if (policy.PolicyType === 'StepScaling') return this.#afterStep(group, policy, adjustment, call.now);
    if (call.principal.sourceArn !== undefined || input.HonorCooldown)
      assertCooledDown(group, call.now, policy.Cooldown ?? group.defaultCooldown);
    return adjusted(group, group.desired, policy, adjustment);
  }

  /** As many as bring the metric to its target; fewer only where every other target-tracking policy wants fewer, too. */
  async #tracked(
    group: Group,
    policy: ScalingPolicy,
    { MetricValue }: ExecutePolicyType,
    now: Instant,
  ): Promise<number | undefined> {
    const { TargetValue = 0, DisableScaleIn } = policy.TargetTrackingConfiguration!;
    if (MetricValue === undefined || TargetValue <= 0) return undefined;
    const { before, isWarming } = this.#beforeWarmUp(group, now);
    const wanted = withinSizes(group, Math.ceil((before * MetricValue) / TargetValue));
    if (wanted > group.desired) {
      const seconds = policy.EstimatedInstanceWarmup ?? group.defaultInstanceWarmup ?? group.defaultCooldown;
      this.#warmUps.set(group, { until: now + seconds * 1000, before });
      return wanted;
    }
    if (MetricValue >= TargetValue || DisableScaleIn || isWarming) return undefined;
    return (await this.#alarms.allLow(otherTracking(group, policy))) ? wanted : undefined;
  }

  #adjustmentOf(policy: ScalingPolicy, input: ExecutePolicyType): number | undefined {
    if (policy.PolicyType === 'SimpleScaling') return policy.ScalingAdjustment;
    if (policy.PolicyType !== 'StepScaling') return undefined;
    const distance = (input.MetricValue ?? Number.NaN) - (input.BreachThreshold ?? Number.NaN);
    return policy.StepAdjustments?.find((step) => isWithin(step, distance))?.ScalingAdjustment;
  }

  /** How many there were before those that are warming up. */
  #beforeWarmUp(group: Group, now: Instant): { before: number; isWarming: boolean } {
    const warmUp = this.#warmUps.get(group);
    if (warmUp === undefined || now >= warmUp.until) return { before: group.desired, isWarming: false };
    return { before: Math.min(warmUp.before, group.desired), isWarming: true };
  }

  /** What is warming up is part of a scale-out's answer already, and no scale-in begins before it is warm. */
  #afterStep(group: Group, policy: ScalingPolicy, adjustment: number, now: Instant): number {
    const { before, isWarming } = this.#beforeWarmUp(group, now);
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
  return withinSizes(group, to);
}

function withinSizes({ minSize, maxSize }: Group, servers: number): number {
  return Math.min(Math.max(servers, minSize), maxSize);
}

/** Those that have a say in scaling in. */
function otherTracking({ policies }: Group, one: ScalingPolicy): ScalingPolicy[] {
  return [...policies.values()].filter((policy) => {
    const { PolicyType, Enabled, TargetTrackingConfiguration } = policy;
    if (policy === one || Enabled === false || PolicyType !== 'TargetTrackingScaling') return false;
    return !TargetTrackingConfiguration?.DisableScaleIn;
  });
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
