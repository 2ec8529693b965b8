import { isOfWindow } from './grants.ts';
import type { Grant } from './ledger.ts';
import type { OpenWindow } from './observation.ts';

/** Which window each grant is of, and which windows have none yet. */
export interface Pairs {
  /** By the grant's place among the grants; undefined: its window is not open. */
  readonly windows: readonly (OpenWindow | undefined)[];
  /** Windows that add servers and have no grant yet, in an order of their own: it must not matter whose event came first. */
  readonly unanswered: readonly OpenWindow[];
}

/**
 * Pairs grants with windows. Both lie mostly in one order, so that each is looked for where the one before was found: a hundred
 * of each take about as many comparisons, and not ten thousand.
 */
export function pairsOf(grants: readonly Grant[], windows: readonly OpenWindow[]): Pairs {
  const answered = new Array<boolean>(windows.length).fill(false);
  let at = 0;
  const found = grants.map((grant) => {
    for (let step = 0; step < windows.length; step++) {
      const here = at;
      at = at + 1 === windows.length ? 0 : at + 1;
      if (answered[here] || !isOfWindow(grant, windows[here]!)) continue;
      answered[here] = true;
      return windows[here];
    }
    return undefined;
  });
  const unanswered = windows.filter(({ boost }, index) => boost && !answered[index]);
  if (unanswered.length > 1)
    unanswered.sort((one, other) => one.start - other.start || (one.name < other.name ? -1 : 1));
  return { windows: found, unanswered };
}
