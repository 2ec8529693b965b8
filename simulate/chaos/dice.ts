import { type Random, seededRandom } from '../world/random.ts';

/**
 * Draws that depend on the seed and on a name alone, never on what was drawn before: a run from which something is left
 * out goes on as it did in everything else, which is what makes it possible to shrink one.
 */
export class Dice {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  of(name: string): Draw {
    return new Draw(seededRandom(hash(name, this.#seed)));
  }
}

/** One sequence of draws. */
export class Draw {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  chance(probability: number): boolean {
    return this.#random.next() < probability;
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#random.next() * (most - least + 1));
  }

  of<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.#random.next() * choices.length)]!;
  }
}

/** FNV-1a, then mixed once more, for names that differ only in their last letter. */
function hash(name: string, seed: number): number {
  let state = 0x811c9dc5 ^ seed;
  for (let at = 0; at < name.length; at++) state = Math.imul(state ^ name.charCodeAt(at), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x45d9f3b);
  return (state ^ (state >>> 15)) >>> 0;
}
