import { minutesPerHour } from '../units.ts';

const LOWEST = -6;
const HIGHEST = 18;
const BINS_PER_UNIT = 4;
const BINS = (HIGHEST - LOWEST) * BINS_PER_UNIT;
/** Samples of all minutes that weigh as much as those of one minute of the hour. */
const GLOBAL_SAMPLES = 300;
/** Samples that a group without a past is supposed to have seen, spread as by Laplace. */
const PRIOR_SAMPLES = 200;
/** A count this small is dropped, so that what is saved stays small. */
const FORGOTTEN = 0.02;

/** An error shape as JSON; the counts of the hour's minutes are sparse: cell, count, cell, count… */
export interface SavedErrorShape {
  all: number[];
  ofHour: number[];
}

/**
 * How forecasts err, in units of their error bar: a histogram for all minutes and one for every minute of the hour with its
 * neighbours, which is where timers on the hour show up.
 */
export class ErrorShape {
  readonly #all = new Float64Array(BINS);
  readonly #ofHour = new Float64Array(minutesPerHour * BINS);
  /** For each minute of the hour E[(Z − z)⁺] at every bin's lower edge. */
  readonly #excess = new Float64Array(minutesPerHour * (BINS + 1));

  constructor() {
    for (let bin = 0; bin < BINS; bin++) {
      const z = LOWEST + (bin + 0.5) / BINS_PER_UNIT;
      this.#all[bin] = (PRIOR_SAMPLES * Math.exp(-Math.abs(z))) / 2 / BINS_PER_UNIT;
    }
    this.publish(1);
  }

  add(minute: number, z: number): void {
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor((z - LOWEST) * BINS_PER_UNIT)));
    this.#all[bin]! += 1;
    this.#ofHour[(minute % minutesPerHour) * BINS + bin]! += 1;
  }

  /** Fades what was added by `keep` and makes it visible. */
  publish(keep: number): void {
    let total = 0;
    for (let bin = 0; bin < BINS; bin++) {
      this.#all[bin]! *= keep;
      total += this.#all[bin]!;
    }
    for (let cell = 0; cell < this.#ofHour.length; cell++) {
      const count = keep * this.#ofHour[cell]!;
      this.#ofHour[cell] = count > FORGOTTEN ? count : 0;
    }
    for (let minute = 0; minute < minutesPerHour; minute++) this.#integrate(minute, GLOBAL_SAMPLES / total);
  }

  /** E[(Z − z)⁺] is the integral of P(Z > z) from z upwards. */
  #integrate(minute: number, globalShare: number): void {
    const before = ((minute + minutesPerHour - 1) % minutesPerHour) * BINS;
    const own = minute * BINS;
    const after = ((minute + 1) % minutesPerHour) * BINS;
    const row = minute * (BINS + 1);
    let [above, area] = [0, 0];
    for (let bin = BINS - 1; bin >= 0; bin--) {
      const nearby = this.#ofHour[before + bin]! + this.#ofHour[own + bin]! + this.#ofHour[after + bin]!;
      const count = globalShare * this.#all[bin]! + nearby;
      area += (above + count / 2) / BINS_PER_UNIT;
      above += count;
      this.#excess[row + bin] = area;
    }
    for (let bin = 0; bin < BINS; bin++) this.#excess[row + bin]! /= above;
  }

  /** E[(Z − z)⁺] for the error at a minute. */
  excess(minute: number, z: number): number {
    const row = (minute % minutesPerHour) * (BINS + 1);
    if (z >= HIGHEST) return 0;
    if (z <= LOWEST) return this.#excess[row]! + LOWEST - z;
    const position = (z - LOWEST) * BINS_PER_UNIT;
    const bin = Math.floor(position);
    const low = this.#excess[row + bin]!;
    return low + (position - bin) * (this.#excess[row + bin + 1]! - low);
  }

  toJSON(): SavedErrorShape {
    const ofHour: number[] = [];
    this.#ofHour.forEach((count, cell) => {
      if (count > 0) ofHour.push(cell, count);
    });
    return { all: [...this.#all], ofHour };
  }

  restore(saved: SavedErrorShape): void {
    this.#all.set(saved.all);
    for (let i = 0; i < saved.ofHour.length; i += 2) this.#ofHour[saved.ofHour[i]!] = saved.ofHour[i + 1]!;
    this.publish(1);
  }
}
