import type { Instant, Reading } from '../domain/observation.ts';
import type { MetricQuery } from '../fleet/metric-query.ts';

export interface Metrics {
  /**
   * The newest complete datapoint of each query (see `newestEnd`), by id; `{known: false, why: 'failed'}` where it could not be read.
   * @throws PortError when none of them could
   */
  latest(queries: readonly MetricQuery[], now: Instant): Promise<ReadonlyMap<string, Reading>>;
  /** The periods of each query in `[from, to)`, oldest first; NaN where there is no datapoint. All have the same period. */
  history(queries: readonly MetricQuery[], from: Instant, to: Instant): Promise<readonly Float64Array[]>;
}
