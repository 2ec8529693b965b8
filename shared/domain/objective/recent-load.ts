const SIZE = 256;
const LINE_MINUTES = 10;
/** Σ (i − 4.5)² for i = 0…9. */
const LINE_SPREAD = 82.5;

/** The load of the last hours and what the forecasts read from it. Before an hour has passed, means are over what there is. */
export class RecentLoad {
  readonly #values = new Float64Array(SIZE);
  #minute = -1;
  #count = 0;
  last = 0;
  mean5 = 0;
  mean20 = 0;
  mean60 = 0;
  #middle = 0;
  #slope = 0;

  get minutes(): number {
    return this.#count;
  }

  push(minute: number, load: number): void {
    this.#minute = minute;
    this.#count = Math.min(SIZE, this.#count + 1);
    this.#values[minute % SIZE] = load;
    this.last = load;
    this.mean5 = this.#mean(5);
    this.mean20 = this.#mean(20);
    this.mean60 = this.#mean(60);
    this.#fitLine();
  }

  /** The load `back` minutes before the newest; undefined when that is too long ago. */
  before(back: number): number | undefined {
    return back < this.#count ? this.#values[(this.#minute - back) % SIZE] : undefined;
  }

  /** The straight line through the last ten minutes, so many minutes after the newest. */
  line(ahead: number): number {
    return Math.max(0, this.#middle + this.#slope * ((LINE_MINUTES - 1) / 2 + ahead));
  }

  #mean(minutes: number): number {
    const count = Math.min(minutes, this.#count);
    let sum = 0;
    for (let back = 0; back < count; back++) sum += this.#values[(this.#minute - back) % SIZE]!;
    return sum / count;
  }

  #fitLine(): void {
    this.#middle = this.#mean(LINE_MINUTES);
    this.#slope = 0;
    if (this.#count < LINE_MINUTES) return;
    for (let back = 0; back < LINE_MINUTES; back++) {
      const offset = (LINE_MINUTES - 1) / 2 - back;
      this.#slope += (offset * this.#values[(this.#minute - back) % SIZE]!) / LINE_SPREAD;
    }
  }

  toJSON(): number[] {
    const values: number[] = [];
    for (let back = this.#count - 1; back >= 0; back--)
      values.push(this.#values[(this.#minute - back) % SIZE]!);
    return values;
  }

  /** Takes up values whose newest belongs to `minute`. */
  restore(values: readonly number[], minute: number): void {
    values.forEach((value, i) => {
      this.push(minute - values.length + 1 + i, value);
    });
  }
}
