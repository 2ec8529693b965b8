import type { Instant, Reading } from '../domain/observation.ts';
import type { MetricQuery } from '../fleet/metric-query.ts';

const minuteMs = 60_000;
/** By then a minute is published as a whole; load balancers' counts of a younger one may still grow. */
const publishedAfterMs = 2 * minuteMs;

/**
 * When the newest period ends that `latest` reads. One of several minutes ends with the last minute that is surely published:
 * ending now, it would lack minutes, and a count would be too low. A datapoint of one minute or less is there or is not.
 */
export function newestEnd(periodSeconds: number, now: Instant): Instant {
  const whole = (at: Instant, stepMs: number) => Math.floor(at / stepMs) * stepMs;
  return periodSeconds > 60 ? whole(now - publishedAfterMs, minuteMs) : whole(now, periodSeconds * 1000);
}

/** How many periods back `latest` looks for a datapoint: three, and at least five minutes, for services may publish late. */
export function periodsLookedBack(periodSeconds: number): number {
  return Math.max(3, Math.ceil(300 / periodSeconds));
}

export interface Metrics {
  /**
   * The newest complete datapoint of each query (see `newestEnd`), by id; `{known: false, why: 'failed'}` where it could not be read.
   * @throws PortError when none of them could
   */
  latest(queries: readonly MetricQuery[], now: Instant): Promise<ReadonlyMap<string, Reading>>;
  /** The periods of each query in `[from, to)`, oldest first; NaN where there is no datapoint. All have the same period. */
  history(queries: readonly MetricQuery[], from: Instant, to: Instant): Promise<readonly Float64Array[]>;
}
