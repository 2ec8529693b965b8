import { minutesPerDay } from '../units.ts';

/** As long as the promise is about. */
const days = 28;

/** Extremes as JSON: the newest day, then the highest and lowest load of each day in the ring; null: nothing was seen then. */
export interface SavedDailyExtremes {
  day: number;
  highest: (number | null)[];
  lowest: (number | null)[];
}

/** The highest and the lowest load of the last 28 days. */
export class DailyExtremes {
  readonly #highest = new Float64Array(days).fill(Number.NEGATIVE_INFINITY);
  readonly #lowest = new Float64Array(days).fill(Number.POSITIVE_INFINITY);
  #day = 0;
  /** −∞ before the first. */
  highest = Number.NEGATIVE_INFINITY;
  /** ∞ before the first. */
  lowest = Number.POSITIVE_INFINITY;

  add(minute: number, load: number): void {
    const day = Math.floor(minute / minutesPerDay);
    if (day > this.#day) this.#turnTo(day);
    const slot = day % days;
    if (load > this.#highest[slot]!) this.#highest[slot] = load;
    if (load < this.#lowest[slot]!) this.#lowest[slot] = load;
    if (load > this.highest) this.highest = load;
    if (load < this.lowest) this.lowest = load;
  }

  #turnTo(day: number): void {
    for (let stale = Math.max(this.#day + 1, day - days + 1); stale <= day; stale++) {
      this.#highest[stale % days] = Number.NEGATIVE_INFINITY;
      this.#lowest[stale % days] = Number.POSITIVE_INFINITY;
    }
    this.#day = day;
    this.#sumUp();
  }

  #sumUp(): void {
    this.highest = Math.max(...this.#highest);
    this.lowest = Math.min(...this.#lowest);
  }

  toJSON(): SavedDailyExtremes {
    const finite = (values: Float64Array) =>
      [...values].map((value) => (Number.isFinite(value) ? value : null));
    return { day: this.#day, highest: finite(this.#highest), lowest: finite(this.#lowest) };
  }

  restore(saved: SavedDailyExtremes): void {
    this.#day = saved.day;
    this.#highest.set(saved.highest.map((value) => value ?? Number.NEGATIVE_INFINITY));
    this.#lowest.set(saved.lowest.map((value) => value ?? Number.POSITIVE_INFINITY));
    this.#sumUp();
  }
}
