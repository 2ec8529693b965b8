import { minutesPerDay } from '../units.ts';

const first = 0.3;
const least = 0.02;
const greatest = 4;
/** By how much one change makes patience grow; the minutes of a day take back as much as the allowed changes add. */
const gainPerChange = 0.003;

/**
 * How large a surplus is borne before servers are given back, learnt so that the fleet changes about as often as it may: it grows
 * with every change and shrinks with every quiet minute.
 */
export class Patience {
  readonly #changesPerDay: number;
  #ln = Math.log(first);

  constructor(changesPerDay: number) {
    this.#changesPerDay = changesPerDay;
  }

  /** Minutes for which the whole fleet might be surplus. */
  get minutes(): number {
    return Math.exp(this.#ln);
  }

  /** Takes in a minute, in which desired did or did not change. */
  book(changed: boolean): void {
    const surprise = (changed ? 1 : 0) - this.#changesPerDay / minutesPerDay;
    this.#ln = Math.min(Math.log(greatest), Math.max(Math.log(least), this.#ln + gainPerChange * surprise));
  }

  toJSON(): number {
    return this.#ln;
  }

  restore(saved: number): void {
    this.#ln = saved;
  }
}
