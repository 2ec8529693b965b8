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

/** By bin what a group without a past is supposed to have seen. */
const prior = Float64Array.from(
  { length: bins },
  (_, bin) => (priorSamples * Math.exp(-Math.abs(lowest + (bin + 0.5) / binsPerUnit))) / 2 / binsPerUnit,
);

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
  readonly #all = prior.slice();
  readonly #ofHour = new Float64Array(minutesPerHour * bins);
  /** For each minute of the hour E[(Z − z)⁺] at every bin's lower edge, times the samples of that minute. */
  readonly #excess = new Float64Array(minutesPerHour * (bins + 1));
  readonly #samples = new Float64Array(minutesPerHour);
  /** For each minute of the hour the bin above which it has no counts. */
  readonly #highest = new Int32Array(minutesPerHour);
  /** What all minutes add to each, and the sums of it from the top down to every bin. */
  readonly #shared = new Float64Array(bins);
  readonly #sharedAbove = new Float64Array(bins + 1);
  readonly #sharedArea = new Float64Array(bins + 1);
  /** Of a shape that is restored nobody asks what it began with: that is worked out where it is needed. */
  #isVisible = false;

  add(minute: number, z: number): void {
    if (!this.#isVisible) this.publish(1);
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((z - lowest) * binsPerUnit)));
    const ofHour = minute % minutesPerHour;
    this.#all[bin]! += 1;
    this.#ofHour[ofHour * bins + bin]! += 1;
    if (bin > this.#highest[ofHour]!) this.#highest[ofHour] = bin;
  }

  /** Fades what was added by `keep` and makes it visible. */
  publish(keep: number): void {
    this.#isVisible = true;
    let total = 0;
    for (let bin = 0; bin < bins; bin++) {
      this.#all[bin]! *= keep;
      total += this.#all[bin]!;
    }
    let highest = 0;
    for (let minute = 0; minute < minutesPerHour; minute++) {
      this.#fade(minute, keep);
      highest = Math.max(highest, this.#highest[minute]!);
    }
    this.#share(globalSamples / total);
    for (let minute = 0; minute < minutesPerHour; minute += 4) this.#integrate(minute, highest + 1);
  }

  #fade(minute: number, keep: number): void {
    const ofHour = this.#ofHour;
    const row = minute * bins;
    let last = row + this.#highest[minute]!;
    for (let cell = row; cell <= last; cell++) {
      const count = keep * ofHour[cell]!;
      ofHour[cell] = count > forgotten ? count : 0;
    }
    while (last > row && ofHour[last] === 0) last--;
    this.#highest[minute] = last - row;
  }

  #share(globalShare: number): void {
    let above = 0;
    let area = 0;
    for (let bin = bins - 1; bin >= 0; bin--) {
      const count = globalShare * this.#all[bin]!;
      area += (above + count / 2) / binsPerUnit;
      above += count;
      this.#shared[bin] = count;
      this.#sharedAbove[bin] = above;
      this.#sharedArea[bin] = area;
    }
  }

  /**
   * E[(Z − z)⁺] is the integral of P(Z > z) from z upwards. Four minutes at once: their sums do not wait for each other.
   * @param from the bin above which no minute has counts of its own: there it is like all
   */
  #integrate(minute: number, from: number): void {
    const [ofHour, shared, excess] = [this.#ofHour, this.#shared, this.#excess];
    const row = minute * (bins + 1);
    for (let each = 0; each < 4; each++) {
      for (let bin = from; bin < bins; bin++) excess[row + each * (bins + 1) + bin] = this.#sharedArea[bin]!;
    }
    const before = ((minute + minutesPerHour - 1) % minutesPerHour) * bins;
    const own = minute * bins;
    const after = ((minute + 4) % minutesPerHour) * bins;
    const [aboveAll, areaAll] = [this.#sharedAbove[from]!, this.#sharedArea[from]!];
    let [above0, above1, above2, above3] = [aboveAll, aboveAll, aboveAll, aboveAll];
    let [area0, area1, area2, area3] = [areaAll, areaAll, areaAll, areaAll];
    for (let bin = from - 1; bin >= 0; bin--) {
      const counts0 = ofHour[own + bin]!;
      const counts1 = ofHour[own + bins + bin]!;
      const counts2 = ofHour[own + 2 * bins + bin]!;
      const counts3 = ofHour[own + 3 * bins + bin]!;
      const ofAll = shared[bin]!;
      const count0 = ofAll + (ofHour[before + bin]! + counts0 + counts1);
      const count1 = ofAll + (counts0 + counts1 + counts2);
      const count2 = ofAll + (counts1 + counts2 + counts3);
      const count3 = ofAll + (counts2 + counts3 + ofHour[after + bin]!);
      excess[row + bin] = area0 += (above0 + count0 / 2) / binsPerUnit;
      excess[row + bins + 1 + bin] = area1 += (above1 + count1 / 2) / binsPerUnit;
      excess[row + 2 * (bins + 1) + bin] = area2 += (above2 + count2 / 2) / binsPerUnit;
      excess[row + 3 * (bins + 1) + bin] = area3 += (above3 + count3 / 2) / binsPerUnit;
      above0 += count0;
      above1 += count1;
      above2 += count2;
      above3 += count3;
    }
    this.#samples.set([above0, above1, above2, above3], minute);
  }

  /** E[(Z − z)⁺] for the error at a minute. */
  excess(minute: number, z: number): number {
    if (!this.#isVisible) this.publish(1);
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
      const minute = Math.floor(cell / bins);
      this.#highest[minute] = Math.max(this.#highest[minute]!, cell % bins);
    }
    this.publish(1);
  }
}
