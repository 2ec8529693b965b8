import { expect, it } from 'vitest';
import { Ridge } from '../../../shared/objective/ridge.ts';

const feed = (ridge: Ridge, weights: [number, number], samples: number) => {
  for (let i = 0; i < samples; i++) {
    const x = Float64Array.from([1 + (i % 7), 2 + (i % 3)]);
    ridge.add(x, 0, weights[0] * x[0]! + weights[1] * x[1]!, 1);
  }
};
const probe = (ridge: Ridge) => [
  ridge.predict(Float64Array.from([1, 0]), 0),
  ridge.predict(Float64Array.from([0, 1]), 0),
];

it('predicts by its prior until it has been refitted', () => {
  const ridge = new Ridge([1, 0]);
  feed(ridge, [0.2, 0.7], 100);
  expect(probe(ridge)).toEqual([1, 0]);
});

it('finds the weights when it is hardly stiff', () => {
  const ridge = new Ridge([1, 0]);
  feed(ridge, [0.2, 0.7], 100);
  ridge.refit(1e-9, 1);
  expect(probe(ridge)[0]).toBeCloseTo(0.2, 5);
  expect(probe(ridge)[1]).toBeCloseTo(0.7, 5);
});

it('stays near its prior when it is stiff', () => {
  const ridge = new Ridge([1, 0]);
  feed(ridge, [0.2, 0.7], 100);
  ridge.refit(1e4, 1);
  expect(probe(ridge)[0]).toBeCloseTo(1, 2);
});

it('forgets what was true before', () => {
  const ridge = new Ridge([1, 0]);
  feed(ridge, [0.2, 0.7], 100);
  for (let hour = 0; hour < 60; hour++) ridge.refit(1e-9, 0.8);
  feed(ridge, [0.9, 0.1], 100);
  ridge.refit(1e-9, 1);
  expect(probe(ridge)[0]).toBeCloseTo(0.9, 3);
});
