import { describe, expect, it } from 'vitest';
import { Crowds, sizeOf } from '../../../shared/objective/crowds.ts';

/** A crowd of so many servers beyond a forecast, once in a thousand minutes. */
function met(servers: number, expects: number): Crowds {
  const crowds = new Crowds();
  for (let i = 0; i < 10_000; i++) crowds.add(i % 1000 === 0 ? servers : 0, sizeOf(expects, 10));
  crowds.publish(1);
  return crowds;
}

describe('a crowd that came by day', () => {
  const crowds = met(20, 20);

  it('may come again', () => {
    expect(crowds.chance(15, sizeOf(20, 10))).toBeGreaterThan(0.001);
    expect(crowds.isLikely(15, sizeOf(20, 10), 0.001)).toBe(true);
  });

  it('is not expected by night in its full height', () => {
    expect(crowds.chance(15, sizeOf(2, 10))).toBeLessThan(0.0001);
    expect(crowds.isLikely(15, sizeOf(2, 10), 0.001)).toBe(false);
  });
});

it('that came by night does not say that the day multiplies as well', () => {
  const crowds = met(10, 2);
  expect(crowds.chance(8, sizeOf(20, 10))).toBeGreaterThan(0.001);
  expect(crowds.chance(40, sizeOf(20, 10))).toBeLessThan(0.0001);
});

it('is measured by the load and a part of what is usual all week, and never by nothing', () => {
  expect(sizeOf(10, 20)).toBe(16);
  expect(sizeOf(0, 0)).toBeGreaterThan(0);
});

it('is the same when it is saved and restored', () => {
  const crowds = met(20, 20);
  const again = new Crowds();
  again.restore(JSON.parse(JSON.stringify(crowds)));
  for (const beyond of [1, 10, 19, 50]) expect(again.chance(beyond, 23)).toBe(crowds.chance(beyond, 23));
});

it('reaches as far as both in servers and relative to the load it is likely', () => {
  const crowds = met(20, 20);
  for (const size of [sizeOf(2, 10), sizeOf(20, 10), sizeOf(200, 10)]) {
    const reach = crowds.reach(0.0005, size);
    expect(crowds.isLikely(reach * 0.999, size, 0.0005)).toBe(true);
    expect(crowds.isLikely(reach * 1.001, size, 0.0005)).toBe(false);
  }
});
