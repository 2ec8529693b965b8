import { describe, expect, it } from 'vitest';
import type { ExpectedLoad } from '../../../shared/objective/expected-use.ts';
import type { Horizon } from '../../../shared/objective/horizon.ts';
import { PriceReplay } from '../../../shared/objective/price-replay.ts';

const day = 1440;
const ahead = 5;

/** Ten servers are expected of every minute, and one more is worth having for each tenth that the price falls to. */
class TenExpected {
  readonly ahead = ahead;
  /** What the fleets of forecasts made from now on have beside. */
  more = 0;
  readonly uses = {
    need: (_expected: ExpectedLoad, leastUse: number) => this.#fleet(leastUse),
    isWorth: (_expected: ExpectedLoad, server: number, leastUse: number) => server <= this.#fleet(leastUse),
    isRecord: () => false,
  };

  expected(minute: number): ExpectedLoad | undefined {
    return minute < ahead ? undefined : { minute, expects: 10, error: 1, level: 10 };
  }

  #fleet(leastUse: number): number {
    return 10 + Math.floor(-Math.log10(leastUse)) + this.more;
  }
}

const horizon = new TenExpected() as unknown as Horizon;

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
    expect(price).toBeLessThan(0.002);
    expect(price).toBeGreaterThan(0.0002);
  });

  it('remembers a crowd for weeks', () => {
    const crowd = (minute: number) => (minute >= 2 * day && minute < 2 * day + 120 ? 14 : 9);
    expect(priceAfter(16, crowd)).toBeLessThan(0.002);
    expect(priceAfter(120, crowd)).toBeCloseTo(0.3, 6);
  });

  it('sees a crowd of a single minute, whenever it comes', () => {
    for (let at = 0; at < 7; at++) {
      // Of 3 + 1 servers too few in one minute of three days, a promise of a hundred thousandth is broken by itself.
      const crowd = (minute: number) => (minute === day + at ? 14 : 9);
      expect(priceAfter(3, crowd, new PriceReplay(0.00001))).toBeLessThan(0.002);
    }
  });

  it('does not hold against any price what none would have kept of a new group', () => {
    const [known, isNew] = [new PriceReplay(0.001), new PriceReplay(0.001)];
    for (let minute = 0; minute < day; minute++) {
      const load = minute >= 600 && minute < 610 ? 40 : 9;
      known.step(minute, load, horizon);
      isNew.step(minute, load, horizon, true);
    }
    expect(known.price).toBeCloseTo(1e-6, 12);
    expect(isNew.price).toBeGreaterThan(1e-6);
    expect(isNew.leastUnserved).toBe(0);
  });

  it('fears what came on one day more than what comes every day', () => {
    // As much is unserved in both: half a server in 20 minutes a day, or in 400 minutes of the tenth.
    const daily = priceAfter(20, (minute) => (minute % day < 20 ? 13.5 : 9));
    const onOneDay = priceAfter(20, (minute) => (minute >= 10 * day && minute < 10 * day + 400 ? 13.5 : 9));
    expect(onOneDay).toBeLessThan(daily);
  });

  it('judges a forecast by what was known when it was made', () => {
    const [asked, replay, known] = [new TenExpected(), new PriceReplay(0.001), new PriceReplay(0.001)];
    for (let minute = 0; minute < 2 * day; minute++) {
      for (const one of [replay, known]) one.step(minute, 9, asked as unknown as Horizon);
    }
    // From now on fleets are four servers larger: what was forecast before has asked for less.
    replay.settle(2 * day - 1, asked as unknown as Horizon);
    asked.more = 4;
    for (let minute = 2 * day; minute < 2 * day + ahead - 1; minute++) {
      for (const one of [replay, known]) one.step(minute, 100, asked as unknown as Horizon);
    }
    expect(replay.leastUnserved).toBeGreaterThan(known.leastUnserved);
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
