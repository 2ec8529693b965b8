import { promise, type Row } from './compete.ts';
import { measureOfCalm, ourName } from './contenders.ts';

/** How ours stands on one case. Costs are relative to ours: below 1 means that ours is cheaper. */
export interface Standing {
  ours: Row;
  judged: boolean;
  keepsPromise: boolean;
  /** The cheapest rival that keeps the promise on the test half; undefined when none does. */
  rival: Row | undefined;
  /** Ours ÷ that rival. */
  overRival: number | undefined;
  /** Ours ÷ the cheapest rival whose knobs were picked in hindsight on the test half. */
  overHindsight: number | undefined;
  /** Ours ÷ target tracking at 50 %, scaling in at 0.9 of it, and at 0.7 as AWS sets it up for EC2. */
  overDefault: number;
  overDefaultAtSeventy: number;
  /** At most as many adaptations as tuned target tracking with k = 0.9. */
  calm: boolean;
  /** Where no rival keeps the promise: our violation ÷ the HPA's once our promise was changed to cost the same. */
  violationOverHpa: number | undefined;
}

/**
 * Compares ours with the rivals on one case.
 * @param equalCost our violation at the cost of a rival; asked only where no rival keeps the promise
 */
export function standing(rows: Row[], equalCost: (rival: Row) => number): Standing {
  const ours = rows.find(({ policy }) => policy.startsWith(ourName))!;
  const rivals = rows.filter((row) => row !== ours);
  const named = (name: string) => rivals.find(({ policy }) => policy === name)!;
  const cheapest = (best: Row | undefined, row: Row) =>
    !best || row.costOverOracle < best.costOverOracle ? row : best;
  const rival = rivals
    .filter(({ violation }) => violation <= promise)
    .reduce<Row | undefined>(cheapest, undefined);
  const hindsight = Math.min(...rivals.map((row) => row.hindsightCostOverOracle ?? Number.POSITIVE_INFINITY));
  const hpa = named('kubernetes hpa');
  return {
    ours,
    judged: ours.judged && rival !== undefined,
    keepsPromise: ours.violation <= promise,
    rival,
    overRival: rival && ours.costOverOracle / rival.costOverOracle,
    overHindsight: Number.isFinite(hindsight) ? ours.costOverOracle / hindsight : undefined,
    overDefault: ours.costOverOracle / named('target tracking at 50 %').costOverOracle,
    overDefaultAtSeventy: ours.costOverOracle / named('target tracking at 50 %, k=0.7').costOverOracle,
    calm: ours.adaptationsPerDay <= named(measureOfCalm).adaptationsPerDay,
    violationOverHpa: rival ? undefined : equalCost(hpa) / hpa.violation,
  };
}

/** Geometric mean; undefined of nothing. */
export function geometricMean(values: number[]): number | undefined {
  if (values.length === 0) return undefined;
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
