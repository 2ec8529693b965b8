import type { Instant } from '../service.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError for a time zone that nobody knows */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** What a clock on the wall shows at an instant, as if it were UTC (epoch milliseconds, whole seconds). */
export function wallTimeAt(instant: Instant, timeZone: string): number {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  return Date.UTC(
    parts['year']!,
    parts['month']! - 1,
    parts['day'],
    parts['hour'],
    parts['minute'],
    parts['second'],
  );
}

/** The first instant at which the clock shows that time, or undefined if it is skipped (daylight saving begins). */
export function instantOf(wallTime: number, timeZone: string): Instant | undefined {
  const day = 24 * 60 * 60 * 1000;
  // The offset before a change of time gives the first of two, the one after it the only other candidate.
  const offsets = [wallTime - day, wallTime + day].map((near) => wallTimeAt(near, timeZone) - near);
  const candidates = offsets.map((offset) => wallTime - offset).sort((a, b) => a - b);
  return candidates.find((candidate) => wallTimeAt(candidate, timeZone) === wallTime);
}
