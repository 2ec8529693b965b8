import type { AdverseLoad, AdverseRun } from './fleet.ts';

/** Half-open range of minutes. */
export interface Between {
  readonly from: number;
  readonly to: number;
}

export function peakAsk({ desired }: AdverseRun, { from, to }: Between): number {
  return Math.max(...desired.subarray(from, to));
}

/** How often servers were given back while the newest minute that could be seen was more than those in service carried. */
export function scaleInsWhileOverloaded(
  { load }: AdverseLoad,
  { desired, inService }: AdverseRun,
  { from, to }: Between,
): number {
  let count = 0;
  for (let minute = Math.max(2, from); minute < to; minute++) {
    const isOverloaded = load[minute - 2]! > inService[minute - 2]!;
    if (desired[minute]! < desired[minute - 1]! && isOverloaded) count++;
  }
  return count;
}

/** Share of the load that was not served. */
export function unservedShare(
  { load }: AdverseLoad,
  { inService }: AdverseRun,
  { from, to }: Between,
): number {
  let [unserved, total] = [0, 0];
  for (let minute = from; minute < to; minute++) {
    unserved += Math.max(0, load[minute]! - inService[minute]!);
    total += load[minute]!;
  }
  return total > 0 ? unserved / total : 0;
}

/** Minutes from the first one until the load is carried, to stay so for ten minutes; undefined: never. */
export function minutesToServe(
  { load }: AdverseLoad,
  { inService }: AdverseRun,
  { from, to }: Between,
): number | undefined {
  for (let minute = from; minute + 10 <= to; minute++) {
    const served = Array.from({ length: 10 }, (_, at) => load[minute + at]! <= inService[minute + at]!);
    if (served.every(Boolean)) return minute - from;
  }
  return undefined;
}

/** Server-minutes. */
export function cost({ desired }: AdverseRun, { from, to }: Between): number {
  return desired.subarray(from, to).reduce((sum, servers) => sum + servers, 0);
}

/** What was said first when the load was not believed. */
export function firstDoubt({ doubts }: AdverseRun, { from, to }: Between): string | undefined {
  return doubts.slice(from, to).find((doubt) => doubt !== undefined);
}
