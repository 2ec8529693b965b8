import { describe, expect, it } from 'vitest';
import type { Horizon } from '../../../shared/objective/horizon.ts';
import { PriceReplay } from '../../../shared/objective/price-replay.ts';

const day = 1440;
const ahead = 5;
/** Ten servers, and one more for each tenth that the price falls to. */
const horizon = {
  ahead,
  expects: 10,
  need: (_minute: number, leastUse: number) => 10 + Math.floor(-Math.log10(leastUse)),
} as unknown as Horizon;

/** @returns the price after so many days of a load */
function priceAfter(days: number, load: (minute: number) => number, replay = new PriceReplay(0.001)): number {
  for (let minute = 0; minute < days * day; minute++) replay.step(minute, load(minute), horizon);
  return replay.price;
}

describe('the price that would have kept the promise', () => {
  it('is where it begins while no minute has come that was forecast', () => {
    const replay = new PriceReplay(0.001);
    replay.step(0, 10, horizon);
    expect(replay.price).toBeCloseTo(0.005, 9);
  });

  it('is dear where the smallest fleet was enough', () => {
    expect(priceAfter(3, () => 9)).toBeCloseTo(0.3, 6);
  });

  it('is as cheap as it goes where none was', () => {
    expect(priceAfter(3, () => 40)).toBeCloseTo(1e-6, 12);
  });

  it('is that of the smallest fleet that would have been enough', () => {
    // 13.005 in every hundredth minute: 12 servers leave 0.1 % of the load unserved, 13 next to nothing.
    const price = priceAfter(20, (minute) => (minute % 100 === 0 ? 13.005 : 9));
    expect(price).toBeLessThan(0.0015);
    expect(price).toBeGreaterThan(0.0002);
  });

  it('remembers a crowd for weeks', () => {
    const crowd = (minute: number) => (minute >= 2 * day && minute < 2 * day + 120 ? 14 : 9);
    expect(priceAfter(16, crowd)).toBeLessThan(0.002);
    expect(priceAfter(120, crowd)).toBeCloseTo(0.3, 6);
  });
});

it('goes on as it would have when it is saved and restored between a fleet and its minute', () => {
  const load = (minute: number) => (minute % 100 < 2 ? 13.2 : 9);
  const replay = new PriceReplay(0.001);
  for (let minute = 0; minute < 2 * day + 2; minute++) replay.step(minute, load(minute), horizon);
  const again = new PriceReplay(0.001);
  again.restore(JSON.parse(JSON.stringify(replay)));
  for (let minute = 2 * day + 2; minute < 3 * day; minute++) {
    replay.step(minute, load(minute), horizon);
    again.step(minute, load(minute), horizon);
  }
  expect(again.price).toBe(replay.price);
  expect(again.toJSON()).toEqual(replay.toJSON());
});
