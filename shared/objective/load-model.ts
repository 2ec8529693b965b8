import { minutesPerDay } from '../units.ts';
import { Horizon, horizonLimitMinutes, type SavedHorizon } from './horizon.ts';
import { type LocalTime, universalTime } from './local-time.ts';
import { RecentLoad } from './recent-load.ts';
import { type SavedSeasons, Seasons, seasonDays } from './seasons.ts';
import type { UsualLoad } from './usual-load.ts';

const refitMinutes = 60;
/** The season learns a minute only when no running mean reaches back to it: a ratio must not contain itself. */
const seasonDelayMinutes = 90;
/** Bounds of how much a season may raise or lower a mean. */
const seasonRatio = [0.3, 3] as const;
/** A metric becomes visible a minute after its minute ended: what is decided now acts on the minute after next. */
export const nowMinutes = 2;
/** The level that is usual is a mean over about this long. */
const levelMinutes = 7 * minutesPerDay;

/** A model as JSON. */
export interface SavedLoadModel {
  minute: number;
  days: number;
  level: number;
  recent: number[];
  season: SavedSeasons;
  now: SavedHorizon;
  ready: SavedHorizon;
}

/** How far a model looks ahead (see `ObjectivePolicy`). */
interface Horizons {
  readonly bootMinutes: number;
  readonly seenAfterMinutes?: number | undefined;
  readonly time?: LocalTime | undefined;
}

/**
 * What one group's past says about its load, in servers, at two moments: now, and when a launch made now would be ready. It is
 * fed minute by minute, at constant cost; minutes count from the epoch.
 */
export class LoadModel {
  readonly now: Horizon;
  readonly ready: Horizon;
  readonly #recent = new RecentLoad();
  readonly #season: Seasons;
  readonly #usual: UsualLoad = { mean5: 0, mean60: 0, level: 0, jump: 0, experienced: false };
  /** The newest minute that was fed, known or not; -1 before the first. */
  #minute = -1;
  #known = 0;

  constructor({ bootMinutes, seenAfterMinutes = nowMinutes, time = universalTime }: Horizons) {
    this.#season = new Seasons(time);
    this.now = new Horizon(Math.max(1, seenAfterMinutes), time);
    const ready = Math.max(1, seenAfterMinutes + bootMinutes);
    this.ready = new Horizon(Math.min(horizonLimitMinutes, ready), time);
  }

  get minute(): number {
    return this.#minute;
  }

  /** Minutes of load seen so far, in days. */
  get days(): number {
    return this.#known / minutesPerDay;
  }

  /** Mean load of the last minute, five and sixty minutes. */
  get recent(): RecentLoad {
    return this.#recent;
  }

  /** Whether the season is believed at the minute that is forecast. */
  seasonKnown(ahead: number): boolean {
    return this.#season.daysAt(this.#minute + ahead) >= seasonDays;
  }

  /** Takes in the load of the next minute; NaN is unknown: nothing is learnt and the last known load stands in. */
  observe(minute: number, load: number): void {
    const known = Number.isFinite(load);
    if (!known && this.#known === 0) {
      // Before the first known minute there is no load that could stand in: none is not zero.
      this.#minute = minute;
      return;
    }
    if (known) {
      this.now.learn(minute, load);
      this.ready.learn(minute, load);
      this.#known++;
      this.#usual.level += (load - this.#usual.level) / Math.min(this.#known, levelMinutes);
    }
    this.#minute = minute;
    this.#recent.push(minute, known ? load : this.#recent.last);
    const settled = this.#recent.before(seasonDelayMinutes);
    if (settled !== undefined) this.#season.add(minute - seasonDelayMinutes, settled);
    if (minute % refitMinutes === 0) {
      this.now.refit();
      this.ready.refit();
      this.#season.publish();
    }
    if (!known) return;
    this.#predict(this.now);
    this.#predict(this.ready);
  }

  #predict(horizon: Horizon): void {
    const { mean5, mean60 } = this.#recent;
    const usual = this.#usual;
    usual.experienced = this.days >= seasonDays;
    usual.mean5 = mean5;
    usual.mean60 = mean60;
    usual.jump = 0;
    if (this.seasonKnown(horizon.ahead)) {
      const { ahead, before5, before60 } = this.#season.compare(this.#minute, horizon.ahead);
      usual.mean5 *= ratioOf(ahead, before5);
      usual.mean60 *= ratioOf(ahead, before60);
      usual.jump = Math.max(0, ahead - seasonRatio[1] * before5);
    }
    horizon.predict(this.#minute, this.#recent, usual);
  }

  toJSON(): SavedLoadModel {
    return {
      minute: this.#minute,
      days: this.days,
      level: this.#usual.level,
      recent: this.#recent.toJSON(),
      season: this.#season.toJSON(),
      now: this.now.toJSON(),
      ready: this.ready.toJSON(),
    };
  }

  restore(saved: SavedLoadModel): void {
    this.#minute = saved.minute;
    this.#known = Math.round(saved.days * minutesPerDay);
    this.#usual.level = saved.level;
    this.#recent.restore(saved.recent, saved.minute);
    this.#season.restore(saved.season);
    this.now.restore(saved.now);
    this.ready.restore(saved.ready);
  }
}

/** How much a season raises or lowers a mean. */
function ratioOf(ahead: number, before: number): number {
  return before > 0 ? Math.min(seasonRatio[1], Math.max(seasonRatio[0], ahead / before)) : 1;
}
