const MINUTES_PER_DAY = 1440;
const BIN_MINUTES = 5;
const BINS = MINUTES_PER_DAY / BIN_MINUTES;
/** A day counts for this much less than the one after it, once there are enough of them. */
const NEWEST_DAY_SHARE = 1 / 5;

/**
 * What is usual at a time of day: a mean over the last days in bins of five minutes, newer days counting for more. Values are
 * added as they come and become visible with `publish`, so that what is usual does not change under a running sum.
 */
export class Season {
  readonly #mean = new Float64Array(BINS);
  readonly #days = new Float64Array(BINS);
  /** Σ of what is usual over the minutes of a day before each one. */
  readonly #prefix = new Float64Array(MINUTES_PER_DAY + 1);
  #bin = -1;
  #sum = 0;
  #count = 0;

  /** Days of history at this minute. */
  daysAt(minute: number): number {
    return this.#days[binOf(minute)]!;
  }

  add(minute: number, value: number): void {
    const bin = binOf(minute);
    if (bin !== this.#bin) {
      this.#fold();
      this.#bin = bin;
    }
    this.#sum += value;
    this.#count++;
  }

  #fold(): void {
    if (this.#count > 0) {
      const bin = this.#bin;
      const value = this.#sum / this.#count;
      this.#days[bin]! += 1;
      this.#mean[bin]! += (value - this.#mean[bin]!) * Math.max(1 / this.#days[bin]!, NEWEST_DAY_SHARE);
    }
    this.#sum = 0;
    this.#count = 0;
  }

  /** Makes what was added visible. */
  publish(): void {
    for (let minute = 0; minute < MINUTES_PER_DAY; minute++) {
      const position = minute / BIN_MINUTES - 0.4;
      const bin = Math.floor(position);
      const share = position - bin;
      this.#prefix[minute + 1] =
        this.#prefix[minute]! + (1 - share) * this.#smooth(bin + BINS) + share * this.#smooth(bin + 1 + BINS);
    }
  }

  #smooth(bin: number): number {
    const mean = this.#mean;
    return (mean[(bin - 1) % BINS]! + 2 * mean[bin % BINS]! + mean[(bin + 1) % BINS]!) / 4;
  }

  at(minute: number): number {
    const of = minute % MINUTES_PER_DAY;
    return this.#prefix[of + 1]! - this.#prefix[of]!;
  }

  /** Mean of what is usual over the `count` minutes that end with this one. */
  meanBefore(minute: number, count: number): number {
    const to = (minute % MINUTES_PER_DAY) + 1;
    const from = to - count;
    const sum = this.#prefix[to]! - this.#prefix[Math.max(0, from)]!;
    return (
      (from >= 0 ? sum : sum + this.#prefix[MINUTES_PER_DAY]! - this.#prefix[MINUTES_PER_DAY + from]!) / count
    );
  }
}

function binOf(minute: number): number {
  return Math.floor((minute % MINUTES_PER_DAY) / BIN_MINUTES);
}
