import { PROMISE, type Row } from './compete.ts';
import { MEASURE_OF_CALM, OURS } from './contenders.ts';

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
  /** Ours ÷ target tracking at 50 %. */
  overDefault: number;
  /** At most as many adaptations as tuned target tracking with k = 0.9. */
  calm: boolean;
  /** Where no rival keeps the promise: our violation ÷ the HPA's, and our cost ÷ the HPA's. */
  againstHpa: { violation: number; cost: number } | undefined;
}

/** Compares ours with the rivals on one case. */
export function standing(rows: Row[]): Standing {
  const ours = rows.find(({ policy }) => policy.startsWith(OURS))!;
  const rivals = rows.filter((row) => row !== ours);
  const named = (name: string) => rivals.find(({ policy }) => policy === name)!;
  const cheapest = (best: Row | undefined, row: Row) =>
    !best || row.costOverOracle < best.costOverOracle ? row : best;
  const rival = rivals
    .filter(({ violation }) => violation <= PROMISE)
    .reduce<Row | undefined>(cheapest, undefined);
  const hindsight = Math.min(...rivals.map((row) => row.hindsightCostOverOracle ?? Number.POSITIVE_INFINITY));
  const hpa = named('kubernetes hpa');
  return {
    ours,
    judged: ours.judged && rival !== undefined,
    keepsPromise: ours.violation <= PROMISE,
    rival,
    overRival: rival && ours.costOverOracle / rival.costOverOracle,
    overHindsight: Number.isFinite(hindsight) ? ours.costOverOracle / hindsight : undefined,
    overDefault: ours.costOverOracle / named('target tracking at 50 %').costOverOracle,
    calm: ours.adaptationsPerDay <= named(MEASURE_OF_CALM).adaptationsPerDay,
    againstHpa: rival
      ? undefined
      : { violation: ours.violation / hpa.violation, cost: ours.costOverOracle / hpa.costOverOracle },
  };
}

/** Geometric mean; undefined of nothing. */
export function geometricMean(values: number[]): number | undefined {
  if (values.length === 0) return undefined;
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
