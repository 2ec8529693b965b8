import type { CompiledRule } from './policy.ts';

/** Would a datapoint of this value put the rule's alarm into ALARM? */
export function breaches({ above, inclusive, threshold }: CompiledRule, value: number): boolean {
  return (inclusive && value === threshold) || (above ? value > threshold : value < threshold);
}
