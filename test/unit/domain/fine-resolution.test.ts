import { expect, test } from 'vitest';
import { policyOf } from '../../kit/lone-group.ts';

const targets = [
  { metric: 'cpu', targetValue: 60 },
  { metric: { namespace: 'Shop', metricName: 'Waiting' }, targetValue: 5 },
];

function periods(resolutionSeconds?: number): number[] {
  const ecs = { cluster: 'shop', service: 'web', ...(resolutionSeconds && { resolutionSeconds }) };
  return policyOf({ ecs, minSize: 1, maxSize: 4, targets }).metrics.map(({ periodSeconds }) => periodSeconds);
}

test('a target of a service that publishes every 20 seconds goes by the newest 20 seconds, and by minutes of all else', () => {
  expect(periods()).toEqual([60, 60]);
  expect(periods(60)).toEqual([60, 60]);
  expect(periods(20)).toEqual([20, 60]);
});
