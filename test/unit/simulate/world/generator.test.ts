import { describe, expect, it } from 'vitest';
import { generateLoad, lunchDayShape } from '../../../../simulate/world/generator.ts';

const day = (changes: object = {}) =>
  generateLoad({ ...lunchDayShape, ...changes }, { seed: 7, minutes: 1440 });
const mean = (load: Float64Array, from: number, to: number) =>
  load.subarray(from, to).reduce((sum, value) => sum + value, 0) / (to - from);

describe('generated load', () => {
  it('doubles from 11:00 to 13:00 and only then', () => {
    const load = day({ noise: 0 });
    expect(load[659]).toBe(24_000);
    expect(load[720]).toBe(48_000);
    expect(load[780]).toBe(24_000);
    expect(mean(day(), 670, 770) / mean(day(), 400, 600)).toBeCloseTo(2, 1);
  });

  it('repeats itself for a seed and differs for another', () => {
    expect(day()).toEqual(day());
    expect(generateLoad(lunchDayShape, { seed: 8, minutes: 1440 })).not.toEqual(day());
  });

  it('adds an unannounced crowd without touching any other minute', () => {
    const crowd = { startMinute: 900, durationMinutes: 20, factor: 4, rampMinutes: 2 };
    const quiet = day();
    const crowded = day({ flashCrowds: [crowd] });
    expect(crowded[910]! / quiet[910]!).toBeCloseTo(4, 2);
    const touched = quiet.reduce((count, value, minute) => count + (value === crowded[minute] ? 0 : 1), 0);
    expect(touched).toBe(20);
  });

  it('scatters by the asked share of the load', () => {
    const load = generateLoad(
      { ...lunchDayShape, lunch: { ...lunchDayShape.lunch, factor: 1 } },
      { seed: 3, minutes: 20_000 },
    );
    const average = mean(load, 0, load.length);
    const variance = load.reduce((sum, value) => sum + (value - average) ** 2, 0) / load.length;
    expect(Math.sqrt(variance) / average).toBeCloseTo(0.03, 2);
  });

  it('starts at the minute of day it is told and keeps weekends quieter', () => {
    const load = generateLoad(
      { ...lunchDayShape, noise: 0 },
      { seed: 1, minutes: 60, startMinuteOfDay: 690 },
    );
    expect(load[0]).toBe(48_000);
    const week = generateLoad(
      { ...lunchDayShape, noise: 0, weekendShare: 0.5 },
      { seed: 1, minutes: 7 * 1440 },
    );
    expect(week[5 * 1440]! / week[4 * 1440]!).toBeCloseTo(0.5, 5);
  });
});
