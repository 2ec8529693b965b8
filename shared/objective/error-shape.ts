import { minutesPerHour } from '../units.ts';

const lowest = -6;
const highest = 18;
const binsPerUnit = 4;
const bins = (highest - lowest) * binsPerUnit;
/** Samples of all minutes that weigh as much as those of one minute of the hour. */
const globalSamples = 300;
/** Samples that a group without a past is supposed to have seen, spread as by Laplace. */
const priorSamples = 200;
/** A count this small is dropped, so that what is saved stays small. */
const forgotten = 0.02;

/** What every shape begins with, worked out once: most are then restored. */
let prior: { readonly excess: Float64Array; readonly samples: Float64Array } | undefined;

/** An error shape as JSON; the counts of the hour's minutes are sparse: cells on from the one before, count, and so on. */
export interface SavedErrorShape {
  all: number[];
  ofHour: number[];
}

/**
 * How forecasts err, in units of their error bar: a histogram for all minutes and one for every minute of the hour with its
 * neighbours, which is where timers on the hour show up.
 */
export class ErrorShape {
  readonly #all = new Float64Array(bins);
  readonly #ofHour = new Float64Array(minutesPerHour * bins);
  /** For each minute of the hour E[(Z − z)⁺] at every bin's lower edge, times the samples of that minute. */
  readonly #excess = new Float64Array(minutesPerHour * (bins + 1));
  readonly #samples = new Float64Array(minutesPerHour);

  constructor() {
    for (let bin = 0; bin < bins; bin++) {
      const z = lowest + (bin + 0.5) / binsPerUnit;
      this.#all[bin] = (priorSamples * Math.exp(-Math.abs(z))) / 2 / binsPerUnit;
    }
    if (prior) {
      this.#excess.set(prior.excess);
      this.#samples.set(prior.samples);
    } else {
      this.publish(1);
      prior = { excess: this.#excess.slice(), samples: this.#samples.slice() };
    }
  }

  add(minute: number, z: number): void {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((z - lowest) * binsPerUnit)));
    this.#all[bin]! += 1;
    this.#ofHour[(minute % minutesPerHour) * bins + bin]! += 1;
  }

  /** Fades what was added by `keep` and makes it visible. */
  publish(keep: number): void {
    let total = 0;
    for (let bin = 0; bin < bins; bin++) {
      this.#all[bin]! *= keep;
      total += this.#all[bin]!;
    }
    const ofHour = this.#ofHour;
    for (let cell = 0; cell < ofHour.length; cell++) {
      const was = ofHour[cell]!;
      if (was === 0) continue;
      const count = keep * was;
      ofHour[cell] = count > forgotten ? count : 0;
    }
    for (let minute = 0; minute < minutesPerHour; minute++) this.#integrate(minute, globalSamples / total);
  }

  /** E[(Z − z)⁺] is the integral of P(Z > z) from z upwards. */
  #integrate(minute: number, globalShare: number): void {
    const before = ((minute + minutesPerHour - 1) % minutesPerHour) * bins;
    const own = minute * bins;
    const after = ((minute + 1) % minutesPerHour) * bins;
    const row = minute * (bins + 1);
    const ofHour = this.#ofHour;
    const all = this.#all;
    const excess = this.#excess;
    let above = 0;
    let area = 0;
    for (let bin = bins - 1; bin >= 0; bin--) {
      const nearby = ofHour[before + bin]! + ofHour[own + bin]! + ofHour[after + bin]!;
      const count = globalShare * all[bin]! + nearby;
      area += (above + count / 2) / binsPerUnit;
      above += count;
      excess[row + bin] = area;
    }
    this.#samples[minute] = above;
  }

  /** E[(Z − z)⁺] for the error at a minute. */
  excess(minute: number, z: number): number {
    const ofHour = minute % minutesPerHour;
    const row = ofHour * (bins + 1);
    const samples = this.#samples[ofHour]!;
    if (z >= highest) return 0;
    if (z <= lowest) return this.#excess[row]! / samples + lowest - z;
    const position = (z - lowest) * binsPerUnit;
    const bin = Math.floor(position);
    const low = this.#excess[row + bin]!;
    return (low + (position - bin) * (this.#excess[row + bin + 1]! - low)) / samples;
  }

  toJSON(): SavedErrorShape {
    const ofHour: number[] = [];
    let before = 0;
    this.#ofHour.forEach((count, cell) => {
      if (count <= 0) return;
      ofHour.push(cell - before, count);
      before = cell;
    });
    return { all: [...this.#all], ofHour };
  }

  restore(saved: SavedErrorShape): void {
    this.#all.set(saved.all);
    for (let i = 0, cell = 0; i < saved.ofHour.length; i += 2) {
      cell += saved.ofHour[i]!;
      this.#ofHour[cell] = saved.ofHour[i + 1]!;
    }
    this.publish(1);
  }
}
