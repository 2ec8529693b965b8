import { describe, expect, it } from 'vitest';
import { type FleetState, play } from '../../../bench/service-model.ts';

/** Load that a whole number of servers carries at the SLO. */
const carriedBy = (...servers: number[]) => Float64Array.from(servers, (n) => n * 0.8);
const script =
  (...desired: number[]) =>
  (fleet: FleetState) =>
    desired[fleet.now]!;

describe('the service model', () => {
  it('starts with what the first minute needs', () => {
    const run = play({ load: carriedBy(4, 4), bootMinutes: 3 }, (fleet) => fleet.desired);
    expect([...run.inService]).toEqual([4, 4]);
  });

  it('bills a launch at once and puts it in service after the boot time', () => {
    const run = play({ load: carriedBy(1, 1, 1, 1, 1), bootMinutes: 3 }, script(1, 3, 3, 3, 3));
    expect([...run.desired]).toEqual([1, 3, 3, 3, 3]);
    expect([...run.inService]).toEqual([1, 1, 1, 1, 3]);
  });

  it('terminates at once', () => {
    const run = play({ load: carriedBy(5, 1, 1), bootMinutes: 3 }, script(5, 2, 2));
    expect([...run.inService]).toEqual([5, 2, 2]);
  });

  it('cancels the newest launches first and never more than there are', () => {
    const run = play({ load: carriedBy(2, 2, 2, 2, 2, 2), bootMinutes: 3 }, script(3, 4, 3, 3, 1, 1));
    expect([...run.inService]).toEqual([2, 2, 2, 3, 1, 1]);
  });

  it('keeps one server whatever the policy wants', () => {
    const run = play({ load: carriedBy(1, 1), bootMinutes: 1 }, () => 0);
    expect([...run.desired]).toEqual([1, 1]);
  });

  it('shows metrics one minute late and launches under way', () => {
    const seen: [number, number][] = [];
    play({ load: carriedBy(1, 1, 1, 1), bootMinutes: 2 }, (fleet) => {
      seen.push([fleet.visible, fleet.booting]);
      return 2;
    });
    expect(seen).toEqual([
      [-2, 0],
      [-1, 1],
      [0, 0],
      [1, 0],
    ]);
  });
});

it('shows the running minute on a fresh footing', () => {
  const seen: number[] = [];
  play({ load: carriedBy(1, 1, 1), bootMinutes: 2, footing: 'fresh' }, (fleet) => {
    seen.push(fleet.visible);
    return 2;
  });
  expect(seen).toEqual([0, 1, 2]);
});
