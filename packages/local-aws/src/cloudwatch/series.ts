import { type Observation, Sample } from './sample.ts';

/** One-minute datapoints are kept for fifteen days, as CloudWatch keeps them. */
const retainedMinutes = 15 * 1440;

/**
 * The datapoints of one metric, by the epoch minute in which they were observed. The day of sixty groups has three million:
 * a single value is kept as that, eight bytes, and what was observed of several servers as numbers in a row. As objects they
 * would take gigabytes.
 */
export class Series {
  /** Single values from the minute `#first` on; NaN where there is none. */
  #values = nothing(16);
  /** Where the numbers of a minute begin in `#packed`, plus one; 0: nowhere. */
  #places = new Uint32Array(16);
  #packed = new Float64Array(0);
  #packedLength = 0;
  #first = 0;
  #last: number | undefined;
  /** What is not packed yet: of the newest minute, and what came late. */
  readonly #open = new Map<number, Sample>();

  /** The minute of the last datapoint; undefined: there is none. */
  get last(): number | undefined {
    return this.#last;
  }

  add(minute: number, observation: Observation): void {
    if (this.#last === undefined) this.#first = minute;
    const known = this.at(minute);
    if (minute > (this.#last ?? minute)) this.#pack(this.#last!);
    this.#last = Math.max(this.#last ?? minute, minute);
    // Making room replaces the arrays: the place is found first.
    const index = this.#indexOf(minute);
    if (!known && index >= 0 && typeof observation === 'number' && Number.isFinite(observation)) {
      this.#values[index] = observation;
      return;
    }
    const sample = known ?? new Sample();
    sample.add(observation);
    this.#open.set(minute, sample);
  }

  /** What was observed in a minute; not to be changed. */
  at(minute: number): Sample | undefined {
    const open = this.#open.get(minute);
    if (open) return open;
    const index = minute - this.#first;
    const place = this.#places[index];
    if (place) return Sample.unpacked(this.#packed.subarray(place - 1));
    const value = this.#values[index];
    return value === undefined || Number.isNaN(value) ? undefined : Sample.of(value);
  }

  /**
   * Adds what was observed in a minute to a sample. Alarms look at the same minutes again and again: without the single values,
   * which only percentiles need, that is ten times as fast.
   * @returns false: there is nothing
   */
  addTo(whole: Sample, minute: number, withValues: boolean): boolean {
    const place = this.#open.has(minute) ? 0 : this.#places[minute - this.#first];
    if (place) {
      whole.takePacked(this.#packed.subarray(place - 1), withValues);
      return true;
    }
    const sample = this.at(minute);
    if (sample) whole.take(sample);
    return sample !== undefined;
  }

  /** Nobody adds to a minute that has ended, but for what comes late. */
  #pack(minute: number): void {
    const sample = this.#open.get(minute);
    const index = minute - this.#first;
    if (!sample || index < 0 || this.#places[index]) return;
    const numbers = sample.packed();
    const length = this.#packedLength + numbers.length;
    if (length > this.#packed.length) {
      const larger = new Float64Array(Math.max(64, Math.ceil(length * 1.5)));
      larger.set(this.#packed);
      this.#packed = larger;
    }
    this.#packed.set(numbers, this.#packedLength);
    this.#places[index] = this.#packedLength + 1;
    this.#packedLength = length;
    this.#open.delete(minute);
  }

  /** Makes room for a minute, and forgets what is too old. Negative: it is from before the first. */
  #indexOf(minute: number): number {
    if (minute - this.#first >= 2 * retainedMinutes) this.#forgetBefore(minute - retainedMinutes);
    const index = minute - this.#first;
    if (index >= this.#values.length) {
      const length = Math.max(Math.ceil(1.5 * this.#values.length), index + 1);
      const values = nothing(length);
      values.set(this.#values);
      const places = new Uint32Array(length);
      places.set(this.#places);
      [this.#values, this.#places] = [values, places];
    }
    return index;
  }

  #forgetBefore(minute: number): void {
    const gone = minute - this.#first;
    this.#values = this.#values.slice(gone);
    this.#places = this.#places.slice(gone);
    this.#first = minute;
    for (const old of this.#open.keys()) if (old < minute) this.#open.delete(old);
    this.#dropPackedBefore(Math.min(...this.#places.filter((place) => place > 0)) - 1);
  }

  #dropPackedBefore(offset: number): void {
    const kept = Number.isFinite(offset) ? offset : this.#packedLength;
    this.#packed = this.#packed.slice(kept, this.#packedLength);
    this.#packedLength = this.#packed.length;
    this.#places = this.#places.map((place) => (place === 0 ? 0 : place - kept));
  }
}

function nothing(length: number): Float64Array {
  return new Float64Array(length).fill(Number.NaN);
}
