import { expect, it } from 'vitest';
import { RateLimit } from '../src/cloudwatch/rate-limit.ts';

const now = Date.parse('2026-03-02T11:00:00Z');

/** How many of ten calls of one instant are answered. */
function answered(limit: RateLimit, at: number): number {
  let count = 0;
  for (let call = 0; call < 10; call++) {
    try {
      limit.take(at, now);
      count += 1;
    } catch (error) {
      expect(error).toMatchObject({ code: 'Throttling' });
    }
  }
  return count;
}

it('lets through so many calls in each second, in whatever order callers come that have waited', () => {
  const limit = new RateLimit(9);
  expect([0, 2_000, 1_000, 2_999, 0, 3_000].map((ms) => answered(limit, now + ms))).toEqual([
    9, 9, 9, 0, 0, 9,
  ]);
});
