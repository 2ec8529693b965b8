import { minutesPerDay } from '../units.ts';
import type { Horizon } from './horizon.ts';

/** From a fleet that hardly ever has a server too many to one that keeps whatever might be used once in two years. */
const dearest = 0.3;
const cheapest = 1e-6;
const priceCount = 16;
const lnStep = Math.log(cheapest / dearest) / (priceCount - 1);
const prices = Array.from({ length: priceCount }, (_, rung) => dearest * Math.exp(lnStep * rung));
const firstPrice = 0.005;
/** Each seventh minute is played: every minute of the hour has its turn, as 7 does not divide 60. */
const strideMinutes = 7;
/** The past counts for half after half of the 28 days that the promise is about. */
const halfLifeMinutes = 14 * minutesPerDay;
const keep = 2 ** (-strideMinutes / halfLifeMinutes);
/** The rest is for what a replay does not see: surplus that is given back, launches that are late. */
const aim = 0.6;
const chooseMinutes = 60;
/** Fleets that may wait for their minute; more than a horizon is ahead. */
const ring = 64;

/** A replay as JSON: what would have been unserved at each price, then the fleets that wait for their minute. */
export interface SavedPriceReplay {
  lnPrice: number;
  demand: number;
  unserved: number[];
  pending: [minute: number, fleet: number[]][];
}

/**
 * Which price would have kept the promise: plays the fleets of many prices over the group's own past as it comes. A fleet is what the
 * forecast of that minute would have asked for, judged when the minute forecast has come; so the past is never looked at with
 * later knowledge. The dearest price (the smallest fleet) that would have kept its aim is the price.
 */
export class PriceReplay {
  readonly #budgetShare: number;
  readonly #fleets = new Float64Array(ring * priceCount);
  readonly #madeAt = new Float64Array(ring).fill(-1);
  readonly #unserved = new Float64Array(priceCount);
  #demand = 0;
  #newest = 0;
  #lnPrice = Math.log(firstPrice);

  /** @param promise share of the load that may be unserved, such as 0.001 */
  constructor(promise: number) {
    this.#budgetShare = aim * promise;
  }

  /** The use of a server, as a share of a minute, from which it would have been worth having. */
  get price(): number {
    return Math.exp(this.#lnPrice);
  }

  /** The share that would have been unserved whatever servers cost: what no promise can be below. */
  get leastUnserved(): number {
    return this.#demand > 0 ? this.#unserved[priceCount - 1]! / this.#demand : 0;
  }

  /**
   * Takes in a minute whose load is known.
   * @param load in servers
   * @param horizon with the forecast that this minute made
   */
  step(minute: number, load: number, horizon: Horizon): void {
    this.#newest = minute;
    if ((minute - horizon.ahead) % strideMinutes === 0) this.#judge(minute - horizon.ahead, load);
    if (minute % strideMinutes === 0) this.#play(minute, horizon);
    if (minute % chooseMinutes === 0 && this.#demand > 0) this.#lnPrice = this.#dearestKept();
  }

  #play(minute: number, horizon: Horizon): void {
    const slot = minute % ring;
    let fleet = Math.floor(horizon.expects);
    for (let rung = 0; rung < priceCount; rung++) {
      fleet = horizon.need(minute, prices[rung]!, fleet);
      this.#fleets[slot * priceCount + rung] = Math.max(1, fleet);
    }
    this.#madeAt[slot] = minute;
  }

  #judge(madeAt: number, load: number): void {
    const slot = madeAt % ring;
    if (this.#madeAt[slot] !== madeAt) return;
    this.#demand = keep * this.#demand + load;
    for (let rung = 0; rung < priceCount; rung++) {
      const unserved = Math.max(0, load - this.#fleets[slot * priceCount + rung]!);
      this.#unserved[rung] = keep * this.#unserved[rung]! + unserved;
    }
  }

  /** Between the cheapest price that breaks the aim and the next a line decides. */
  #dearestKept(): number {
    const budget = this.#budgetShare * this.#demand;
    const rung = this.#unserved.findLastIndex((unserved) => unserved > budget);
    if (rung < 0) return Math.log(dearest);
    if (rung === priceCount - 1) return Math.log(cheapest);
    const [broken, kept] = [this.#unserved[rung]!, this.#unserved[rung + 1]!];
    return Math.log(dearest) + lnStep * (rung + (broken - budget) / (broken - kept));
  }

  toJSON(): SavedPriceReplay {
    const pending: [number, number[]][] = [];
    this.#madeAt.forEach((minute, slot) => {
      if (minute > this.#newest - ring) {
        pending.push([minute, [...this.#fleets.subarray(slot * priceCount, (slot + 1) * priceCount)]]);
      }
    });
    return { lnPrice: this.#lnPrice, demand: this.#demand, unserved: [...this.#unserved], pending };
  }

  restore(saved: SavedPriceReplay): void {
    this.#lnPrice = saved.lnPrice;
    this.#demand = saved.demand;
    this.#unserved.set(saved.unserved);
    for (const [minute, fleet] of saved.pending) {
      this.#newest = Math.max(this.#newest, minute);
      this.#madeAt[minute % ring] = minute;
      this.#fleets.set(fleet, (minute % ring) * priceCount);
    }
  }
}
