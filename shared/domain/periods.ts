import { minuteMs } from '../units.ts';
import type { Instant } from './observation.ts';

/** By then a minute is published as a rule: a mean that lacks a late one is a mean all the same. */
const publishedAfterMs = 2 * minuteMs;
/** Services publish one to three minutes late: silence about a younger minute is a datapoint that is on its way, and a count may still grow. */
export const publishedWithinMs = 3 * minuteMs;

/**
 * When the newest period ends that is read of a metric. One of several minutes ends with the last minute that is published:
 * ending now, it would lack minutes. A datapoint of one minute or less is there or is not.
 * @param isSum what lacks a minute is then too low, so it ends with the last one that is surely published
 */
export function newestEnd(periodSeconds: number, now: Instant, isSum: boolean): Instant {
  const whole = (at: Instant, stepMs: number) => Math.floor(at / stepMs) * stepMs;
  if (periodSeconds <= 60) return whole(now, periodSeconds * 1000);
  return whole(now - (isSum ? publishedWithinMs : publishedAfterMs), minuteMs);
}

/** How many periods back a datapoint is looked for: three, and at least five minutes, for services may publish late. */
export function periodsLookedBack(periodSeconds: number): number {
  return Math.max(3, Math.ceil(300 / periodSeconds));
}

/** How long ago the newest datapoint of a metric may have begun. */
export function lookBackSeconds(periodSeconds: number): number {
  return periodsLookedBack(periodSeconds) * periodSeconds + (publishedWithinMs + minuteMs) / 1000;
}
