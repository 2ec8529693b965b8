import type { Instant } from '../domain/observation.ts';

/** Minutes of a series of which nothing is known yet: NaN each. */
export function unknownMinutes(from: Instant, to: Instant): Float64Array {
  return new Float64Array(Math.ceil((to - from) / 60_000)).fill(Number.NaN);
}

/** The sum of series, by the minute; undefined: none says anything. A sum of which a part is unknown is unknown. */
export function summed(each: readonly Float64Array[]): Float64Array | undefined {
  return combined(each, (sum, value) => sum + value);
}

/** The most of series, by the minute; undefined: none says anything. A most of which a part is unknown is unknown. */
export function mostOf(each: readonly Float64Array[]): Float64Array | undefined {
  return combined(each, Math.max);
}

/** Of those that say anything: a listener that nobody asks, or that forwards elsewhere, never does. */
function combined(
  each: readonly Float64Array[],
  put: (one: number, other: number) => number,
): Float64Array | undefined {
  const [first, ...others] = each.filter((one) => one.some((value) => !Number.isNaN(value)));
  return first?.map((value, minute) => others.reduce((sofar, other) => put(sofar, other[minute]!), value));
}
