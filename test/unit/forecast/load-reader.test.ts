import { expect, it } from 'vitest';
import { loadReader } from '../../../shared/forecast/load-reader.ts';

const reader = (metric: 'cpu' | 'requestsPerSecond' | 'requestsPerTarget') =>
  loadReader({ metric, targetValue: 50 });

it.each([
  ['cpu', 250],
  ['requestsPerTarget', 50],
  ['requestsPerSecond', 250],
] as const)('reads %s in servers at the target', (metric, value) => {
  expect(reader(metric)(value, 5, 5, 4)).toBe(5);
});

it.each(['cpu', 'requestsPerTarget', 'requestsPerSecond'] as const)(
  'leaves a negative %s negative, for whoever can say so',
  (metric) => {
    expect(reader(metric)(-50, 5, 5, 4)).toBe(-1);
    expect(reader(metric)(-50, 5, 8, 4)).toBe(-1);
  },
);
