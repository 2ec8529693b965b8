import { minutesPerDay } from '../units.ts';
import type { LocalTime } from './local-time.ts';
import { type SavedSeason, Season } from './season.ts';

/** With fewer days the season is not believed. */
export const seasonDays = 2;

const daysPerWeek = 7;
/** 1970-01-01 was a Thursday: days from then on, modulo seven, from Monday. */
const epochWeekday = 3;
const [saturday, sunday] = [5, 6];
const kinds = ['workday', 'saturday', 'sunday', 'holiday'] as const;
type Kind = (typeof kinds)[number];

/** What is usual at a minute to come, and in the mean of the 5 and the 60 minutes up to now. */
export interface UsualChange {
  readonly ahead: number;
  readonly before5: number;
  readonly before60: number;
}

/** Seasons as JSON. */
export type SavedSeasons = Record<'any' | Kind, SavedSeason>;

/**
 * What is usual at a time of day on days of this kind, by the clock on the wall: on workdays (weekend days that are worked among
 * them), Saturdays, Sundays and holidays. While too
 * few of a kind have been seen, a holiday is like a Sunday, and a Sunday like any day. Minutes count from the epoch.
 */
export class Seasons {
  readonly #time: LocalTime;
  readonly #any = new Season();
  readonly #ofKind: Readonly<Record<Kind, Season>>;
  /** The newest day that was asked for, and its kind. */
  #day = -1;
  #kind: Kind = 'workday';

  constructor(time: LocalTime) {
    this.#time = time;
    this.#ofKind = {
      workday: new Season(),
      saturday: new Season(),
      sunday: new Season(),
      holiday: new Season(),
    };
  }

  /** Days of history at this minute of the day, of whatever kind. */
  daysAt(minute: number): number {
    return this.#any.daysAt(this.#local(minute));
  }

  add(minute: number, value: number): void {
    const local = this.#local(minute);
    this.#any.add(local, value);
    this.#ofKind[this.#kindAt(local)].add(local, value);
  }

  publish(): void {
    this.#any.publish();
    for (const kind of kinds) this.#ofKind[kind].publish();
  }

  /** What is usual at `minute + ahead`, beside what is usual over the minutes that end with `minute`. */
  compare(minute: number, ahead: number): UsualChange {
    const now = this.#local(minute);
    const then = this.#local(minute + ahead);
    const today = this.#known(now);
    const thatDay = this.#known(then);
    // Two kinds of which only one is known cannot be compared: any day is compared with any day.
    const isComparable = (today === this.#any) === (thatDay === this.#any);
    const before = isComparable ? today : this.#any;
    return {
      ahead: (isComparable ? thatDay : this.#any).at(then),
      before5: before.meanBefore(now, 5),
      before60: before.meanBefore(now, 60),
    };
  }

  #known(local: number): Season {
    const kind = this.#kindAt(local);
    const own = this.#ofKind[kind];
    if (own.daysAt(local) >= seasonDays) return own;
    const { sunday } = this.#ofKind;
    return kind === 'holiday' && sunday.daysAt(local) >= seasonDays ? sunday : this.#any;
  }

  #kindAt(local: number): Kind {
    const day = Math.floor(local / minutesPerDay);
    if (day !== this.#day) {
      this.#day = day;
      this.#kind = this.#kindOf(day);
    }
    return this.#kind;
  }

  #kindOf(day: number): Kind {
    if (this.#time.isWorkday(day)) return 'workday';
    if (this.#time.isHoliday(day)) return 'holiday';
    const weekday = (day + epochWeekday) % daysPerWeek;
    if (weekday === sunday) return 'sunday';
    return weekday === saturday ? 'saturday' : 'workday';
  }

  #local(minute: number): number {
    return minute + this.#time.aheadAt(minute);
  }

  toJSON(): SavedSeasons {
    const { workday, saturday, sunday, holiday } = this.#ofKind;
    return {
      any: this.#any.toJSON(),
      workday: workday.toJSON(),
      saturday: saturday.toJSON(),
      sunday: sunday.toJSON(),
      holiday: holiday.toJSON(),
    };
  }

  restore(saved: SavedSeasons): void {
    this.#any.restore(saved.any);
    for (const kind of kinds) this.#ofKind[kind].restore(saved[kind]);
  }
}
