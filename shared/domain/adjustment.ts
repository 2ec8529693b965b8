import type { AlarmRule, StepAdjustment } from '../fleet/rule.ts';

/**
 * Percent of a capacity as AWS rounds it: towards zero, but never to nothing.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html#as-scaling-adjustment
 */
export function truncatedPercent(capacity: number, percent: number): number {
  const exact = (capacity * percent) / 100;
  if (exact === 0) return 0;
  return Math.abs(exact) < 1 ? Math.sign(exact) : Math.trunc(exact);
}

/**
 * The capacity that an adjustment makes of `capacity`, before minimum and maximum.
 * @param minMagnitude a percentage changes capacity by at least so many servers (AWS's MinAdjustmentMagnitude)
 */
export function adjusted(
  type: AlarmRule['adjustmentType'],
  amount: number,
  capacity: number,
  minMagnitude: number,
): number {
  if (type === 'ExactCapacity') return amount;
  if (type === 'ChangeInCapacity') return capacity + amount;
  const change = truncatedPercent(capacity, amount);
  if (amount === 0) return capacity;
  return capacity + Math.sign(amount) * Math.max(Math.abs(change), minMagnitude);
}

/**
 * The step in whose interval the metric lies, as AWS has them: bounds are distances from the threshold. Above it the lower
 * bound is inclusive and the upper exclusive, below it the other way round.
 * @returns undefined when no interval holds it
 */
export function stepFor(
  steps: readonly StepAdjustment[],
  distance: number,
  above: boolean,
): number | undefined {
  for (const step of steps) {
    const lower = step.metricIntervalLowerBound ?? Number.NEGATIVE_INFINITY;
    const upper = step.metricIntervalUpperBound ?? Number.POSITIVE_INFINITY;
    const inside = above ? distance >= lower && distance < upper : distance > lower && distance <= upper;
    if (inside) return step.scalingAdjustment;
  }
  return undefined;
}
