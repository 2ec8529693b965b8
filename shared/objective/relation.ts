import { minutesPerDay } from '../units.ts';

const halfLifeMinutes = minutesPerDay;
const keep = 2 ** (-1 / halfLifeMinutes);
/** From this share of common variance on, one of two series says something of the other. */
const leastShared = 0.5;
/** Minutes that must have been seen before that is said. */
const leastMinutes = 60;

/** A relation as JSON: minutes, means, variances and the covariance. */
export type SavedRelation = number[];

/** Whether two series rise and fall together: their squared correlation over about a day. */
export class Relation {
  #minutes = 0;
  #x = 0;
  #y = 0;
  #xx = 0;
  #yy = 0;
  #xy = 0;

  add(x: number, y: number): void {
    this.#minutes++;
    const share = Math.max(1 / this.#minutes, 1 - keep);
    const [dx, dy] = [x - this.#x, y - this.#y];
    this.#x += share * dx;
    this.#y += share * dy;
    this.#xx = (1 - share) * (this.#xx + share * dx * dx);
    this.#yy = (1 - share) * (this.#yy + share * dy * dy);
    this.#xy = (1 - share) * (this.#xy + share * dx * dy);
  }

  get exists(): boolean {
    if (this.#minutes < leastMinutes || this.#xy <= 0) return false;
    return this.#xy * this.#xy >= leastShared * this.#xx * this.#yy;
  }

  toJSON(): SavedRelation {
    return [this.#minutes, this.#x, this.#y, this.#xx, this.#yy, this.#xy];
  }

  restore(saved: SavedRelation): void {
    [this.#minutes, this.#x, this.#y, this.#xx, this.#yy, this.#xy] = saved as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
  }
}
