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
  if (grants.length < worthKeeping) return paired(grants, windows);
  const kept = answers.get(grants);
  if (kept?.windows === windows) return kept.pairs;
  const pairs = paired(grants, windows);
  answers.set(grants, { windows, pairs });
  return pairs;
}

/** A look decides several times about the same grants and windows, neither of which ever changes: it pairs them once. */
const answers = new WeakMap<readonly Grant[], { windows: readonly OpenWindow[]; pairs: Pairs }>();
const worthKeeping = 8;

function paired(grants: readonly Grant[], windows: readonly OpenWindow[]): Pairs {
  const answered: Grant[] = [];
  const found: (OpenWindow | undefined)[] = [];
  let at = 0;
  for (const grant of grants) {
    let window: OpenWindow | undefined;
    for (let step = 0; step < windows.length && !window; step++) {
      if (answered[at] === undefined && isOfWindow(grant, windows[at]!)) {
        window = windows[at];
        answered[at] = grant;
      }
      at = at + 1 === windows.length ? 0 : at + 1;
    }
    found.push(window);
  }
  return { windows: found, unanswered: unansweredOf(windows, answered) };
}

function unansweredOf(windows: readonly OpenWindow[], answered: readonly Grant[]): readonly OpenWindow[] {
  const left: OpenWindow[] = [];
  for (let at = 0; at < windows.length; at++) {
    const window = windows[at]!;
    if (window.boost && answered[at] === undefined) left.push(window);
  }
  if (left.length < 2) return left;
  return left.sort((one, other) => one.start - other.start || (one.name < other.name ? -1 : 1));
}
