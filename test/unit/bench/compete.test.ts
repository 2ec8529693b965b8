import { describe, expect, it } from 'vitest';
import { compete, type Row } from '../../../bench/compete.ts';
import { type Contender, measureOfCalm, ourName } from '../../../bench/contenders.ts';
import { goalsOf } from '../../../bench/goals.ts';
import { prepareCase } from '../../../bench/protocol.ts';
import { geometricMean, standing } from '../../../bench/verdict.ts';

const day = 1440;
const load = Float64Array.from(
  { length: 12 * day },
  (_, minute) => 1000 * (2 + Math.sin((2 * Math.PI * minute) / day)) * (minute < 7 * day ? 1 : 1.2),
);
const workload = prepareCase({ name: 'growing', startsAt: 0, load, resolutionMinutes: 1 }, 3, 20);

/** A fleet of a fixed size; `restless` makes it change every minute. */
const fixed = (name: string, sizes: number[], restless = false): Contender => ({
  name,
  grid: sizes.map((size) => ({ size })),
  make:
    (_, { size }) =>
    ({ now }) =>
      size! + (restless ? now % 2 : 0),
});
const chosen = (contenders: Contender[]) => compete(workload, contenders).map(({ knobs }) => knobs.size);

describe('choosing knobs on the training half', () => {
  it('takes the cheapest that keeps the promise there, whatever the test half says', () => {
    const [row] = compete(workload, [fixed('static', [20, 29, 40])]);
    expect(row!.knobs).toEqual({ size: 29 });
    expect(row!.training.violation).toBeLessThanOrEqual(0.001);
    expect(row!.violation).toBeGreaterThan(0.001);
    expect(row!.hindsightCostOverOracle).toBeGreaterThan(row!.costOverOracle);
  });

  it('takes the least broken when none keeps it', () => {
    expect(chosen([fixed('static', [10, 12, 11])])).toEqual([12]);
  });
});

describe('where ours stands', () => {
  const row = (policy: string, costOverOracle: number, violation = 0.0005): Row => ({
    ...compete(workload, [fixed(policy, [40])])[0]!,
    costOverOracle,
    violation,
    hindsightCostOverOracle: costOverOracle,
  });
  const usual = [row(measureOfCalm, 1.3), row('target tracking at 50 %', 1.6)];

  it('compares with the cheapest rival that keeps the promise', () => {
    const rows = [...usual, row('kubernetes hpa', 1.1, 0.002), row(`${ourName} objective`, 1.2)];
    const result = standing(rows, () => 0, 0);
    expect(result.rival?.policy).toBe(measureOfCalm);
    expect(result.overRival).toBeCloseTo(1.2 / 1.3, 12);
    expect(result.overHindsight).toBeCloseTo(1.2 / 1.1, 12);
    expect(result.overDefault).toBeCloseTo(0.75, 12);
    expect(result.violationAtEqualCost).toBeUndefined();
  });

  it('compares violations at equal cost where nobody keeps it', () => {
    const broken = usual.map((rival) => ({ ...rival, violation: 0.01 }));
    const rows = [...broken, row('kubernetes hpa', 1.1, 0.004), row(`${ourName} objective`, 1.2)];
    const result = standing(rows, () => 0.003, 0);
    expect(result.judged).toBe(false);
    expect(result.overDefault).toBeUndefined();
    expect(result.violationAtEqualCost).toBeCloseTo(0.75, 12);
  });

  it('is right about what can be promised within a factor of two', () => {
    const known = 'what can be promised is known beforehand, within a factor of two';
    const met = (violation: number, promisable: number) => {
      const rows = [...usual, row(`${ourName} objective`, 1.2, violation)];
      return goalsOf([standing(rows, () => 0, promisable)]).find(({ goal }) => goal === known)!.met;
    };
    expect(met(0.0009, 0.0002)).toBe(true);
    expect(met(0.0012, 0.0002)).toBe(false);
    expect(met(0.003, 0.002)).toBe(true);
    expect(met(0.005, 0.002)).toBe(false);
    expect(met(0.0009, 0.002)).toBe(false);
  });
});

it('takes geometric means', () => {
  expect(geometricMean([0.5, 2])).toBeCloseTo(1, 12);
  expect(geometricMean([])).toBeUndefined();
});
