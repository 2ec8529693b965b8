import { minutesPerDay } from '../units.ts';

const binMinutes = 5;
const bins = minutesPerDay / binMinutes;
/** The newest day counts for this much, once there are enough days. */
const newestDayShare = 1 / 5;

/** A season as JSON: means and days of the bins, then the bin that is being filled. */
export interface SavedSeason {
  means: number[];
  days: number[];
  open: [bin: number, sum: number, count: number];
}

/**
 * What is usual at a time of day: a mean over the last days in bins of five minutes, newer days counting for more. Values
 * are added as they come and become visible with `publish`. Minutes count from the epoch, days are UTC.
 */
export class Season {
  readonly #means = new Float64Array(bins);
  readonly #days = new Float64Array(bins);
  /** Σ of what is usual over the minutes of a day before each one. */
  readonly #prefix = new Float64Array(minutesPerDay + 1);
  readonly #smooth = new Float64Array(bins);
  #bin = -1;
  #sum = 0;
  #count = 0;

  /** Days of history at this minute of the day. */
  daysAt(minute: number): number {
    return this.#days[binOf(minute)]!;
  }

  add(minute: number, value: number): void {
    const bin = binOf(minute);
    if (bin !== this.#bin) {
      this.#close();
      this.#bin = bin;
    }
    this.#sum += value;
    this.#count++;
  }

  #close(): void {
    if (this.#count > 0) {
      const bin = this.#bin;
      this.#days[bin]! += 1;
      const share = Math.max(1 / this.#days[bin]!, newestDayShare);
      this.#means[bin]! += (this.#sum / this.#count - this.#means[bin]!) * share;
    }
    this.#sum = 0;
    this.#count = 0;
  }

  /** Makes what was added visible: a line through the middles of the bins, each smoothed with its neighbours. */
  publish(): void {
    const means = this.#means;
    const smooth = this.#smooth;
    for (let bin = 0; bin < bins; bin++) {
      smooth[bin] = (means[(bin + bins - 1) % bins]! + 2 * means[bin]! + means[(bin + 1) % bins]!) / 4;
    }
    for (let minute = 0; minute < minutesPerDay; minute++) {
      const position = (minute - (binMinutes - 1) / 2) / binMinutes;
      const bin = Math.floor(position);
      const share = position - bin;
      const [before, after] = [smooth[(bin + bins) % bins]!, smooth[(bin + 1) % bins]!];
      this.#prefix[minute + 1] = this.#prefix[minute]! + (1 - share) * before + share * after;
    }
  }

  at(minute: number): number {
    const of = minute % minutesPerDay;
    return this.#prefix[of + 1]! - this.#prefix[of]!;
  }

  /** Mean of what is usual over the `count` minutes that end with this one. */
  meanBefore(minute: number, count: number): number {
    const to = (minute % minutesPerDay) + 1;
    const from = to - count;
    const today = this.#prefix[to]! - this.#prefix[Math.max(0, from)]!;
    if (from >= 0) return today / count;
    return (today + this.#prefix[minutesPerDay]! - this.#prefix[minutesPerDay + from]!) / count;
  }

  toJSON(): SavedSeason {
    return { means: [...this.#means], days: [...this.#days], open: [this.#bin, this.#sum, this.#count] };
  }

  restore(saved: SavedSeason): void {
    this.#means.set(saved.means);
    this.#days.set(saved.days);
    [this.#bin, this.#sum, this.#count] = saved.open;
    this.publish();
  }
}

function binOf(minute: number): number {
  return Math.floor((minute % minutesPerDay) / binMinutes);
}
