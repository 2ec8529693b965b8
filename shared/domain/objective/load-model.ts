import { type Features, Horizon } from './horizon.ts';
import { Season } from './season.ts';

const RING = 256;

export class LoadModel {
  readonly now: Horizon;
  readonly ready: Horizon;
  readonly #y = new Float64Array(RING);
  readonly #season = new Season();
  readonly #x: Features = { last: 0, mean5: 0, mean20: 0, mean60: 0, line: 0, seas5: 0, seas60: 0 };
  #count = 0;
  constructor(boot: number) {
    this.now = new Horizon(2);
    this.ready = new Horizon(boot + 2);
  }

  observe(minute: number, y: number): void {
    this.now.learn(minute, y);
    this.ready.learn(minute, y);
    this.#y[minute % RING] = y;
    this.#count++;
    const old = minute - 90;
    if (this.#count > 90) this.#season.add(old, this.#y[old % RING]!);
    if (minute % 60 === 0) {
      this.now.refit();
      this.ready.refit();
      this.#season.publish();
    }
    if (this.#count < 60) {
      const n = this.#count;
      let s = 0;
      for (let i = 0; i < n; i++) s += this.#y[(minute - i + RING) % RING]!;
      const x = this.#x;
      x.last = y;
      x.mean5 = x.mean20 = x.mean60 = s / n;
      x.line = y;
      x.seas5 = x.seas60 = s / n;
      this.now.predict(minute, x);
      this.ready.predict(minute, x);
      return;
    }
    const x = this.#x;
    x.last = y;
    let s = 0,
      k = 0,
      line = 0;
    const ys = this.#y;
    for (; k < 5; k++) {
      const v = ys[(minute - k) % RING]!;
      s += v;
      line += v * (4.5 - k);
    }
    x.mean5 = s / 5;
    for (; k < 10; k++) {
      const v = ys[(minute - k) % RING]!;
      s += v;
      line += v * (4.5 - k);
    }
    const mean10 = s / 10,
      slope = line / 82.5;
    for (; k < 20; k++) s += ys[(minute - k) % RING]!;
    x.mean20 = s / 20;
    for (; k < 60; k++) s += ys[(minute - k) % RING]!;
    x.mean60 = s / 60;
    const p5 = this.#season.meanBefore(minute, 5),
      p60 = this.#season.meanBefore(minute, 60);
    for (const h of [this.now, this.ready]) {
      x.line = Math.max(0, mean10 + slope * (4.5 + h.ahead));
      const known = this.#season.daysAt(minute + h.ahead) >= 1 && p5 > 0 && p60 > 0;
      const p = known ? this.#season.at(minute + h.ahead) : 1;
      x.seas5 = x.mean5 * (known ? clip(p / p5) : 1);
      x.seas60 = x.mean60 * (known ? clip(p / p60) : 1);
      h.predict(minute, x);
    }
  }
}
function clip(v: number): number {
  return Math.min(3, Math.max(0.3, v));
}
