import { minutesPerDay } from '../../shared/units.ts';
import { seededRandom } from './random.ts';

/** Share of a minute's deviation from the plan that is still there a minute later. */
const noisePersistence = 0.8;

/** A crowd that nobody announced. Minutes count from the first generated minute. */
export interface FlashCrowd {
  startMinute: number;
  /** How long it lasts, ramps included. */
  durationMinutes: number;
  /** Load at its height ÷ load without it. */
  factor: number;
  /** Minutes from nothing to its height, and back. */
  rampMinutes: number;
}

/** The shape of a day, plain data so that a fleet file can carry it. Minutes of day are local. */
export interface DayShape {
  /** Load of an ordinary daytime minute, in requests per second. */
  requestsPerSecond: number;
  /** Half-open `[startMinute, endMinute)` of the day, with ramps of `rampMinutes` inside it at both ends. */
  lunch: { startMinute: number; endMinute: number; factor: number; rampMinutes: number };
  /** Load at 03:00 as a share of daytime load; 1 is a flat day. */
  nightShare: number;
  /** Load on Saturdays and Sundays as a share of a weekday's; days count from a Monday. */
  weekendShare: number;
  /** Standard deviation of the noise as a share of the load. */
  noise: number;
  flashCrowds: FlashCrowd[];
}

/** A day whose load doubles from 11:00 to 13:00, flat otherwise, without surprises. */
export const lunchDayShape: DayShape = {
  requestsPerSecond: 400,
  lunch: { startMinute: 11 * 60, endMinute: 13 * 60, factor: 2, rampMinutes: 5 },
  nightShare: 1,
  weekendShare: 1,
  noise: 0.03,
  flashCrowds: [],
};

/** What to generate: the seed, how many minutes, and which minute of which day comes first. */
export interface Generation {
  seed: number;
  minutes: number;
  /** Local minute of day of the first value; 0 (midnight) unless told. */
  startMinuteOfDay?: number;
}

/**
 * Generates load for consecutive minutes, in requests per minute. The same shape and seed always give the
 * same numbers, and changing the shape leaves the noise of every minute as it was.
 */
export function generateLoad(shape: DayShape, generation: Generation): Float64Array {
  const random = seededRandom(generation.seed);
  const first = generation.startMinuteOfDay ?? 0;
  const load = new Float64Array(generation.minutes);
  let deviation = random.normal();
  for (let minute = 0; minute < generation.minutes; minute++) {
    const planned =
      shape.requestsPerSecond *
      60 *
      ordinaryLevel(shape, first + minute) *
      lunchFactor(shape.lunch, (first + minute) % minutesPerDay) *
      crowdFactor(shape.flashCrowds, minute);
    load[minute] = Math.max(0, Math.round(planned * (1 + shape.noise * deviation)));
    deviation =
      noisePersistence * deviation + Math.sqrt(1 - noisePersistence * noisePersistence) * random.normal();
  }
  return load;
}

/** Level of a minute without lunch or crowds: 1 by day, least at 03:00, lower at the weekend. */
function ordinaryLevel(shape: DayShape, minute: number): number {
  const minuteOfDay = minute % minutesPerDay;
  const weekend = Math.floor(minute / minutesPerDay) % 7 >= 5;
  const nightness = (1 + Math.cos((2 * Math.PI * (minuteOfDay - 180)) / minutesPerDay)) / 2;
  return (1 - (1 - shape.nightShare) * nightness) * (weekend ? shape.weekendShare : 1);
}

function lunchFactor(lunch: DayShape['lunch'], minuteOfDay: number): number {
  return (
    1 + (lunch.factor - 1) * trapezoid(minuteOfDay, lunch.startMinute, lunch.endMinute, lunch.rampMinutes)
  );
}

function crowdFactor(crowds: FlashCrowd[], minute: number): number {
  let factor = 1;
  for (const crowd of crowds) {
    const end = crowd.startMinute + crowd.durationMinutes;
    factor *= 1 + (crowd.factor - 1) * trapezoid(minute, crowd.startMinute, end, crowd.rampMinutes);
  }
  return factor;
}

/** 0 outside `[start, end)`, rising to 1 within `ramp` minutes and falling back within as many. */
function trapezoid(minute: number, start: number, end: number, ramp: number): number {
  if (minute < start || minute >= end) return 0;
  if (ramp <= 0) return 1;
  return Math.min(1, (minute - start + 1) / ramp, (end - minute) / ramp);
}
