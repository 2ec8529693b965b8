import { expect, it } from 'vitest';
import { bundleCosts } from '../../../bench/functions/bundles.ts';
import { sweepCosts } from '../../../bench/functions/sweeps.ts';

it('weighs a function beside one that only imports the same clients', async () => {
  const { functions, trimmed } = await bundleCosts(['history'], 1);
  const { bundleBytes, bareBundleBytes, loadMs, bareLoadMs } = functions['history']!;
  expect(bareBundleBytes).toBeGreaterThan(trimmed.bundleBytes);
  expect(bundleBytes).toBeGreaterThan(trimmed.bundleBytes);
  expect(bundleBytes - bareBundleBytes).toBeLessThan(80_000);
  expect(Math.min(loadMs, bareLoadMs)).toBeGreaterThan(0);
});

it('times a sweep beside its calls, the fewest that there can be', async () => {
  const { sweep, look } = await sweepCosts([2], 1);
  expect(sweep[2]!.calls).toEqual({ BatchGetItem: 1, DescribeAlarms: 1, DescribeAutoScalingGroups: 1 });
  expect(Math.min(sweep[2]!.ms, sweep[2]!.bareMs, look.ms, look.bareMs)).toBeGreaterThan(0);
});
