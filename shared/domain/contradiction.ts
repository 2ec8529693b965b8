import type { Sentence } from './sentence.ts';

/** The past of one load metric beside the CPU of the servers that carry it, period by period, oldest first; NaN: unknown. */
export interface SideBySide {
  /** In a sentence: `requestsPerTarget`. */
  readonly name: string;
  readonly load: Float64Array;
  /** CPU in the metric's own sense: the mean of the servers for one that is per server, their sum for a total. */
  readonly busy: Float64Array;
  /** Mean CPU of the servers in %. */
  readonly cpu: Float64Array;
}

/** A load that is at most this share of what it was has collapsed. */
const collapsed = 0.5;
/** Servers whose CPU is at least this share of what it was are as busy as before. */
const asBusy = 0.9;
/** Below this CPU in % servers do only their own housekeeping, which says nothing of the load. */
const leastCpu = 20;
/** So many periods with CPU as high under a load as low: the CPU does not depend on the load. */
const unrelatedPeriods = 3;

/**
 * Does the servers' CPU deny that the load has fallen? It does when they are as busy as before the fall and have not
 * been as busy under as low a load earlier.
 * @returns what says so; undefined: nothing denies it
 */
export function deniedFall({ name, load, busy, cpu }: SideBySide): Sentence | undefined {
  const isKnown = (index: number) => [load, busy, cpu].every((series) => Number.isFinite(series[index]));
  const known = [...load.keys()].filter(isKnown);
  const last = known.at(-1);
  if (last === undefined || cpu[last]! < leastCpu) return undefined;
  const now = load[last]!;
  const before = known.findLast((index) => load[index]! > 0 && now <= collapsed * load[index]!);
  if (before === undefined || busy[last]! < asBusy * busy[before]!) return undefined;
  const alike = known.filter(
    (index) => index < before && load[index]! <= now && busy[index]! >= asBusy * busy[last]!,
  );
  if (alike.length >= unrelatedPeriods) return undefined;
  const [from, to] = [load[before]!, now].map((value) => Math.round(value * 10) / 10);
  return { key: 'busyAsBefore', metric: name, from: from!, to: to!, cpu: Math.round(cpu[last]!) };
}

/** Servers without traffic report no load: where most are unhealthy, a falling load is their own failure. */
export function unhealthyDrop(healthy: number, inService: number): Sentence | undefined {
  if (inService === 0 || 2 * healthy >= inService) return undefined;
  return { key: 'fewAreHealthy', healthy, inService };
}
