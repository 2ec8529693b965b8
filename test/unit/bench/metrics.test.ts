import { describe, expect, it } from 'vitest';
import { demandOf, score } from '../../../bench/metrics.ts';

const all = (load: Float64Array) => ({ from: 0, to: load.length });

describe('a score worked by hand', () => {
  // Demand 1, 2, 3, 2; servers 1, 1, 4, 2.
  const load = Float64Array.from([0.8, 1.6, 2.4, 1.6]);
  const run = { inService: Int32Array.from([1, 1, 4, 2]), desired: Int32Array.from([1, 3, 4, 2]) };
  const result = score(load, run, all(load));

  it('counts load beyond 80 % of the servers as unserved, relative to all load', () => {
    expect(result.violation).toBeCloseTo(0.8 / 6.4, 12);
  });

  it('bills desired servers', () => {
    expect(result.cost).toBe(10);
  });

  it('measures elasticity as SPEC RG does', () => {
    expect(result.thetaU).toBeCloseTo(0.5 / 4, 12);
    expect(result.thetaO).toBeCloseTo(1 / 3 / 4, 12);
    expect(result.tauU).toBe(1 / 4);
    expect(result.tauO).toBe(1 / 4);
  });

  it('counts every change of desired as an adaptation', () => {
    expect(result.adaptationsPerDay).toBe((3 * 1440) / 4);
  });

  it('looks at its span only', () => {
    expect(score(load, run, { from: 2, to: 4 }).violation).toBe(0);
  });
});

it('needs a whole server more as soon as one is full to the SLO, and at least one', () => {
  expect(demandOf(0)).toBe(1);
  expect(demandOf(0.8)).toBe(1);
  expect(demandOf(0.81)).toBe(2);
  expect(demandOf(2.4)).toBe(3);
});

it('counts the minutes from the start of a burst until all is served', () => {
  const load = Float64Array.from({ length: 60 }, (_, minute) => (minute < 30 ? 0.8 : 1.6));
  const servers = Int32Array.from({ length: 60 }, (_, minute) => (minute < 34 ? 1 : 2));
  expect(score(load, { inService: servers, desired: servers }, { from: 0, to: 60 }).recoveryMinutes).toBe(4);
});
