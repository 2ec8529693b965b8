import { expect, it } from 'vitest';
import { Tail } from '../../../shared/objective/tail.ts';

/** Of 1000 samples: 900 nothing, 90 about 2, 10 about 8. */
function filled(): Tail {
  const tail = new Tail();
  for (let i = 0; i < 1000; i++) tail.add(i < 900 ? 0 : i < 990 ? 2 : 8);
  tail.publish(1);
  return tail;
}

it('knows nothing at first, and then how often something was larger', () => {
  expect(new Tail().beyond(1)).toBe(0);
  const tail = filled();
  expect(tail.beyond(0)).toBe(1);
  expect(tail.beyond(1)).toBeCloseTo(0.1, 2);
  expect(tail.beyond(4)).toBeCloseTo(0.01, 2);
});

it('goes on beyond the highest that was seen, a quarter at each doubling', () => {
  const tail = filled();
  expect(tail.beyond(20)).toBeGreaterThan(0);
  expect(tail.beyond(20)).toBeLessThan(0.0005);
  expect(tail.beyond(40)).toBeCloseTo(tail.beyond(20) / 4, 9);
});

it('never grows with the size, not even between two publications', () => {
  const tail = filled();
  tail.add(5);
  tail.add(300);
  let before = 1;
  for (let x = 0.001; x < 1e6; x *= 1.03) {
    expect(tail.beyond(x)).toBeLessThanOrEqual(before);
    before = tail.beyond(x);
  }
});

it('counts what is larger than all it can tell apart among the largest', () => {
  const tail = filled();
  for (let i = 0; i < 10; i++) tail.add(1e12);
  tail.publish(1);
  expect(tail.beyond(1e5)).toBeCloseTo(10 / 1010, 3);
});

it('forgets', () => {
  const tail = filled();
  for (let day = 0; day < 60; day++) {
    for (let i = 0; i < 100; i++) tail.add(0);
    tail.publish(0.8);
  }
  expect(tail.beyond(4)).toBeLessThan(0.001);
  expect(tail.toJSON().counts).toEqual([]);
});

it('is the same when it is saved and restored, whenever', () => {
  const tail = filled();
  tail.add(30);
  const again = new Tail();
  again.restore(JSON.parse(JSON.stringify(tail)));
  for (const x of [0.1, 3, 7.9, 10, 29, 31, 1000]) expect(again.beyond(x)).toBeCloseTo(tail.beyond(x), 2);
  for (const each of [tail, again]) each.publish(0.9);
  expect(again.toJSON()).toEqual(tail.toJSON());
});

it('reaches as far as it is that often larger, below and beyond the highest, between two publications as well', () => {
  const tail = filled();
  for (const added of [0, 5, 300]) {
    tail.add(added);
    for (let probability = 0.1; probability > 1e-7; probability *= 0.83) {
      const reach = tail.reach(probability);
      expect(tail.beyond(reach * 0.999)).toBeGreaterThanOrEqual(probability);
      expect(tail.beyond(reach * 1.001)).toBeLessThan(probability);
    }
  }
});

it('reaches nowhere while nothing is known, or what is asked for cannot be', () => {
  expect(new Tail().reach(0.001)).toBe(0);
  expect(filled().reach(1.1)).toBe(0);
});
