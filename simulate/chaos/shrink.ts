import type { Plan } from './plan.ts';
import { play } from './play.ts';
import type { Options, Played } from './simulation.ts';

/** What is left of a run that fails when nothing more can be left out. */
export interface Shrunk {
  readonly kept: Pick<Options, 'happenings' | 'faults'>;
  readonly played: Played;
}

/** Plays at most so many runs: what cannot be made small in them is reported as it is. */
const playsAtMost = 400;

/**
 * Leaves out happenings and faults for as long as the same invariant is still violated: halves first, then smaller parts,
 * then one by one (Zeller's delta debugging).
 */
export async function shrink(plan: Plan, failed: Played, mutation?: Options['mutation']): Promise<Shrunk> {
  const { invariant } = failed.violations[0]!;
  const all = [
    ...plan.happenings.map(({ id }) => `happening ${id}`),
    ...failed.faults.map(({ place }) => `fault ${place}`),
  ];
  let best = { items: all, played: failed };
  let plays = 0;
  for (let size = Math.ceil(all.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < best.items.length && plays < playsAtMost; ) {
      const items = best.items.toSpliced(start, size);
      const played = await play(plan, { ...keptOf(items), mutation });
      plays++;
      if (played.violations[0]?.invariant === invariant) best = { items, played };
      else start += size;
    }
  }
  return { kept: keptOf(best.items), played: best.played };
}

function keptOf(items: readonly string[]): Shrunk['kept'] {
  const named = (kind: string) =>
    new Set(items.filter((item) => item.startsWith(kind)).map((item) => item.slice(kind.length + 1)));
  return { happenings: named('happening'), faults: named('fault') };
}
