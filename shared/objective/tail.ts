/** Smaller values are not told apart. */
const least = 0.005;
const binsPerE = 10;
/** Up to 0.005·e^18, some 300,000. */
const bins = 180;
/** Beyond the highest that was seen: half a sample, a quarter of it at each doubling, as heavy tails of load have it. */
const tailSamples = 0.5;
const tailPower = 2;
/** A count this small is dropped, so that what is saved stays small. */
const forgotten = 0.02;

/** A tail as JSON: samples of any size, the highest since the last `publish`, then bin, count, bin, count… */
export interface SavedTail {
  total: number;
  highest: number;
  counts: number[];
}

/**
 * How often something was how large, as a distribution that goes on beyond the highest that was seen: a histogram by the
 * logarithm, then a power law. What is added counts for `total` at once and is seen in the histogram after `publish`.
 */
export class Tail {
  readonly #counts = new Float64Array(bins);
  /** Samples at or above each bin's lower edge. */
  readonly #above = new Float64Array(bins + 1);
  #total = 0;
  #highest = 0;

  /** The highest that was added, as far as it is remembered; 0: nothing worth a name. */
  get highest(): number {
    return this.#highest;
  }

  add(value: number): void {
    this.#total++;
    if (value <= least) return;
    this.#counts[Math.min(bins - 1, Math.floor(positionOf(value)))]! += 1;
    this.#highest = Math.max(this.#highest, value);
  }

  /** Fades what was added by `keep` and makes it visible. */
  publish(keep: number): void {
    this.#total *= keep;
    for (let bin = 0; bin < bins; bin++) {
      const count = keep * this.#counts[bin]!;
      this.#counts[bin] = count < forgotten ? 0 : count;
    }
    this.#sumUp();
    this.#highest = this.#above[0]! > 0 ? edgeOf(this.#counts.findLastIndex((count) => count > 0) + 1) : 0;
  }

  #sumUp(): void {
    for (let bin = bins - 1; bin >= 0; bin--) this.#above[bin] = this.#above[bin + 1]! + this.#counts[bin]!;
  }

  /** P(value > x); 0 while nothing is known. It never grows with x. */
  beyond(x: number): number {
    if (this.#total < 1) return 0;
    if (x <= least) return 1;
    const highest = this.#highest;
    if (highest === 0) return 0;
    if (x >= highest) return (tailSamples * (highest / x) ** tailPower) / this.#total;
    const position = Math.min(bins - 1e-9, positionOf(x));
    const bin = Math.floor(position);
    const low = this.#above[bin]!;
    return (low + (position - bin) * (this.#above[bin + 1]! - low) + tailSamples) / this.#total;
  }

  /** The largest x beyond which a value is with at least this probability: where `beyond` falls below it; 0: nowhere. */
  reach(probability: number): number {
    const samples = probability * this.#total;
    if (this.#total < 1 || samples > this.#total) return 0;
    if (this.#highest === 0) return least;
    if (samples <= tailSamples) return this.#highest * (tailSamples / samples) ** (1 / tailPower);
    const above = samples - tailSamples;
    if (above > this.#above[0]!) return least;
    let [bin, next] = [0, bins];
    while (next - bin > 1) {
      const middle = (bin + next) >> 1;
      if (this.#above[middle]! >= above) bin = middle;
      else next = middle;
    }
    const low = this.#above[bin]!;
    const position = bin + (low - above) / (low - this.#above[bin + 1]!);
    return Math.min(this.#highest, edgeOf(position));
  }

  toJSON(): SavedTail {
    const counts: number[] = [];
    this.#counts.forEach((count, bin) => {
      if (count > 0) counts.push(bin, count);
    });
    return { total: this.#total, highest: this.#highest, counts };
  }

  restore(saved: SavedTail): void {
    this.#total = saved.total;
    this.#highest = saved.highest;
    for (let i = 0; i < saved.counts.length; i += 2) this.#counts[saved.counts[i]!] = saved.counts[i + 1]!;
    this.#sumUp();
  }
}

function positionOf(value: number): number {
  return Math.log(value / least) * binsPerE;
}

function edgeOf(position: number): number {
  return least * Math.exp(position / binsPerE);
}
