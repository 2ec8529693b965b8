import { dayMs } from '../units.ts';
import type { Calendar, CalendarDays } from './calendar-days.ts';

/** A day of the calendar, counted from 1970-01-01. */
export type DayNumber = number;

type DayRange = readonly [from: DayNumber, to: DayNumber];

/** The days on which a window may start: all, or those of `only`, without those of `except`. */
export class OpenDays {
  /** undefined: every day. An empty list is no day, for a calendar may be empty. */
  readonly #only: readonly DayRange[] | undefined;
  readonly #except: readonly DayRange[];

  constructor(
    window: { readonly only: readonly string[]; readonly except: readonly string[] },
    calendars: Readonly<Record<string, Calendar>>,
  ) {
    this.#only = window.only.length === 0 ? undefined : ranges(window.only, calendars);
    this.#except = ranges(window.except, calendars);
  }

  /** The first open day that is not before `day`; undefined when there is none any more. */
  onOrAfter(day: DayNumber): DayNumber | undefined {
    let candidate = day;
    for (;;) {
      const listed = this.#nextListed(candidate);
      if (listed === undefined) return undefined;
      const excepted = this.#except.find(([from, to]) => from <= listed && listed <= to);
      if (!excepted) return listed;
      candidate = excepted[1] + 1;
    }
  }

  /** The last open day that is not after `day`; undefined when there was none. */
  onOrBefore(day: DayNumber): DayNumber | undefined {
    let candidate = day;
    for (;;) {
      const listed = this.#lastListed(candidate);
      if (listed === undefined) return undefined;
      const excepted = this.#except.find(([from, to]) => from <= listed && listed <= to);
      if (!excepted) return listed;
      candidate = excepted[0] - 1;
    }
  }

  includes(day: DayNumber): boolean {
    return this.onOrAfter(day) === day;
  }

  #nextListed(day: DayNumber): DayNumber | undefined {
    if (this.#only === undefined) return day;
    const coming = this.#only.filter(([, to]) => to >= day).map(([from]) => Math.max(day, from));
    return coming.length === 0 ? undefined : Math.min(...coming);
  }

  #lastListed(day: DayNumber): DayNumber | undefined {
    if (this.#only === undefined) return day;
    const past = this.#only.filter(([from]) => from <= day).map(([, to]) => Math.min(day, to));
    return past.length === 0 ? undefined : Math.max(...past);
  }
}

/** Days, ranges of days, and names of calendars that hold them. */
function ranges(entries: readonly string[], calendars: Readonly<Record<string, Calendar>>): DayRange[] {
  return entries
    .flatMap((entry) => calendars[entry]?.days ?? [daysOf(entry)])
    .map(({ from, to }) => [dayNumber(from), dayNumber(to)]);
}

/** @param text a day, or a range of days `2026-10-01..2026-10-07` */
export function daysOf(text: string): CalendarDays {
  const [from = '', to = from] = text.split('..');
  return { from, to };
}

/** @param day `2026-10-01` */
export function dayNumber(day: string): DayNumber {
  return Date.parse(`${day}T00:00:00Z`) / dayMs;
}
