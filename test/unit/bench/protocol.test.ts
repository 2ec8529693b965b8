import { expect, it } from 'vitest';
import { demandOf } from '../../../bench/metrics.ts';
import { prepareCase, splitTrace } from '../../../bench/protocol.ts';

const day = 1440;
const recording = (load: Float64Array, resolutionMinutes = 1) => ({
  name: 'mine',
  startsAt: 0,
  load,
  resolutionMinutes,
});
const wave = (days: number, level: number) =>
  Float64Array.from(
    { length: days * day },
    (_, minute) => level * (2 + Math.sin((2 * Math.PI * minute) / day)),
  );

it('warms up for a quarter, then halves the rest at a day', () => {
  expect(splitTrace('mine', 20 * day)).toEqual({
    training: { from: 5 * day, to: 12 * day },
    test: { from: 12 * day, to: 20 * day },
  });
});

it('takes the documented warm-up for the traces that have one', () => {
  expect(splitTrace('worldcup98', 87 * day).training.from).toBe(14 * day);
});

it('sizes servers so that the training half needs the asked number in the mean', () => {
  const { load, training } = prepareCase(recording(wave(12, 5000)), 3, 20);
  const demand = load.subarray(training.from, training.to).reduce((sum, value) => sum + demandOf(value), 0);
  expect(demand / (training.to - training.from)).toBeCloseTo(20, 2);
});

it('does not care in what unit the load is', () => {
  const small = prepareCase(recording(wave(8, 1000)), 3, 20);
  const large = prepareCase(recording(wave(8, 7000)), 3, 20);
  expect(large.oracleCost).toEqual(small.oracleCost);
});

it('smooths thin one-minute counts over the last five minutes, and nothing else', () => {
  const spiky = Float64Array.from({ length: 4 * day }, (_, minute) => (minute % 5 === 0 ? 100 : 0));
  const { load } = prepareCase(recording(spiky), 3, 20);
  expect(Math.max(...load.subarray(10)) - Math.min(...load.subarray(10))).toBeLessThan(1e-6);
  const coarse = prepareCase(recording(spiky, 5), 3, 20).load;
  expect(Math.min(...coarse)).toBe(0);
});

it('does not judge a week or less', () => {
  expect(prepareCase(recording(wave(7, 500)), 3, 20).judged).toBe(false);
  expect(prepareCase(recording(wave(8, 500)), 3, 20).judged).toBe(true);
});
