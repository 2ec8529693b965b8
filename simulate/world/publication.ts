import { minuteMs } from '../../shared/units.ts';
import { seededRandom } from './random.ts';

/** Whole minutes after which a datapoint shows up as a rule, counted from the end of its minute. */
export const usuallyLate = 1;
/** No count of a load balancer comes later than this many minutes. */
export const mostLate = 3;

/**
 * How late a load balancer's counts of the minute that starts at an instant are: half of them come in the next minute, others one or
 * two minutes later. A sum over a period of which a minute is missing is too low.
 */
export function countsLate(minuteStart: number): number {
  const chance = seededRandom(minuteStart / minuteMs).next();
  return chance < 0.5 ? 1 : chance < 0.85 ? 2 : mostLate;
}
