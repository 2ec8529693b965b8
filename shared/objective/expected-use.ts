import { Crowds, type SavedCrowds, sizeOf } from './crowds.ts';
import { ErrorShape, type SavedErrorShape } from './error-shape.ts';
import { mostServers, serverLimit } from './most-servers.ts';

/**
 * What a server that only a crowd would use is supposed to be used, of the crowd's probability. More is dearer where the load is calm
 * (see docs/benchmark.md); the replay of prices makes up for it where crowds are what there is.
 */
const crowdWeight = 0.1;
/** However cheap servers are: what is rarer is no usual error, and only crowds that came may say how far it goes. */
const leastUsualUse = 0.0005;
const shapeHalfLifeHours = 7 * 24;
/** As long as the promise: a crowd a month is remembered. */
const crowdHalfLifeHours = 28 * 24;

const fade = (halfLife: number) => 2 ** (-1 / halfLife);

/** The load that is expected of a minute, in servers. */
export interface ExpectedLoad {
  /** Since the epoch. */
  readonly minute: number;
  readonly expects: number;
  /** The error bar, the expected |load − expects|; above 0. */
  readonly error: number;
  /** Mean load of about a week. */
  readonly level: number;
}

/** What is known of errors and crowds, as JSON. */
export interface SavedExpectedUse {
  shape: SavedErrorShape;
  crowds: SavedCrowds;
}

/**
 * How much each server would be used of a minute of which a load is expected: from the usual error, or from a crowd, whichever is more.
 * What is learnt becomes visible with `publish`; only a crowd that is higher than all before is at once.
 */
export class ExpectedUse {
  readonly #shape = new ErrorShape();
  readonly #crowds = new Crowds();

  /** Compares the load that came with the one that was expected. */
  learn(expected: ExpectedLoad, load: number): void {
    const miss = load - expected.expects;
    this.#crowds.add(miss, sizeOf(expected.expects, expected.level));
    if (expected.error > 0) this.#shape.add(expected.minute, miss / expected.error);
  }

  /** Whether `learn` of this load would be seen at once. */
  isRecord({ expects, level }: ExpectedLoad, load: number): boolean {
    return this.#crowds.isRecord(load - expects, sizeOf(expects, level));
  }

  /** Once an hour: what was learnt becomes visible, and what was before fades. */
  publish(): void {
    this.#shape.publish(fade(shapeHalfLifeHours));
    this.#crowds.publish(fade(crowdHalfLifeHours));
  }

  /** Share of the minute that the n-th server would carry load. */
  of(expected: ExpectedLoad, server: number): number {
    const { expects, level } = expected;
    const crowd = this.#crowds.chance(server - 0.5 - expects, sizeOf(expects, level));
    return Math.max(this.#usual(expected, server), crowdWeight * crowd);
  }

  /** E[(Y − n + 1)⁺] − E[(Y − n)⁺] for the usual error. */
  #usual({ minute, expects, error }: ExpectedLoad, server: number): number {
    const shape = this.#shape;
    return (
      error *
      (shape.excess(minute, (server - 1 - expects) / error) -
        shape.excess(minute, (server - expects) / error))
    );
  }

  /** Whether the n-th server would be used at least this much; if not, none above it is. */
  isWorth(expected: ExpectedLoad, server: number, leastUse: number): boolean {
    const { expects, level } = expected;
    return (
      this.#usual(expected, server) >= Math.max(leastUsualUse, leastUse) ||
      this.#crowds.isLikely(server - 0.5 - expects, sizeOf(expects, level), leastUse / crowdWeight)
    );
  }

  /** The most servers of which each would be used at least this much; the search begins at `near`. */
  need(expected: ExpectedLoad, leastUse: number, near: number): number {
    const { expects, level } = expected;
    const reach = this.#crowds.reach(leastUse / crowdWeight, sizeOf(expects, level));
    const forCrowds = Math.min(serverLimit, reach > 0 ? Math.floor(expects + reach + 0.5) : 0);
    const usual = Math.max(leastUsualUse, leastUse);
    // Where crowds ask for more than the usual error does, which is common, nothing is searched for.
    if (forCrowds > 0 && this.#usual(expected, forCrowds + 1) < usual) return forCrowds;
    const forUsual = mostServers((server) => this.#usual(expected, server) >= usual, near);
    return Math.max(forCrowds, forUsual);
  }

  toJSON(): SavedExpectedUse {
    return { shape: this.#shape.toJSON(), crowds: this.#crowds.toJSON() };
  }

  restore(saved: SavedExpectedUse): void {
    this.#shape.restore(saved.shape);
    this.#crowds.restore(saved.crowds);
  }
}
