import { expect, it } from 'vitest';
import { ErrorBudget } from '../../../shared/objective/error-budget.ts';

const DAY = 1440;
const book = (budget: ErrorBudget, minutes: number, unserved: number, from = 0) => {
  for (let minute = from; minute < from + minutes; minute++) budget.book(minute, 10, unserved);
};

it('raises the price of servers while nothing is spent', () => {
  const budget = new ErrorBudget(0.001);
  const before = budget.price;
  book(budget, DAY, 0);
  expect(budget.price).toBeGreaterThan(before);
  expect(budget.left).toBe(1);
});

it('lowers it when more is unserved than was promised', () => {
  const budget = new ErrorBudget(0.001);
  book(budget, DAY, 0.02);
  expect(budget.price).toBeLessThan(0.005);
  expect(budget.left).toBeCloseTo(-1, 6);
});

it('leaves it where exactly its aim is spent', () => {
  const budget = new ErrorBudget(0.001);
  book(budget, 15 * DAY, 0);
  const before = budget.price;
  book(budget, DAY, 10 * 0.001 * 0.8, 15 * DAY);
  expect(budget.price).toBeCloseTo(before, 9);
});

it('forgets what was spent more than a fortnight ago', () => {
  const budget = new ErrorBudget(0.001);
  book(budget, DAY, 0.05);
  expect(budget.left).toBeLessThan(0);
  book(budget, 14 * DAY, 0, DAY);
  expect(budget.left).toBe(1);
});

it('keeps the price within bounds, however long it goes well or badly', () => {
  const good = new ErrorBudget(0.001);
  book(good, 60 * DAY, 0);
  expect(good.price).toBeCloseTo(0.43, 6);
  const bad = new ErrorBudget(0.001);
  book(bad, 3 * DAY, 5);
  expect(bad.price).toBeCloseTo(0.0005, 9);
});
