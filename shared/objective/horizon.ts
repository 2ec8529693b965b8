import { type ExpectedLoad, ExpectedUse, type SavedExpectedUse } from './expected-use.ts';
import type { LocalTime } from './local-time.ts';
import type { RecentLoad } from './recent-load.ts';
import { Ridge } from './ridge.ts';
import { type SavedSeason, Season } from './season.ts';
import type { UsualLoad } from './usual-load.ts';

/** Predictions that may wait for their minute at once; bounds how far ahead a horizon may look. */
const ring = 64;
const experts = 4;
const forecastTerms = 12;
const errorTerms = 6;
/** One row of a pending prediction: the experts, the forecast's terms, the error bar's terms, forecast, error bar, level. */
const rowLength = experts + forecastTerms + errorTerms + 3;
const termsAt = experts;
const errorTermsAt = experts + forecastTerms;
const expectedAt = rowLength - 3;
const errorAt = rowLength - 2;
const levelAt = rowLength - 1;

const expertHalfLifeMinutes = 30;
const recentErrorHalfLifeMinutes = 20;
const fastErrorHalfLifeMinutes = 4;
const fitHalfLifeHours = 5 * 24;
const forecastStiffness = 3e-4;
const errorStiffness = 0.15;
/** No error bar is narrower than this share of the load plus this many servers. */
const narrowestShare = 0.004;
const narrowestServers = 0.02;
/** Nor than this share of the recent error. */
const narrowestRecent = 0.3;
/** A season that moves the load by less than this share is no jump. */
const jumpShare = 0.1;
/** Without a miss so far, this many of this share of the load are assumed: a single miss says little. */
const supposedMisses = 10;
const supposedMissShare = 0.1;
/** A forecast goes beyond all experts by at most this many error bars: few surprises teach nothing about the next. */
const beyondExperts = 3;
/** A miss, or a climb, of less than this many error bars is no surprise. */
const surprisingBars = 3;
/** Misses that are this many error bars in the mean of the last minutes: the bar is far off and is widened. */
export const strained = 3;
const strainHalfLifeMinutes = 10;

export const horizonLimitMinutes = ring - 1;

const fade = (halfLife: number) => 2 ** (-1 / halfLife);

/** A horizon as JSON. */
export interface SavedHorizon {
  forecast: number[];
  bar: number[];
  usualError: SavedSeason;
  uses: SavedExpectedUse;
  squared: number[];
  errors: [seen: number, recent: number, above: number, surprise: number, strain: number];
  newest: [expects: number, error: number, level: number];
  pending: [minute: number, row: number[]][];
}

/**
 * Forecasts the load a fixed number of minutes ahead, with an error bar and the shape of its errors, and learns all three from
 * what then came. Loads are in servers.
 */
export class Horizon {
  readonly ahead: number;
  readonly #time: LocalTime;
  /** The newest forecast and its error bar, the expected |load − forecast|. */
  expects = 0;
  error = 0;
  /** Recent misses in error bars: about 1 while the bar is right. */
  strain = 1;
  /** How much servers are used of what is expected. */
  readonly uses = new ExpectedUse();
  #level = 0;
  readonly #newestLoad = { minute: 0, expects: 0, error: 0, level: 0 };
  readonly #expected = { minute: 0, expects: 0, error: 0, level: 0 };
  readonly #forecast = new Ridge([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  readonly #bar = new Ridge([0.5, 0.5, 0, 0, 0, 0]);
  readonly #usualError = new Season();
  readonly #squared = new Float64Array(experts);
  readonly #rows = new Float64Array(ring * rowLength);
  readonly #madeAt = new Float64Array(ring).fill(-1);
  #newest = 0;
  #seen = 0;
  #recent = 0;
  #above = 0;
  /** By how much the newest load was beyond what had to be expected. */
  #surprise = 0;

  /** @param time whose clock times of day are by */
  constructor(ahead: number, time: LocalTime) {
    this.ahead = ahead;
    this.#time = time;
  }

  /** What was forecast for a minute, as long as it has not come, until the next is asked for; undefined: nothing, or before any miss. */
  expected(minute: number): ExpectedLoad | undefined {
    const slot = (minute - this.ahead) % ring;
    if (this.#madeAt[slot] !== minute - this.ahead) return undefined;
    const expected = this.#expectedOf(minute, slot * rowLength);
    return expected.error > 0 ? expected : undefined;
  }

  /** Into one object for all: it is read before the next is asked for. */
  #expectedOf(minute: number, row: number): ExpectedLoad {
    const [rows, expected] = [this.#rows, this.#expected];
    expected.minute = minute;
    expected.expects = rows[row + expectedAt]!;
    expected.error = rows[row + errorAt]!;
    expected.level = rows[row + levelAt]!;
    return expected;
  }

  /** The newest forecast, until the next is made. */
  get newest(): ExpectedLoad {
    const newest = this.#newestLoad;
    newest.minute = this.#newest + this.ahead;
    newest.expects = this.expects;
    newest.error = this.error;
    newest.level = this.#level;
    return newest;
  }

  /** Compares what came with what was forecast for it. */
  learn(minute: number, load: number): void {
    const slot = (minute - this.ahead) % ring;
    if (this.#madeAt[slot] !== minute - this.ahead) return;
    const row = slot * rowLength;
    const expected = this.#expectedOf(minute, row);
    this.uses.learn(expected, load);
    const keep = fade(expertHalfLifeMinutes);
    for (let i = 0; i < experts; i++) {
      const miss = load - this.#rows[row + i]!;
      this.#squared[i] = keep * this.#squared[i]! + (1 - keep) * miss * miss;
    }
    const miss = load - expected.expects;
    this.#judgeBar(miss, expected.error);
    const level = Math.max(expected.expects, 0.05);
    this.#forecast.add(this.#rows, row + termsAt, load, 1 / level);
    this.#learnError(minute, row, miss, narrowestShare * level + narrowestServers);
  }

  /** A bar of 0 was none: nothing had been missed yet. */
  #judgeBar(miss: number, bar: number): void {
    if (bar === 0) return;
    const missInBars = miss / bar;
    this.#surprise = Math.max(0, miss - surprisingBars * bar);
    this.strain += (1 - fade(strainHalfLifeMinutes)) * (Math.abs(missInBars) - this.strain);
  }

  #learnError(minute: number, row: number, miss: number, narrowest: number): void {
    const size = Math.abs(miss);
    const at = row + errorTermsAt;
    const typical = Math.max((this.#rows[at]! + this.#rows[at + 1]!) / 2, narrowest);
    this.#bar.add(this.#rows, at, size, 1 / (typical * typical));
    this.#usualError.add(this.#local(minute), size);
    this.#seen++;
    this.#recent +=
      Math.max(1 / (this.#seen + supposedMisses), 1 - fade(recentErrorHalfLifeMinutes)) *
      (size - this.#recent);
    this.#above += (1 - fade(fastErrorHalfLifeMinutes)) * (Math.max(0, miss) - this.#above);
  }

  /** Forecasts from the load up to this minute. */
  predict(minute: number, load: RecentLoad, usual: UsualLoad): void {
    const slot = minute % ring;
    const row = slot * rowLength;
    const rows = this.#rows;
    if (this.#seen === 0) this.#recent = supposedMissShare * load.last;
    rows[row] = load.last;
    rows[row + 1] = load.mean20;
    rows[row + 2] = load.line(this.ahead);
    rows[row + 3] = usual.mean5;
    this.#fillTerms(row, load, usual);
    this.expects = usual.experienced ? this.#learntForecast(row, usual.jump) : rows[row + termsAt]!;
    this.error = this.#errorBar(minute, row + errorTermsAt, load.mean60, usual.experienced);
    this.#level = usual.level;
    rows[row + expectedAt] = this.expects;
    rows[row + errorAt] = this.#seen > 0 ? this.error : 0;
    rows[row + levelAt] = usual.level;
    this.#madeAt[slot] = minute;
    this.#newest = minute;
  }

  /** What was learnt corrects the experts, and goes little beyond what the boldest of them, or the season's jump, says. */
  #learntForecast(row: number, jump: number): number {
    const rows = this.#rows;
    let [least, most] = [rows[row + termsAt + 5]!, rows[row + termsAt + 5]!];
    for (let i = 0; i < experts; i++) {
      least = Math.min(least, rows[row + i]!);
      most = Math.max(most, rows[row + i]!);
    }
    const slack = beyondExperts * this.error;
    const learnt = this.#forecast.predict(rows, row + termsAt);
    return Math.max(0, least - slack, Math.min(most + jump + slack, learnt));
  }

  #fillTerms(row: number, load: RecentLoad, usual: UsualLoad): void {
    const rows = this.#rows;
    const terms = row + termsAt;
    rows[terms] = this.#hedge(row, load.mean60);
    rows[terms + 1] = load.last;
    rows[terms + 2] = load.mean5;
    rows[terms + 3] = load.mean20;
    rows[terms + 4] = usual.mean5;
    rows[terms + 5] = usual.mean60;
    // What is rare is learnt apart from what is usual: these are zero nearly always.
    rows[terms + 6] = beyond(usual.mean5 - load.mean5, jumpShare * load.mean5) + usual.jump;
    rows[terms + 7] = this.#surprise;
    rows[terms + 8] = beyond(load.shortLine(this.ahead) - load.mean5, surprisingBars * this.error);
    // A large load is smooth, and its last minutes say much; of a small one longer means say more.
    const large = load.mean20 / (load.mean20 + usual.level || 1);
    rows[terms + 9] = large * (load.last - load.mean20);
    rows[terms + 10] = large * (load.mean5 - load.mean20);
    rows[terms + 11] = large * (rows[row + 2]! - load.mean20);
  }

  /** The experts' mean, each weighing by how well it did lately. */
  #hedge(row: number, level: number): number {
    let [sum, weights] = [0, 0];
    for (let i = 0; i < experts; i++) {
      const weight = 1 / (this.#squared[i]! + 1e-6 * level * level + 1e-12);
      weights += weight;
      sum += weight * this.#rows[row + i]!;
    }
    return sum / weights;
  }

  #errorBar(minute: number, terms: number, level: number, experienced: boolean): number {
    const rows = this.#rows;
    const local = this.#local(minute + this.ahead);
    const known = this.#usualError.daysAt(local) >= 1;
    rows[terms] = this.#recent;
    rows[terms + 1] = known ? this.#usualError.at(local) : this.#recent;
    rows[terms + 2] = this.expects;
    rows[terms + 3] = Math.sqrt(this.expects * level);
    rows[terms + 4] = this.#above;
    rows[terms + 5] = this.#surprise;
    const narrowest = narrowestShare * this.expects + narrowestServers;
    // What was learnt from few surprises must not blow the bar up at the next: it is no wider than what was missed.
    const widest = Math.max(this.#recent, rows[terms + 1]!, this.#above);
    const learnt = experienced ? Math.min(this.#bar.predict(rows, terms), widest) : this.#recent;
    const bar = Math.max(learnt, narrowestRecent * this.#recent, narrowest);
    return Math.max(bar, Math.min((bar * this.strain) / strained, widest));
  }

  #local(minute: number): number {
    return minute + this.#time.aheadAt(minute);
  }

  /** Once an hour: the fits follow what was learnt since. */
  refit(): void {
    this.#forecast.refit(forecastStiffness, fade(fitHalfLifeHours));
    this.#bar.refit(errorStiffness, fade(fitHalfLifeHours));
    this.uses.publish();
    this.#usualError.publish();
  }

  toJSON(): SavedHorizon {
    const pending: [number, number[]][] = [];
    this.#madeAt.forEach((minute, slot) => {
      if (minute > this.#newest - this.ahead)
        pending.push([minute, [...this.#rows.subarray(slot * rowLength, (slot + 1) * rowLength)]]);
    });
    return {
      forecast: this.#forecast.toJSON(),
      bar: this.#bar.toJSON(),
      usualError: this.#usualError.toJSON(),
      uses: this.uses.toJSON(),
      squared: [...this.#squared],
      errors: [this.#seen, this.#recent, this.#above, this.#surprise, this.strain],
      newest: [this.expects, this.error, this.#level],
      pending,
    };
  }

  restore(saved: SavedHorizon): void {
    this.#forecast.restore(saved.forecast);
    this.#bar.restore(saved.bar);
    this.#usualError.restore(saved.usualError);
    this.uses.restore(saved.uses);
    this.#squared.set(saved.squared);
    [this.#seen, this.#recent, this.#above, this.#surprise, this.strain] = saved.errors;
    [this.expects, this.error, this.#level] = saved.newest;
    for (const [minute, row] of saved.pending) {
      this.#newest = Math.max(this.#newest, minute);
      this.#madeAt[minute % ring] = minute;
      this.#rows.set(row, (minute % ring) * rowLength);
    }
  }
}

/** What of a difference goes beyond a threshold, either way. */
function beyond(difference: number, threshold: number): number {
  return Math.sign(difference) * Math.max(0, Math.abs(difference) - threshold);
}
