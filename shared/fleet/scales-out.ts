import type { AlarmRule } from './rule.ts';

/** Does the rule add servers, at one of its steps at least? One that sets an exact capacity goes where its metric points. */
export function scalesOut({
  scalingAdjustment,
  stepAdjustments,
  adjustmentType,
  comparisonOperator,
}: AlarmRule): boolean {
  if (adjustmentType === 'ExactCapacity') return comparisonOperator.startsWith('Greater');
  const steps = stepAdjustments?.map((step) => step.scalingAdjustment);
  return (steps ?? [scalingAdjustment ?? 0]).some((change) => change > 0);
}
