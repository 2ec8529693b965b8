import { promise } from './compete.ts';
import { geometricMean, type Standing } from './verdict.ts';

/** A goal of the benchmark page, and whether it is met. */
export interface Goal {
  readonly goal: string;
  readonly wanted: string;
  readonly seen: string;
  /** undefined: there was nothing to judge. */
  readonly met: boolean | undefined;
}

const judgedTraces = /worldcup|nasa95|nyc_taxi/;
/** A forecast of what can be promised is right within this factor. */
const rightWithin = 2;

/** The four goals over the cases of one footing; traces of a week or less are reported and not judged. */
export function goalsOf(all: readonly Standing[]): Goal[] {
  const standings = all.filter(({ ours }) => ours.judged);
  const pools = standings.filter(({ ours }) => ours.trace.startsWith('pool'));
  const judged = standings.filter(({ ours }) => judgedTraces.test(ours.trace));
  return [
    counted(
      'the promise is kept where a tuned rival keeps it',
      standings.filter(hasRival),
      (each) => each.keepsPromise,
    ),
    counted(
      "elsewhere V is at most half of the best rival's at equal cost",
      standings.filter((each) => !hasRival(each)),
      ({ violationAtEqualCost }) => violationAtEqualCost! <= 0.5,
    ),
    mean('cost ÷ best in hindsight, pools', pools, (each) => each.overHindsight, 0.8),
    mean('cost ÷ best in hindsight, judged three', judged, (each) => each.overHindsight, 0.94),
    counted(
      'never above the best in hindsight',
      standings.filter(({ overHindsight }) => overHindsight !== undefined),
      ({ overHindsight }) => overHindsight! <= 1,
    ),
    mean('cost ÷ target tracking at 50 %, where that keeps V', standings, (each) => each.overDefault, 0.68),
    counted('no more changes a day than target tracking k=0.9', standings, (each) => each.moreChanges <= 0),
    counted('what can be promised is known beforehand, within a factor of two', standings, isRight),
  ];
}

/** Where the promise was called possible, it is kept; where another share was named, half to twice that share is unserved. */
function isRight({ ours: { violation }, promisable }: Standing): boolean {
  if (promisable <= promise) return violation <= promise;
  return violation <= rightWithin * promisable && violation >= promisable / rightWithin;
}

function hasRival({ rival }: Standing): boolean {
  return rival !== undefined;
}

function counted(goal: string, cases: readonly Standing[], isMet: (one: Standing) => boolean): Goal {
  const met = cases.filter(isMet).length;
  return {
    goal,
    wanted: `${cases.length}`,
    seen: `${met} of ${cases.length}`,
    met: judgedBy(cases, met === cases.length),
  };
}

function judgedBy(cases: readonly Standing[], isMet: boolean): boolean | undefined {
  return cases.length > 0 ? isMet : undefined;
}

function mean(
  goal: string,
  cases: readonly Standing[],
  of: (one: Standing) => number | undefined,
  most: number,
): Goal {
  const value = geometricMean(cases.map(of).filter((each) => each !== undefined));
  const seen = value === undefined ? '–' : value.toFixed(3);
  return { goal, wanted: `≤ ${most.toFixed(2)}`, seen, met: value === undefined ? undefined : value <= most };
}
