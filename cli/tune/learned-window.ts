import type { Instant } from '../../shared/domain/observation.ts';
import { zoneNamed } from '../../shared/schedule/zone.ts';
import { minuteMs } from '../../shared/units.ts';

/** An hour is busy when its usual peak is this many times that of the median hour. */
const busyFactor = 1.3;
/** Of the minutes of an hour of the day, what nineteen in twenty do not exceed. */
const usual = 0.95;
/** The window opens this long before its first busy hour, so that servers can boot. */
const headStartMinutes = 10;

/**
 * The window that the past suggests: the longest run of hours of the day that usually need more servers than most, with as many as
 * they usually need. undefined: the day has no such hours.
 * @param needed servers minute by minute, from `start` on
 */
export function learnedWindow(needed: Float64Array, start: Instant, timeZone: string): object | undefined {
  const hours = usualByHour(needed, start, timeZone);
  const median = hours.toSorted((one, other) => one - other)[12]!;
  const isBusy = (hour: number) => hours[hour]! > busyFactor * median;
  let longest = { from: 0, to: 0 };
  for (let from = 0; from < 24; from++) {
    let to = from;
    while (to < 24 && isBusy(to)) to++;
    if (to - from > longest.to - longest.from) longest = { from, to };
  }
  const { from, to } = longest;
  if (to === from || from === 0) return undefined;
  return {
    busy: {
      start: `${60 - headStartMinutes} ${from - 1} * * *`,
      end: `0 ${to % 24} * * *`,
      minSize: Math.ceil(Math.max(...hours.slice(from, to))),
    },
  };
}

function usualByHour(needed: Float64Array, start: Instant, timeZone: string): number[] {
  const zone = zoneNamed(timeZone);
  const minutes: number[][] = Array.from({ length: 24 }, () => []);
  for (let minute = 0; minute < needed.length; minute += 60) {
    const first = new Date(zone.wallAt(start + minute * minuteMs)).getUTCHours();
    minutes[first]!.push(...needed.subarray(minute, minute + 60));
  }
  return minutes.map((each) => each.sort((one, other) => one - other)[Math.floor(usual * each.length)] ?? 0);
}
