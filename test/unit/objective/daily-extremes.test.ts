import { expect, it } from 'vitest';
import { DailyExtremes } from '../../../shared/objective/daily-extremes.ts';

const day = 1440;

it('knows the highest and the lowest of 28 days, and forgets what is older', () => {
  const extremes = new DailyExtremes();
  expect([extremes.highest, extremes.lowest]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  extremes.add(100 * day, 50);
  extremes.add(100 * day + 1, 3);
  for (let later = 1; later < 28; later++) extremes.add((100 + later) * day, 10);
  expect([extremes.highest, extremes.lowest]).toEqual([50, 3]);
  extremes.add(128 * day, 10);
  expect([extremes.highest, extremes.lowest]).toEqual([10, 10]);
});

it('forgets days of which nothing was seen as well', () => {
  const extremes = new DailyExtremes();
  extremes.add(100 * day, 50);
  extremes.add(200 * day, 1);
  expect(extremes.highest).toBe(1);
});
