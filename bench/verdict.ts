import { promise, type Row } from './compete.ts';
import { measureOfCalm, ourName, usualDefault } from './contenders.ts';

/** How ours stands on one case. Costs are ours ÷ theirs: below 1 means that ours is cheaper. */
export interface Standing {
  ours: Row;
  /** A week or more, and some rival keeps the promise on the test half. */
  judged: boolean;
  keepsPromise: boolean;
  /** Ours ÷ the cheapest rival whose knobs were picked in hindsight on the test half; undefined: none keeps the promise there. */
  overHindsight: number | undefined;
  /** The cheapest rival that keeps the promise on the test half; undefined when none does. */
  rival: Row | undefined;
  overRival: number | undefined;
  /** Ours ÷ target tracking at 50 %, where that keeps the promise. */
  overDefault: number | undefined;
  /** Changes a day, ours − tuned target tracking with k = 0.9. */
  moreChanges: number;
  /** Where no rival keeps the promise: our violation ÷ the best rival's once our promise was changed to cost the same. */
  violationAtEqualCost: number | undefined;
  /** The share that could be promised by what was known before the test half. */
  promisable: number;
}

/**
 * Compares ours with the rivals on one case.
 * @param equalCost our violation at the cost of a rival; asked only where no rival keeps the promise
 * @param promisable what our policy said before the test half
 */
export function standing(rows: Row[], equalCost: (rival: Row) => number, promisable: number): Standing {
  const ours = rows.find(({ policy }) => policy.startsWith(ourName))!;
  const rivals = rows.filter((row) => row !== ours);
  const named = (name: string) => rivals.find(({ policy }) => policy === name)!;
  const rival = least(rivals.filter(keeps), ({ costOverOracle }) => costOverOracle);
  const leastBroken = least(rivals, ({ violation }) => violation)!;
  const hindsight = Math.min(...rivals.map((row) => row.hindsightCostOverOracle ?? Number.POSITIVE_INFINITY));
  const usual = named(usualDefault);
  return {
    ours,
    judged: ours.judged && rival !== undefined,
    keepsPromise: keeps(ours),
    overHindsight: Number.isFinite(hindsight) ? ours.costOverOracle / hindsight : undefined,
    rival,
    overRival: rival && ours.costOverOracle / rival.costOverOracle,
    overDefault: keeps(usual) ? ours.costOverOracle / usual.costOverOracle : undefined,
    moreChanges: ours.adaptationsPerDay - named(measureOfCalm).adaptationsPerDay,
    violationAtEqualCost: rival ? undefined : equalCost(leastBroken) / leastBroken.violation,
    promisable,
  };
}

function keeps({ violation }: Row): boolean {
  return violation <= promise;
}

function least(rows: Row[], by: (row: Row) => number): Row | undefined {
  return rows.reduce<Row | undefined>((best, row) => (best && by(best) <= by(row) ? best : row), undefined);
}

/** Geometric mean; undefined of nothing. */
export function geometricMean(values: number[]): number | undefined {
  if (values.length === 0) return undefined;
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
