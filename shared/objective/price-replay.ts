import { minutesPerDay } from '../units.ts';
import type { ExpectedLoad, ExpectedUse } from './expected-use.ts';
import type { Horizon } from './horizon.ts';

/** From a fleet that hardly ever has a server too many to one that keeps whatever might be used once in two years. */
const dearest = 0.3;
const cheapest = 1e-6;
const priceCount = 16;
const lnStep = Math.log(cheapest / dearest) / (priceCount - 1);
const prices = Array.from({ length: priceCount }, (_, rung) => dearest * Math.exp(lnStep * rung));
const firstPrice = 0.005;
/** The past counts for half after half of the 28 days that the promise is about. */
const halfLifeDays = 14;
const keep = 2 ** (-1 / (halfLifeDays * minutesPerDay));
/** What squares of a day's misses are kept of from day to day: their weights are squared as well. */
const keepOfSquares = 2 ** (-2 / halfLifeDays);
/**
 * What was unserved may come again or not: where it came in few crowds, luck is the greater part of it. So many standard deviations
 * are added to it, as if each day were a draw, and the sum may be this many promises: on twenty days that are alike 0.95 of the
 * promise is left for what was unserved, where all came on one day 0.42.
 */
const deviations = 2;
const feared = 1.25;
const chooseMinutes = 60;
/** Fleets that may wait for their minute; more than a horizon is ahead. */
const ring = 64;

/** A replay as JSON: what would have been unserved at each price, then the fleets that wait for their minute. */
export interface SavedPriceReplay {
  lnPrice: number;
  demand: number;
  unserved: number[];
  squares: number[];
  today: [day: number, unserved: number[]];
  pending: [minute: number, fleet: number[]][];
}

/**
 * Which price would have kept the promise: plays the fleets of many prices over the group's own past as it comes, minute by minute. A
 * fleet is what the forecast of that minute would have asked for, with what was known when it was made: before anything is learnt that
 * changes it, it is worked out. The dearest price (the smallest fleet) that would have kept the promise, with a margin for luck, is the
 * price.
 */
export class PriceReplay {
  readonly #budgetShare: number;
  /** The fleets that were worked out before their minute came, and of which minute they are. */
  readonly #fleets = new Float64Array(ring * priceCount);
  readonly #minutes = new Float64Array(ring).fill(-1);
  readonly #unserved = new Float64Array(priceCount);
  /** Of what was unserved on each day before today. */
  readonly #squares = new Float64Array(priceCount);
  readonly #today = new Float64Array(priceCount);
  /** By how much each fleet fell short of this minute. */
  readonly #short = new Float64Array(priceCount);
  #day = 0;
  #demand = 0;
  #newest = 0;
  #lnPrice = Math.log(firstPrice);
  #price = Math.exp(this.#lnPrice);

  /** @param promise share of the load that may be unserved, such as 0.001 */
  constructor(promise: number) {
    this.#budgetShare = feared * promise;
  }

  /** The use of a server, as a share of a minute, from which it would have been worth having. */
  get price(): number {
    return this.#price;
  }

  /** The share that would have been unserved whatever servers cost: what no promise can be below. */
  get leastUnserved(): number {
    return this.#demand > 0 ? this.#unserved[priceCount - 1]! / this.#demand : 0;
  }

  /**
   * Takes in a minute whose load is known, before the horizon learns of it.
   * @param load in servers
   * @param horizon with the forecasts that were made so far
   * @param isNew of a group's first jumps nobody could know: what no price would have kept says nothing about the price yet
   */
  step(minute: number, load: number, horizon: Horizon, isNew = false): void {
    this.#newest = minute;
    const expected = horizon.expected(minute);
    if (expected) this.#judge(expected, load, horizon.uses, isNew);
    const chooses = minute % chooseMinutes === 0;
    if (chooses || (expected && horizon.uses.isRecord(expected, load))) this.settle(minute, horizon);
    if (chooses && this.#demand > 0) this.#choose(this.#dearestKept());
  }

  #choose(lnPrice: number): void {
    this.#lnPrice = lnPrice;
    this.#price = Math.exp(lnPrice);
  }

  /** Works out the fleets of the forecasts made so far for later minutes: what they rest on is about to change. */
  settle(minute: number, horizon: Horizon): void {
    for (let later = minute + 1; later < minute + horizon.ahead; later++) {
      const slot = later % ring;
      if (this.#minutes[slot] === later) continue;
      const expected = horizon.expected(later);
      if (!expected) continue;
      let fleet = Math.floor(expected.expects);
      for (let rung = 0; rung < priceCount; rung++) {
        fleet = horizon.uses.need(expected, prices[rung]!, fleet);
        this.#fleets[slot * priceCount + rung] = fleet;
      }
      this.#minutes[slot] = later;
    }
  }

  #judge(expected: ExpectedLoad, load: number, uses: ExpectedUse, isNew: boolean): void {
    this.#turnTo(Math.floor(expected.minute / minutesPerDay));
    this.#demand = keep * this.#demand + load;
    this.#play(expected, load, uses);
    const unforeseeable = isNew ? this.#short[priceCount - 1]! : 0;
    for (let rung = 0; rung < priceCount; rung++) {
      const unserved = Math.max(0, this.#short[rung]! - unforeseeable);
      this.#unserved[rung] = keep * this.#unserved[rung]! + unserved;
      this.#today[rung]! += unserved;
    }
  }

  /** By how much the fleets fell short, from the dearest price to the last that was too dear: the cheaper servers are, the more there are. */
  #play(expected: ExpectedLoad, load: number, uses: ExpectedUse): void {
    const slot = expected.minute % ring;
    const isSettled = this.#minutes[slot] === expected.minute;
    const wanted = Math.ceil(load);
    let fleet = Math.floor(expected.expects);
    this.#short.fill(0);
    for (let rung = 0; rung < priceCount; rung++) {
      if (isSettled) fleet = this.#fleets[slot * priceCount + rung]!;
      else if (wanted <= 1 || uses.isWorth(expected, wanted, prices[rung]!)) return;
      else fleet = uses.need(expected, prices[rung]!, fleet);
      const unserved = load - Math.max(1, fleet);
      if (unserved <= 0) return;
      this.#short[rung] = unserved;
    }
  }

  #turnTo(day: number): void {
    if (day === this.#day) return;
    for (let rung = 0; rung < priceCount; rung++) {
      this.#squares[rung] =
        keepOfSquares ** (day - this.#day) * this.#squares[rung]! + this.#today[rung]! ** 2;
    }
    this.#today.fill(0);
    this.#day = day;
  }

  /** Between the cheapest price that breaks the aim and the next a line decides. */
  #dearestKept(): number {
    const budget = this.#budgetShare * this.#demand;
    let rung = priceCount - 1;
    while (rung >= 0 && this.#fearedAt(rung) <= budget) rung--;
    if (rung < 0) return Math.log(dearest);
    if (rung === priceCount - 1) return Math.log(cheapest);
    const [broken, kept] = [this.#fearedAt(rung), this.#fearedAt(rung + 1)];
    return Math.log(dearest) + lnStep * (rung + (broken - budget) / (broken - kept));
  }

  #fearedAt(rung: number): number {
    const today = this.#today[rung]!;
    return this.#unserved[rung]! + deviations * Math.sqrt(this.#squares[rung]! + today * today);
  }

  toJSON(): SavedPriceReplay {
    const pending: [number, number[]][] = [];
    this.#minutes.forEach((minute, slot) => {
      if (minute > this.#newest) {
        pending.push([minute, [...this.#fleets.subarray(slot * priceCount, (slot + 1) * priceCount)]]);
      }
    });
    return {
      lnPrice: this.#lnPrice,
      demand: this.#demand,
      unserved: [...this.#unserved],
      squares: [...this.#squares],
      today: [this.#day, [...this.#today]],
      pending,
    };
  }

  restore(saved: SavedPriceReplay): void {
    this.#choose(saved.lnPrice);
    this.#demand = saved.demand;
    this.#unserved.set(saved.unserved);
    this.#squares.set(saved.squares);
    this.#day = saved.today[0];
    this.#today.set(saved.today[1]);
    for (const [minute, fleet] of saved.pending) {
      this.#minutes[minute % ring] = minute;
      this.#fleets.set(fleet, (minute % ring) * priceCount);
    }
  }
}
