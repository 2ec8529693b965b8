import type { AlarmRule } from './rule.ts';

/** Does the rule add servers? One that sets an exact capacity goes where its metric points. */
export function scalesOut({
  scalingAdjustment,
  stepAdjustments,
  adjustmentType,
  comparisonOperator,
}: AlarmRule): boolean {
  if (adjustmentType === 'ExactCapacity') return comparisonOperator.startsWith('Greater');
  return (scalingAdjustment ?? stepAdjustments?.[0]?.scalingAdjustment ?? 0) > 0;
}
