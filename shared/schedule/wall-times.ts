import type { CronFields } from '../fleet/cron.ts';
import { dayMs, minuteMs, type WallTime } from './zone.ts';

/** The readings of a wall clock that a cron names. */
export interface WallTimes {
  /** The first one after `wall`. */
  after(wall: WallTime): WallTime | undefined;
  /** The last one before `wall`. */
  before(wall: WallTime): WallTime | undefined;
}

/** From one 29 February to the next, across a century that has none. */
const longestGapDays = 8 * 366;

/** Calendar arithmetic only: what a time zone makes of it is told in `moments.ts`. */
export function wallTimes(cron: CronFields): WallTimes {
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
  if (!months.includes(date.getUTCMonth() + 1) || !daysOfWeek.includes(date.getUTCDay())) return false;
  if (daysOfMonth === 'last') return new Date((day + 1) * dayMs).getUTCDate() === 1;
  return daysOfMonth.includes(date.getUTCDate());
}
