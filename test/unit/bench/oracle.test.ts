import { expect, it } from 'vitest';
import { oracle } from '../../../bench/baselines/oracle.ts';

const carriedBy = (...servers: number[]) => Float64Array.from(servers, (n) => n * 0.8);

it('serves exactly the demand and bills every launch from its boot on', () => {
  const run = oracle({ load: carriedBy(1, 1, 1, 1, 3, 3, 1, 1), bootMinutes: 2 });
  expect([...run.inService]).toEqual([1, 1, 1, 1, 3, 3, 1, 1]);
  expect([...run.desired]).toEqual([1, 1, 3, 3, 3, 3, 1, 1]);
});

it('keeps a server through a gap shorter than a launch, and not through one as long', () => {
  const short = oracle({ load: carriedBy(2, 1, 1, 2, 1), bootMinutes: 3 });
  expect([...short.inService]).toEqual([2, 2, 2, 2, 1]);
  const long = oracle({ load: carriedBy(2, 1, 1, 1, 2, 1), bootMinutes: 3 });
  expect([...long.inService]).toEqual([2, 1, 1, 1, 2, 1]);
});
