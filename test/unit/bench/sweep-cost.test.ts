import { expect, it } from 'vitest';
import { sweepCost } from '../../../bench/sweep-cost.ts';

it('times a sweep over loopback beside the same requests, the fewest that there can be', async () => {
  const { ms, bareMs, calls } = await sweepCost(2, 1);
  expect(calls).toEqual({ BatchGetItem: 1, DescribeAlarms: 1, DescribeAutoScalingGroups: 1 });
  expect(ms).toBeGreaterThan(0);
  expect(bareMs).toBeGreaterThan(0);
});
