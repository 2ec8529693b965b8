import type { Instant } from '../shared/domain/observation.ts';
import { zoneNamed } from '../shared/schedule/zone.ts';

/**
 * How instants read on the fleet's clock: `11:00` today, `Wed 03-04 11:00` on another day.
 * @param locale in which weekdays are named
 */
export function wallClock(timeZone: string, now: Instant, locale = 'en-GB'): (instant: Instant) => string {
  const zone = zoneNamed(timeZone);
  const shown = (instant: Instant) => new Date(zone.wallAt(instant)).toISOString();
  const weekdays = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  const today = shown(now).slice(0, 10);
  return (instant) => {
    const wall = shown(instant);
    if (wall.startsWith(today)) return wall.slice(11, 16);
    return `${weekdays.format(new Date(wall))} ${wall.slice(5, 10)} ${wall.slice(11, 16)}`;
  };
}
