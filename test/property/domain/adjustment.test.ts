import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adjusted, stepFor, truncatedPercent } from '../../../shared/domain/adjustment.ts';
import { fewestAllowed, mostAllowed } from '../../../shared/domain/behavior.ts';
import { recommend } from '../../../shared/domain/target-tracking.ts';

const capacity = fc.integer({ min: 1, max: 10_000 });
const percent = fc.integer({ min: -100, max: 500 }).filter((n) => n !== 0);

test('a percentage is truncated towards zero, but changes at least one server, as AWS has it', () => {
  fc.assert(
    fc.property(capacity, percent, (servers, share) => {
      const exact = (servers * share) / 100;
      const change = truncatedPercent(servers, share);
      expect(Number.isInteger(change)).toBe(true);
      expect(Math.sign(change)).toBe(Math.sign(exact));
      if (Math.abs(exact) >= 1) expect(Math.abs(exact) - Math.abs(change)).toBeLessThan(1);
      else expect(Math.abs(change)).toBe(1);
    }),
  );
});

/** The examples of https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html */
test.each([
  [10, 10, 1, 'values greater than 1 are rounded down: 12.7 is 12'],
  [127, 10, 12, '12.7 is 12'],
  [67, 1, 1, 'values between 0 and 1 are rounded to 1: .67 is 1'],
  [58, -1, -1, 'values between 0 and −1 are rounded to −1: −.58 is −1'],
  [667, -1, -6, 'values less than −1 are rounded up: −6.67 is −6'],
])('of %i servers %i %% is %i: %s', (servers, share, change) => {
  expect(truncatedPercent(servers, share)).toBe(change);
});

test('a percentage changes by no fewer than the minimum adjustment magnitude', () => {
  fc.assert(
    fc.property(capacity, percent, fc.integer({ min: 1, max: 50 }), (servers, share, least) => {
      const change = adjusted('PercentChangeInCapacity', share, servers, least) - servers;
      expect(Math.abs(change)).toBeGreaterThanOrEqual(least);
      expect(Math.sign(change)).toBe(Math.sign(share));
    }),
  );
  expect(adjusted('PercentChangeInCapacity', 25, 4, 2)).toBe(6);
});

test('the other adjustment types are what they say', () => {
  fc.assert(
    fc.property(capacity, fc.integer({ min: 0, max: 100 }), (servers, amount) => {
      expect(adjusted('ExactCapacity', amount, servers, 0)).toBe(amount);
      expect(adjusted('ChangeInCapacity', amount, servers, 0)).toBe(servers + amount);
    }),
  );
});

test('exactly one of adjoining steps holds a metric, at their bounds too', () => {
  const steps = [
    { metricIntervalLowerBound: 0, metricIntervalUpperBound: 10, scalingAdjustment: 1 },
    { metricIntervalLowerBound: 10, metricIntervalUpperBound: 20, scalingAdjustment: 2 },
    { metricIntervalLowerBound: 20, scalingAdjustment: 3 },
  ];
  const mirrored = [
    { metricIntervalUpperBound: 0, metricIntervalLowerBound: -10, scalingAdjustment: -1 },
    { metricIntervalUpperBound: -10, metricIntervalLowerBound: -20, scalingAdjustment: -2 },
    { metricIntervalUpperBound: -20, scalingAdjustment: -3 },
  ];
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), (half) => {
      const distance = half / 2;
      const expected = Math.min(1 + Math.floor(distance / 10), 3);
      expect(stepFor(steps, distance, true)).toBe(expected);
      expect(stepFor(mirrored, -distance, false)).toBe(-expected);
    }),
  );
  expect(stepFor(steps, -0.1, true)).toBeUndefined();
});

test('target tracking rounds up, as HPA does, and floating point buys no server', () => {
  const target = { name: 'cpu', metricKey: 'cpu@60', perServer: true, disableScaleIn: false };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 1500 }), (servers, needed) => {
      const targetValue = 0.1;
      const value = (needed * targetValue) / servers;
      const readiness = { desired: servers, warm: servers };
      const wish = recommend({ ...target, targetValue }, value, readiness, { up: 0, down: 0 });
      expect(wish?.servers).toBe(needed);
      const less = recommend({ ...target, targetValue }, value - 0.000_01, readiness, { up: 0, down: 0 });
      expect(less?.servers).toBe(needed);
    }),
  );
});

test('behavior rounds in favour of the change, in whole numbers', () => {
  const rules = (value: number) => ({
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max' as const,
    policies: [{ type: 'Percent' as const, value, periodSeconds: 60 }],
    tolerance: 0.1,
  });
  fc.assert(
    fc.property(capacity, fc.integer({ min: 1, max: 100 }), (servers, value) => {
      const most = mostAllowed(rules(value), [], servers, 0);
      expect(most * 100).toBeGreaterThanOrEqual(servers * (100 + value));
      expect((most - 1) * 100).toBeLessThan(servers * (100 + value));
      const fewest = fewestAllowed(rules(value), [], servers, 0);
      expect(fewest * 100).toBeLessThanOrEqual(servers * (100 - value));
      expect((fewest + 1) * 100).toBeGreaterThan(servers * (100 - value));
    }),
  );
});
