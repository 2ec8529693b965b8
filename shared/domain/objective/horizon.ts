import { ErrorShape } from './error-shape.ts';
import { Ridge } from './ridge.ts';
import { Season } from './season.ts';

export const K = {
  stiffB: 1e-4,
  stiffG: 1e-2,
  hlRidge: 7,
  hlShape: 10,
  hlHedge: 15,
  ewR: 30,
  floorRel: 0.004,
  floorAbs: 0.02,
  wLevel: -0.5,
  mask: 0,
  fastHl: 4,
  slowHl: 360,
};
const EXPERTS = 4;
const TERMS = 6;
const ERROR_TERMS = 9;
const RING = 32;

export interface Features {
  last: number;
  mean5: number;
  mean20: number;
  mean60: number;
  line: number;
  seas5: number;
  seas60: number;
}

export class Horizon {
  readonly ahead: number;
  expects = 0;
  error = 0;
  readonly shape = new ErrorShape();
  readonly #forecast = new Ridge([1, 0, 0, 0, 0, 0]);
  readonly #bar = new Ridge([0.5, 0.5, 0, 0, 0, 0, 0, 0, 0]);
  readonly #usualError = new Season();
  readonly #squared = new Float64Array(EXPERTS);
  #recent = 0;
  #fast = 0;
  #slow = 0;
  #up = 0;
  #seen = 0;
  readonly #experts = new Float64Array(RING * EXPERTS);
  readonly #terms = new Float64Array(RING * TERMS);
  readonly #barTerms = new Float64Array(RING * ERROR_TERMS);
  readonly #expected = new Float64Array(RING);
  readonly #bars = new Float64Array(RING);
  readonly #made = new Float64Array(RING).fill(-1);
  constructor(ahead: number) {
    this.ahead = ahead;
  }

  learn(minute: number, y: number): void {
    const slot = (minute - this.ahead + RING) % RING;
    if (this.#made[slot] !== minute - this.ahead) return;
    const keep = 2 ** (-1 / K.hlHedge);
    for (let i = 0; i < EXPERTS; i++) {
      const d = y - this.#experts[slot * EXPERTS + i]!;
      this.#squared[i] = keep * this.#squared[i]! + (1 - keep) * d * d;
    }
    const off = y - this.#expected[slot]!;
    const r = Math.abs(off);
    const s = this.#bars[slot]!;
    this.shape.add(minute, off / s);
    const level = Math.max(this.#expected[slot]!, 0.05);
    this.#forecast.add(this.#terms, slot * TERMS, y, level ** K.wLevel);
    const b = slot * ERROR_TERMS;
    const typical = Math.max(
      0.5 * this.#barTerms[b]! + 0.5 * this.#barTerms[b + 1]!,
      K.floorRel * level + K.floorAbs,
    );
    this.#bar.add(this.#barTerms, b, r, 1 / (typical * typical));
    const w = Math.max(1 / (this.#seen + 1), 1 - 2 ** (-1 / K.ewR));
    this.#recent += w * (r - this.#recent);
    const wf = Math.max(1 / (this.#seen + 1), 1 - 2 ** (-1 / K.fastHl));
    this.#fast += wf * (r - this.#fast);
    this.#up += wf * (Math.max(0, off) - this.#up);
    const ws = Math.max(1 / (this.#seen + 1), 1 - 2 ** (-1 / K.slowHl));
    this.#slow += ws * (r - this.#slow);
    this.#usualError.add(minute, r);
    this.#seen++;
  }

  predict(minute: number, x: Features): void {
    const slot = minute % RING;
    const e = slot * EXPERTS;
    this.#experts[e] = x.last;
    this.#experts[e + 1] = x.mean20;
    this.#experts[e + 2] = x.line;
    this.#experts[e + 3] = x.seas5;
    let sw = 0,
      sum = 0;
    for (let i = 0; i < EXPERTS; i++) {
      const w = 1 / (this.#squared[i]! + 1e-6 * x.mean60 * x.mean60 + 1e-12);
      sw += w;
      sum += w * this.#experts[e + i]!;
    }
    const t = slot * TERMS;
    this.#terms[t] = sum / sw;
    this.#terms[t + 1] = x.last;
    this.#terms[t + 2] = x.mean5;
    this.#terms[t + 3] = x.mean20;
    this.#terms[t + 4] = x.seas5;
    this.#terms[t + 5] = x.seas60;
    const f = Math.max(0, this.#forecast.predict(this.#terms, t));
    const b = slot * ERROR_TERMS;
    this.#barTerms[b] = this.#recent;
    const days = this.#usualError.daysAt(minute + this.ahead);
    this.#barTerms[b + 1] = days >= 1 ? this.#usualError.at(minute + this.ahead) : this.#recent;
    this.#barTerms[b + 2] = f;
    this.#barTerms[b + 3] = Math.sqrt(f * x.mean60);
    const mk = (i: number, v: number) => {
      this.#barTerms[b + 4 + i] = (K.mask >> i) & 1 ? v : 0;
    };
    mk(0, this.#fast);
    mk(1, this.#slow);
    mk(2, this.#up);
    mk(3, Math.abs(x.line - x.last));
    mk(4, Math.abs(x.seas5 - x.last));
    const s = Math.max(this.#bar.predict(this.#barTerms, b), 0.3 * this.#recent, K.floorRel * f + K.floorAbs);
    this.#expected[slot] = this.expects = f;
    this.#bars[slot] = this.error = s;
    this.#made[slot] = minute;
  }

  refit(): void {
    this.#forecast.refit(K.stiffB, 2 ** (-1 / (24 * K.hlRidge)));
    this.#bar.refit(K.stiffG, 2 ** (-1 / (24 * K.hlRidge)));
    this.shape.publish(2 ** (-1 / (24 * K.hlShape)));
    this.#usualError.publish();
  }
}
