import { type SavedTail, Tail } from './tail.ts';

/** A load counts as this share of the week's mean larger than it is: at night a doubling is no crowd of the day's size. */
const levelShare = 0.3;
const leastSize = 0.05;

/** Crowds as JSON. */
export interface SavedCrowds {
  servers: SavedTail;
  shares: SavedTail;
}

/**
 * How far the load has gone beyond its forecast within a launch's time: crowds come out of a calm whose error bars know nothing of
 * them. A crowd counts in servers and relative to the load, and what is expected is the smaller: one that came by night says
 * little of the day, and one at the peak little of the night.
 */
export class Crowds {
  readonly #servers = new Tail();
  readonly #shares = new Tail();

  /**
   * @param beyond load − forecast, in servers
   * @param size what `sizeOf` made of the forecast
   */
  add(beyond: number, size: number): void {
    this.#servers.add(beyond);
    this.#shares.add(beyond / size);
  }

  /** Whether it is beyond all that were added: `add` would make it visible at once. */
  isRecord(beyond: number, size: number): boolean {
    return beyond > this.#servers.highest || beyond / size > this.#shares.highest;
  }

  /** Fades what was added by `keep` and makes it visible. */
  publish(keep: number): void {
    this.#servers.publish(keep);
    this.#shares.publish(keep);
  }

  /** Whether the load goes this many servers beyond its forecast with at least this probability. */
  isLikely(beyond: number, size: number, probability: number): boolean {
    return this.#servers.beyond(beyond) >= probability && this.#shares.beyond(beyond / size) >= probability;
  }

  /** The most servers beyond its forecast that the load goes with at least this probability. */
  reach(probability: number, size: number): number {
    return Math.min(this.#servers.reach(probability), size * this.#shares.reach(probability));
  }

  /** The probability that it does. */
  chance(beyond: number, size: number): number {
    return Math.min(this.#servers.beyond(beyond), this.#shares.beyond(beyond / size));
  }

  toJSON(): SavedCrowds {
    return { servers: this.#servers.toJSON(), shares: this.#shares.toJSON() };
  }

  restore(saved: SavedCrowds): void {
    this.#servers.restore(saved.servers);
    this.#shares.restore(saved.shares);
  }
}

/**
 * What a crowd is measured by.
 * @param expects the forecast, in servers
 * @param level mean of about a week
 */
export function sizeOf(expects: number, level: number): number {
  return Math.max(leastSize, expects + levelShare * level);
}
