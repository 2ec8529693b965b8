import type { CronFields } from '../fleet/cron.ts';
import type { OpenDays } from '../fleet/open-days.ts';
import type { Moment } from '../fleet/window.ts';
import { dayMs, minuteMs } from '../units.ts';
import type { WallTime } from './zone.ts';

/** Readings of a wall clock. */
export interface WallTimes {
  /** The first one after `wall`. */
  after(wall: WallTime): WallTime | undefined;
  /** The last one before `wall`. */
  before(wall: WallTime): WallTime | undefined;
}

/** Calendar arithmetic only: `occurrences.ts` applies the time zone. */
export function wallTimes(moment: Moment): WallTimes {
  return 'localTime' in moment ? oneWallTime(wallTimeOf(moment.localTime)) : cronWallTimes(moment.cron);
}

/** @param localTime like `2026-11-11T00:00` */
export function wallTimeOf(localTime: string): WallTime {
  return Date.parse(`${localTime}Z`);
}

/** Those that are on open days. */
export function onOpenDays(walls: WallTimes, days: OpenDays): WallTimes {
  return {
    after(wall) {
      for (let found = walls.after(wall); found !== undefined; ) {
        const day = Math.floor(found / dayMs);
        const openDay = days.onOrAfter(day);
        if (openDay === day) return found;
        found = openDay === undefined ? undefined : walls.after(openDay * dayMs - 1);
      }
      return undefined;
    },
    before(wall) {
      for (let found = walls.before(wall); found !== undefined; ) {
        const day = Math.floor(found / dayMs);
        const openDay = days.onOrBefore(day);
        if (openDay === day) return found;
        found = openDay === undefined ? undefined : walls.before((openDay + 1) * dayMs);
      }
      return undefined;
    },
  };
}

function oneWallTime(one: WallTime): WallTimes {
  return {
    after: (wall) => (one > wall ? one : undefined),
    before: (wall) => (one < wall ? one : undefined),
  };
}

/** From one 29 February that is a Friday to the next, across a century that has none: `FRI#5` in February. */
const longestGapDays = 40 * 366;

function cronWallTimes(cron: CronFields): WallTimes {
  const times = cron.hours.flatMap((hour) => cron.minutes.map((minute) => (hour * 60 + minute) * minuteMs));
  return {
    after(wall) {
      const today = Math.floor(wall / dayMs);
      for (let day = today; day <= today + longestGapDays; day++) {
        const time = isNamed(cron, day) ? times.find((each) => day * dayMs + each > wall) : undefined;
        if (time !== undefined) return day * dayMs + time;
      }
      return undefined;
    },
    before(wall) {
      const today = Math.floor(wall / dayMs);
      for (let day = today; day >= today - longestGapDays; day--) {
        const time = isNamed(cron, day) ? times.findLast((each) => day * dayMs + each < wall) : undefined;
        if (time !== undefined) return day * dayMs + time;
      }
      return undefined;
    },
  };
}

/** @param day counted from 1970-01-01 */
function isNamed({ daysOfMonth, months, daysOfWeek }: CronFields, day: number): boolean {
  const date = new Date(day * dayMs);
  return (
    months.includes(date.getUTCMonth() + 1) &&
    isDayOfMonth(daysOfMonth, date) &&
    isDayOfWeek(daysOfWeek, date)
  );
}

function isDayOfMonth(named: CronFields['daysOfMonth'], date: Date): boolean {
  const day = date.getUTCDate();
  if (named === 'last') return day === lastDayOf(date);
  if ('nearestTo' in named) return day === nearestWorkday(named.nearestTo, date);
  return named.includes(day);
}

function isDayOfWeek(named: CronFields['daysOfWeek'], date: Date): boolean {
  if (!('weekday' in named)) return named.includes(date.getUTCDay());
  if (date.getUTCDay() !== named.weekday) return false;
  const day = date.getUTCDate();
  return named.week === 'last' ? day + 7 > lastDayOf(date) : Math.ceil(day / 7) === named.week;
}

/** Of a Saturday it is the Friday before, of a Sunday the Monday after; it never leaves the month. */
function nearestWorkday(day: number, month: Date): number {
  const weekday = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth(), day)).getUTCDay();
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === lastDayOf(month) ? day - 2 : day + 1;
  return day;
}

function lastDayOf(month: Date): number {
  return new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 0)).getUTCDate();
}
