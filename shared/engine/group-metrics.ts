import type { Reading, ScalingGroup } from '../domain/observation.ts';
import type { MetricUse } from '../domain/policy.ts';
import type { AskedMetric } from '../ports/metrics.ts';
import type { ScalerGroup } from './scaler.ts';

/** A group's name and a metric's key. */
function readingName(group: { readonly name: string }, key: string): string {
  return `${group.name} ${key}`;
}

export function askedOf(
  group: ScalerGroup,
  seen: ScalingGroup | undefined,
  uses: readonly MetricUse[],
): AskedMetric[] {
  return uses.map((use) => ({ group, seen, use }));
}

/** Readings of many groups, by group and metric key. */
export function named(
  asked: readonly AskedMetric[],
  readings: readonly Reading[],
): ReadonlyMap<string, Reading> {
  return new Map(asked.map(({ group, use }, index) => [readingName(group, use.key), readings[index]!]));
}

/** Readings by metric key, as a decision looks for them; what was not answered is unknown. */
export function readingsOf(
  group: ScalerGroup,
  uses: readonly MetricUse[],
  readings: ReadonlyMap<string, Reading>,
): Record<string, Reading> {
  const found: Record<string, Reading> = {};
  for (const { key } of uses) {
    found[key] = readings.get(readingName(group, key)) ?? { known: false, why: 'failed' };
  }
  return found;
}
