import type { Instant, Reading } from '../domain/observation.ts';
import type { MetricQuery } from '../fleet/metric-query.ts';

export interface Metrics {
  /**
   * The newest complete period of each query that is known (see `newestEnd` and `shared/domain/absence.ts`), by id;
   * `{known: false, why: 'failed'}` where it could not be read.
   * @throws PortError when none of them could
   */
  latest(queries: readonly MetricQuery[], now: Instant): Promise<ReadonlyMap<string, Reading>>;
  /**
   * The periods of each query in `[from, to)`, oldest first; NaN: unknown; null: this one could not be read, such as a metric
   * that is denied. All queries have the same period.
   * @throws PortError when none of them could
   */
  history(
    queries: readonly MetricQuery[],
    from: Instant,
    to: Instant,
  ): Promise<readonly (Float64Array | null)[]>;
}
