import { minutesPerDay, minutesPerHour } from '../../shared/units.ts';
import { seededRandom } from '../../simulate/world/random.ts';

const seed = 19;

/** Loads by minute, each a little off: a normal deviation of this share that outlives the minute. */
export function noisy(minutes: number, share: number, planned: (minute: number) => number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: minutes }, (_, minute) =>
    Math.max(0, planned(minute) * (1 + share * Math.max(-2, Math.min(2, random.normal())))),
  );
}

/** Between a night's load and a day's, with an hour's way between them. @param minute of a day that begins at midnight */
export function dayAndNight(night: number, day: number, minute: number): number {
  const hour = (minute % minutesPerDay) / minutesPerHour;
  const share = Math.max(0, Math.min(1, hour - 7, 22 - hour));
  return night + (day - night) * share;
}
