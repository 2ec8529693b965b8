import { minutesPerDay } from '../units.ts';

const binMinutes = 5;
const bins = minutesPerDay / binMinutes;
/** The newest day counts for this much, once there are enough days. */
const newestDayShare = 1 / 5;

/** Between the middles of which two bins each minute of a day lies, and how near to the second. */
const binBefore = new Int32Array(minutesPerDay);
const binAfter = new Int32Array(minutesPerDay);
const shareOfNext = new Float64Array(minutesPerDay);
for (let minute = 0; minute < minutesPerDay; minute++) {
  const position = (minute - (binMinutes - 1) / 2) / binMinutes;
  const bin = Math.floor(position);
  binBefore[minute] = (bin + bins) % bins;
  binAfter[minute] = (bin + 1) % bins;
  shareOfNext[minute] = position - bin;
}

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
  /** From this bin on what is visible is no longer what is known. */
  #stale = 0;
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
      // Through its neighbours the last bins of a day are felt in its first minutes.
      this.#stale = bin >= bins - 2 ? 0 : Math.min(this.#stale, Math.max(0, bin - 2));
    }
    this.#sum = 0;
    this.#count = 0;
  }

  /**
   * Makes what was added visible: a line through the middles of the bins, each smoothed with its neighbours. Days are as they were
   * up to the first bin that has changed.
   */
  publish(): void {
    const means = this.#means;
    const smooth = this.#smooth;
    const prefix = this.#prefix;
    if (this.#stale >= bins) return;
    for (let bin = Math.max(0, this.#stale - 1); bin < bins; bin++) {
      const before = means[bin === 0 ? bins - 1 : bin - 1]!;
      const after = means[bin === bins - 1 ? 0 : bin + 1]!;
      smooth[bin] = (before + 2 * means[bin]! + after) / 4;
    }
    for (let minute = this.#stale * binMinutes; minute < minutesPerDay; minute++) {
      const share = shareOfNext[minute]!;
      const before = (1 - share) * smooth[binBefore[minute]!]!;
      prefix[minute + 1] = prefix[minute]! + before + share * smooth[binAfter[minute]!]!;
    }
    this.#stale = bins;
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
    this.#stale = 0;
    this.publish();
  }
}

function binOf(minute: number): number {
  return Math.floor((minute % minutesPerDay) / binMinutes);
}
