import { describe, expect, it } from 'vitest';
import { ErrorBudget } from '../../../shared/objective/error-budget.ts';

const dayMinutes = 1440;
const base = 0.01;
const book = (budget: ErrorBudget, minutes: number, unserved: number, from = 0) => {
  for (let minute = from; minute < from + minutes; minute++) budget.book(minute, 10, unserved);
};

it('leaves the price as it is while nothing is spent: a reserve that keeps everything is not given back for that', () => {
  const budget = new ErrorBudget(0.001);
  expect(budget.price(base)).toBeCloseTo(base, 9);
  book(budget, 20 * dayMinutes, 0);
  expect(budget.price(base)).toBeCloseTo(base, 9);
  expect(budget.left).toBe(1);
});

it('lowers it when more is unserved than was promised', () => {
  const budget = new ErrorBudget(0.001);
  book(budget, dayMinutes, 0.02);
  expect(budget.price(base)).toBeLessThan(base);
  expect(budget.left).toBeCloseTo(-1, 6);
});

it('leaves it where exactly its aim is spent', () => {
  const budget = new ErrorBudget(0.001);
  book(budget, 30 * dayMinutes, 10 * 0.001 * 0.8);
  const before = budget.price(base);
  book(budget, dayMinutes, 10 * 0.001 * 0.8, 30 * dayMinutes);
  expect(budget.price(base)).toBeCloseTo(before, 9);
});

describe('what was overspent', () => {
  it('makes servers worth more until it has been paid back, long after the burst', () => {
    const [overspent, never] = [new ErrorBudget(0.001), new ErrorBudget(0.001)];
    book(overspent, 10 * dayMinutes, 0);
    book(never, 10 * dayMinutes, 0);
    book(overspent, 60, 10, 10 * dayMinutes);
    book(never, 60, 0, 10 * dayMinutes);
    for (let day = 11; day < 31; day++) {
      book(overspent, dayMinutes, 0, day * dayMinutes);
      book(never, dayMinutes, 0, day * dayMinutes);
    }
    // 600 unserved of a budget of 28 days × 14,400 × 0.001 = 403: the debt is what exceeds 60 %, twice.
    expect(overspent.left).toBeCloseTo(1 - 600 / 403.2, 1);
    const debt = 2 * (1 - overspent.left - 0.6);
    expect(Math.log(never.price(base) / overspent.price(base))).toBeCloseTo(debt, 6);
    book(overspent, 9 * dayMinutes, 0, 31 * dayMinutes);
    book(never, 9 * dayMinutes, 0, 31 * dayMinutes);
    expect(overspent.price(base)).toBeCloseTo(never.price(base), 9);
  });

  it('is forgotten after 28 days, and not after 27', () => {
    const budget = new ErrorBudget(0.001);
    book(budget, dayMinutes, 0.05);
    expect(budget.left).toBeLessThan(0);
    book(budget, 27 * dayMinutes, 0, dayMinutes);
    expect(budget.left).toBeLessThan(1);
    book(budget, dayMinutes, 0, 28 * dayMinutes);
    expect(budget.left).toBe(1);
  });
});

it('is the budget of the days since it was begun, 28 at most', () => {
  const budget = new ErrorBudget(0.001);
  expect(budget.days).toBe(0);
  book(budget, 5 * dayMinutes, 0.01);
  expect(budget.days).toBe(5);
  expect(budget.left).toBeCloseTo(0, 6);
  book(budget, 40 * dayMinutes, 0.005, 5 * dayMinutes);
  expect(budget.days).toBe(28);
  expect(budget.left).toBeCloseTo(0.5, 6);
});

it('keeps the price within bounds, however long it goes well or badly', () => {
  const good = new ErrorBudget(0.001);
  book(good, 60 * dayMinutes, 0);
  expect(good.price(0.6)).toBeCloseTo(0.43, 6);
  const bad = new ErrorBudget(0.001);
  book(bad, 3 * dayMinutes, 5);
  expect(bad.price(0.01)).toBeCloseTo(1e-6, 12);
});

it('goes on as it would have when it is saved and restored', () => {
  const budget = new ErrorBudget(0.001);
  book(budget, 20 * dayMinutes + 3, 0.011);
  const again = new ErrorBudget(0.001);
  again.restore(JSON.parse(JSON.stringify(budget)));
  for (const each of [budget, again]) book(each, 12 * dayMinutes, 0.004, 20 * dayMinutes + 3);
  expect(again.price(base)).toBe(budget.price(base));
  expect(again.left).toBe(budget.left);
});
