import type { Instant, Reading, ScalingGroup } from '../domain/observation.ts';
import type { MetricUse } from '../domain/policy.ts';
import type { Group } from '../fleet/group.ts';

/** How many servers of a group there are, as its provider has counted them; healthy ones: as its load balancer has. */
export type ServerCount = 'inServiceServers' | 'desiredServers' | 'healthyServers';

/** A metric as the fleet file names it, or a count of servers, and how it is read. */
export type AskedUse = Pick<MetricUse, 'statistic' | 'periodSeconds'> & {
  readonly metric: MetricUse['metric'] | ServerCount;
  /** Names it among the uses of its group. */
  readonly key: string;
};

/** One metric of one group. How it is found is the provider's business. */
export interface AskedMetric {
  readonly group: { readonly name: string; readonly scalingGroup: string; readonly config: Group };
  /** The group as it was seen; undefined: it is not there. */
  readonly seen: ScalingGroup | undefined;
  readonly use: AskedUse;
}

export interface Metrics {
  /**
   * The newest complete period of each metric that is known (see `newestEnd` and `shared/domain/absence.ts`), in the order of
   * `asked`; `{known: false, why: 'failed'}` where it could not be read, or where the group has no such metric.
   * @throws PortError when none of them could be read
   */
  latest(asked: readonly AskedMetric[], now: Instant): Promise<readonly Reading[]>;
  /**
   * The periods of each metric in `[from, to)`, oldest first; NaN: unknown; null: this one could not be read, such as one that
   * is denied; undefined: the group has no such metric. All have the same period.
   * @throws PortError when none of them could be read
   */
  history(
    asked: readonly AskedMetric[],
    from: Instant,
    to: Instant,
  ): Promise<readonly (Float64Array | null | undefined)[]>;
}
