import { describe, expect, it } from 'vitest';
import { type LoadMinute, Objective } from '../../../shared/objective/objective.ts';
import { defaultObjective } from '../../../shared/objective/objective-policy.ts';

const bootMinutes = 2;

/** Between −1 and 1, the same every time. */
const unrest = (minute: number) => 2 * (Math.abs(Math.sin(minute * 12.9898) * 43758.5453) % 1) - 1;

/** A group that is met with so many servers and no past, and does what it is advised. @returns its desired capacity by minute */
function meet(servers: number, minutes: number, load: (minute: number) => number): number[] {
  const objective = new Objective({ ...defaultObjective, bootMinutes });
  const desired = [servers];
  let visible: Omit<LoadMinute, 'desired'> | undefined;
  for (let minute = 0; minute < minutes; minute++) {
    const now = desired.at(-1)!;
    desired.push(visible ? Math.max(1, objective.step({ ...visible, desired: now }).desired) : now);
    const inService = Math.min(...desired.slice(-bootMinutes - 2));
    visible = { minute: 29_000_000 + minute, load: load(minute), inService };
  }
  return desired;
}

describe('a group that nothing is known about yet', () => {
  it('does not take the minutes in which its servers begin to serve for how wrong forecasts are', () => {
    const begins = [0.9, 1.2, 1.5];
    const desired = meet(2, 120, (minute) => (begins[minute] ?? 1.5) * (1 + 0.02 * unrest(minute)));
    expect(Math.max(...desired)).toBeLessThanOrEqual(3);
  });

  it('is not alarmed by the first unrest it sees', () => {
    const desired = [0, 10, 20, 30, 40].flatMap((from) =>
      meet(50, 60, (minute) => 50 * (1 + 0.2 * unrest(from + minute))),
    );
    expect(Math.max(...desired)).toBeLessThanOrEqual(110);
  });

  it('follows a first rise as its experts see it, not as an hour of calm has taught it', () => {
    const desired = meet(
      50,
      240,
      (minute) => Math.min(100, 50 + 1.5 * Math.max(0, minute - 70)) * (1 + 0.02 * unrest(minute)),
    );
    expect(Math.max(...desired)).toBeLessThanOrEqual(130);
    expect(desired[110]).toBeGreaterThanOrEqual(95);
  });

  it('does not overshoot a first jump beyond measure, and comes down again', () => {
    const days = 4;
    const desired = meet(5, days * 1440, (minute) => (minute < 180 ? 5 : 20) * (1 + 0.02 * unrest(minute)));
    // 1.75 times the highest load that was seen, and one.
    expect(Math.max(...desired)).toBeLessThanOrEqual(37);
    expect(Math.min(...desired.slice(240))).toBeGreaterThanOrEqual(20);
    expect(desired.at(-1)).toBeLessThanOrEqual(24);
  });
});

it('takes nothing back that is coming while those that serve are full', () => {
  const objective = new Objective({ ...defaultObjective, bootMinutes });
  const step = (minute: number, inService: number, desired: number) =>
    objective.step({ minute: 29_000_000 + minute, load: 10, inService, desired }).desired;
  for (let minute = 0; minute < 120; minute++) step(minute, 11, 11);
  for (let minute = 120; minute < 130; minute++) expect(step(minute, 11, 60)).toBe(60);
  const served = Array.from({ length: 10 }, (_, minute) => step(130 + minute, 60, 60));
  expect(served.at(-1)).toBeLessThan(20);
});
