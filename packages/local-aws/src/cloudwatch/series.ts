import { type Observation, Sample } from './sample.ts';

/** One-minute datapoints are kept for fifteen days, as CloudWatch keeps them. */
const retainedMinutes = 15 * 1440;

/**
 * The datapoints of one metric, by the epoch minute in which they were observed. Nearly all of them are a single value, and
 * are kept as that: eight bytes, where a sample takes 250. The day of sixty groups has three million.
 */
export class Series {
  /** Single values from the minute `#first` on; NaN where there is none. */
  #values = new Float64Array(16).fill(Number.NaN);
  #first = 0;
  /** Whatever is not a single value, and what came before `#first`. */
  readonly #samples = new Map<number, Sample>();
  #last: number | undefined;

  /** The minute of the last datapoint; undefined: there is none. */
  get last(): number | undefined {
    return this.#last;
  }

  add(minute: number, observation: Observation): void {
    const known = this.at(minute);
    if (this.#last === undefined) this.#first = minute;
    this.#last = Math.max(this.#last ?? minute, minute);
    const isSingle = !known && typeof observation === 'number' && minute >= this.#first;
    if (isSingle && Number.isFinite(observation)) {
      // Making room replaces the array: the place is found first, or the value goes into the old one.
      const place = this.#placeFor(minute);
      this.#values[place] = observation;
      return;
    }
    const sample = known ?? new Sample();
    sample.add(observation);
    this.#samples.set(minute, sample);
    if (minute >= this.#first && minute - this.#first < this.#values.length)
      this.#values[minute - this.#first] = Number.NaN;
  }

  /** What was observed in a minute; not to be changed. */
  at(minute: number): Sample | undefined {
    const value = this.#values[minute - this.#first];
    if (value === undefined || Number.isNaN(value)) return this.#samples.get(minute);
    return Sample.of(value);
  }

  /** Makes room, and forgets what is too old. */
  #placeFor(minute: number): number {
    if (minute - this.#first >= 2 * retainedMinutes) this.#forgetBefore(minute - retainedMinutes);
    const place = minute - this.#first;
    if (place >= this.#values.length) {
      const larger = new Float64Array(Math.max(2 * this.#values.length, place + 1)).fill(Number.NaN);
      larger.set(this.#values);
      this.#values = larger;
    }
    return place;
  }

  #forgetBefore(minute: number): void {
    this.#values = this.#values.slice(minute - this.#first);
    this.#first = minute;
    for (const old of this.#samples.keys()) if (old < minute) this.#samples.delete(old);
  }
}
