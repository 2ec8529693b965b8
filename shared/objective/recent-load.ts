/** A power of two: minutes are found in the ring by their lowest bits. */
const size = 256;
const mask = size - 1;

/** The load of the last hours and what the forecasts read from it. Before an hour has passed, means are over what there is. */
export class RecentLoad {
  readonly #values = new Float64Array(size);
  #minute = -1;
  #count = 0;
  last = 0;
  mean5 = 0;
  mean20 = 0;
  mean60 = 0;

  push(minute: number, load: number): void {
    this.#minute = minute;
    this.#count = Math.min(size, this.#count + 1);
    this.#values[minute & mask] = load;
    this.last = load;
    this.mean5 = this.#mean(5);
    this.mean20 = this.#mean(20);
    this.mean60 = this.#mean(60);
  }

  /** The load `back` minutes before the newest; undefined when that is too long ago. */
  before(back: number): number | undefined {
    return back < this.#count ? this.#values[(this.#minute - back) & mask] : undefined;
  }

  /** The straight line through the last ten minutes, at this many minutes after the newest. */
  line(ahead: number): number {
    return this.#extrapolate(10, this.#mean(10), ahead);
  }

  /** The same through the last five, which is sooner at a turn and oftener wrong. */
  shortLine(ahead: number): number {
    return this.#extrapolate(5, this.mean5, ahead);
  }

  #extrapolate(minutes: number, mean: number, ahead: number): number {
    if (this.#count < minutes) return mean;
    const middle = (minutes - 1) / 2;
    const [values, newest] = [this.#values, this.#minute];
    let slope = 0;
    for (let back = 0; back < minutes; back++) slope += (middle - back) * values[(newest - back) & mask]!;
    slope /= (minutes * (minutes * minutes - 1)) / 12;
    return Math.max(0, mean + slope * (middle + ahead));
  }

  #mean(minutes: number): number {
    const count = Math.min(minutes, this.#count);
    const [values, newest] = [this.#values, this.#minute];
    let sum = 0;
    for (let back = 0; back < count; back++) sum += values[(newest - back) & mask]!;
    return sum / count;
  }

  toJSON(): number[] {
    const values: number[] = [];
    for (let back = this.#count - 1; back >= 0; back--)
      values.push(this.#values[(this.#minute - back) & mask]!);
    return values;
  }

  /** Takes up values whose newest belongs to `minute`. */
  restore(values: readonly number[], minute: number): void {
    values.forEach((value, i) => {
      this.push(minute - values.length + 1 + i, value);
    });
  }
}
