import type { Instant } from '../../shared/domain/observation.ts';
import type { ScalerGroup } from '../../shared/engine/scaler.ts';
import type { AskedMetric } from '../../shared/ports/metrics.ts';
import type { FunctionRun } from './function-run.ts';

/** Has this group a rule that no alarm of CloudWatch watches? */
export function isJudged({ alarms, config }: ScalerGroup, rule: string): boolean {
  return rule in config.alarms && !alarms.some(([name]) => name === rule);
}

/** What an invocation has read of the datapoints that its rules go by. @param answer null: it could not be read */
export function noteDatapoints(
  { told, scaler }: FunctionRun,
  [asked, from, to]: readonly unknown[],
  answer: readonly (Float64Array | null | undefined)[] | null,
): void {
  for (const [index, { group, use }] of (asked as readonly AskedMetric[]).entries()) {
    const known = scaler.groups.get(group.name);
    if (!known || !isJudged(known, use.key)) continue;
    const key = `${group.name} ${use.key}`;
    const values = answer?.[index] ?? null;
    const read = { from: from as Instant, to: to as Instant, values: values && [...values] };
    told.datapoints.set(key, [...(told.datapoints.get(key) ?? []), read]);
  }
}
