import type { Instant } from './observation.ts';

const minuteMs = 60_000;
/** Services publish one to three minutes late: silence about a younger minute is a datapoint that is on its way, and a count of it may still grow. */
export const publishedWithinMs = 3 * minuteMs;

/**
 * When the newest period ends that is read of a metric. One of several minutes ends with the last minute that is surely
 * published: ending now, it would lack minutes, and a count would be too low. A datapoint of one minute or less is there or is not.
 */
export function newestEnd(periodSeconds: number, now: Instant): Instant {
  const whole = (at: Instant, stepMs: number) => Math.floor(at / stepMs) * stepMs;
  return periodSeconds > 60 ? whole(now - publishedWithinMs, minuteMs) : whole(now, periodSeconds * 1000);
}

/** How many periods back a datapoint is looked for: three, and at least five minutes, for services may publish late. */
export function periodsLookedBack(periodSeconds: number): number {
  return Math.max(3, Math.ceil(300 / periodSeconds));
}

/** How long ago the newest datapoint of a metric may have begun. */
export function lookBackSeconds(periodSeconds: number): number {
  return periodsLookedBack(periodSeconds) * periodSeconds + (publishedWithinMs + minuteMs) / 1000;
}
