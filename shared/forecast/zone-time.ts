import type { Fleet } from '../fleet/fleet.ts';
import { OpenDays } from '../fleet/open-days.ts';
import type { LocalTime } from '../objective/local-time.ts';
import { type Zone, zoneNamed } from '../schedule/zone.ts';
import { minuteMs, minutesPerDay } from '../units.ts';

/** Days of which the offset is remembered; enough for what a model looks at from minute to minute. */
const daysRemembered = 64;

/** What the fleet file says of days, as `objective` and `forecast` do. */
interface KindsOfDays {
  readonly holidays?: readonly string[] | undefined;
  readonly workdays?: readonly string[] | undefined;
}

/**
 * The clock of a time zone, its holidays and the weekend days that are worked.
 * @param timeZone an IANA name
 * @param days lists of days, ranges of days, and names of calendars
 */
export function localTime(
  timeZone: string,
  { holidays = [], workdays = [] }: KindsOfDays = {},
  calendars: Fleet['calendars'] = {},
): LocalTime {
  const listed = (only: readonly string[]) =>
    only.length > 0 ? new OpenDays({ only, except: [] }, calendars) : undefined;
  return new ZoneTime(zoneNamed(timeZone), listed(holidays), listed(workdays));
}

/** To ask for an offset is dear, and nearly all days have one alone. */
class ZoneTime implements LocalTime {
  readonly #zone: Zone;
  readonly #holidays: OpenDays | undefined;
  readonly #workdays: OpenDays | undefined;
  /** By UTC day; NaN: it changes on that day. */
  readonly #ahead = new Map<number, number>();

  constructor(zone: Zone, holidays: OpenDays | undefined, workdays: OpenDays | undefined) {
    this.#zone = zone;
    this.#holidays = holidays;
    this.#workdays = workdays;
  }

  aheadAt(minute: number): number {
    const day = Math.floor(minute / minutesPerDay);
    let ahead = this.#ahead.get(day);
    if (ahead === undefined) {
      if (this.#ahead.size >= daysRemembered) this.#ahead.clear();
      const atStart = this.#offsetAt(day * minutesPerDay);
      ahead = atStart === this.#offsetAt((day + 1) * minutesPerDay) ? atStart : Number.NaN;
      this.#ahead.set(day, ahead);
    }
    return Number.isNaN(ahead) ? this.#offsetAt(minute) : ahead;
  }

  isHoliday(day: number): boolean {
    return this.#holidays?.includes(day) ?? false;
  }

  isWorkday(day: number): boolean {
    return this.#workdays?.includes(day) ?? false;
  }

  #offsetAt(minute: number): number {
    return Math.round((this.#zone.wallAt(minute * minuteMs) - minute * minuteMs) / minuteMs);
  }
}
