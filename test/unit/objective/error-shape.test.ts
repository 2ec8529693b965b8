import { expect, it } from 'vitest';
import { ErrorShape } from '../../../shared/objective/error-shape.ts';

it('begins as Laplace, whose expected excess over z is ½·e^−z', () => {
  const shape = new ErrorShape();
  for (const z of [0, 1, 2, 4]) expect(shape.excess(17, z)).toBeCloseTo(Math.exp(-z) / 2, 1);
});

it('is linear below everything it has seen and nothing above', () => {
  const shape = new ErrorShape();
  expect(shape.excess(0, -20) - shape.excess(0, -21)).toBeCloseTo(-1, 9);
  expect(shape.excess(0, 18)).toBe(0);
});

it('remembers that one minute of the hour errs upwards', () => {
  const shape = new ErrorShape();
  for (let hour = 0; hour < 400; hour++) {
    for (let minute = 0; minute < 60; minute++) shape.add(minute, minute === 0 ? 6 : 0);
  }
  shape.publish(1);
  expect(shape.excess(0, 3)).toBeGreaterThan(0.5);
  expect(shape.excess(1, 3)).toBeGreaterThan(0.5);
  expect(shape.excess(30, 3)).toBeLessThan(0.1);
});

it('forgets', () => {
  const shape = new ErrorShape();
  for (let i = 0; i < 1000; i++) shape.add(30, 10);
  shape.publish(1);
  const before = shape.excess(30, 5);
  for (let day = 0; day < 100; day++) {
    for (let i = 0; i < 100; i++) shape.add(30, 0);
    shape.publish(0.8);
  }
  expect(shape.excess(30, 5)).toBeLessThan(before / 100);
});
