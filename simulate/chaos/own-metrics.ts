import type { Instant, Reading } from '../../shared/domain/observation.ts';
import type { Group } from '../../shared/fleet/group.ts';
import type { MetricQuery } from '../../shared/fleet/metric-query.ts';
import type { AskedMetric, Metrics } from '../../shared/ports/metrics.ts';
import type { MemoryMetrics } from '../../shared/providers/memory/metrics.ts';

const unread: Reading = { known: false, why: 'failed' };

interface Use {
  readonly metric: unknown;
  readonly statistic?: string | undefined;
  readonly periodSeconds: number;
}

/** Does somebody else than CloudWatch have it: the monitor of a provider, or a Prometheus? */
export function isOwnMetric({ tencent, alibaba }: Group, metric: unknown): boolean {
  const isPrometheus = typeof metric === 'object' && metric !== null && 'prometheus' in metric;
  return tencent !== undefined || alibaba !== undefined || isPrometheus;
}

/** Where the simulator keeps it. */
export function ownQuery(
  scalingGroup: string,
  { metric, statistic = 'Average', periodSeconds }: Use,
): MetricQuery {
  const metricName = typeof metric === 'string' ? metric : JSON.stringify(metric);
  const series = { namespace: 'own', metricName, dimensions: { scalingGroup } };
  return { id: 'm', ...series, statistic, periodSeconds, divisor: 1 };
}

/** CloudWatch's metrics, and those of others, who at times answer nothing for a group. */
export class OwnMetrics implements Metrics {
  readonly #usual: MemoryMetrics;
  readonly #isRefused: (group: string) => boolean;

  /** @param isRefused by the group's name in the fleet */
  constructor(usual: MemoryMetrics, isRefused: (group: string) => boolean) {
    this.#usual = usual;
    this.#isRefused = isRefused;
  }

  async latest(asked: readonly AskedMetric[], now: Instant): Promise<readonly Reading[]> {
    const usual = await this.#usual.latest(asked, now);
    return asked.map(({ group, use }, index) => {
      if (!isOwnMetric(group.config, use.metric)) return usual[index]!;
      if (this.#isRefused(group.name)) return unread;
      return this.#usual.newest(ownQuery(group.scalingGroup, use), now);
    });
  }

  async history(
    asked: readonly AskedMetric[],
    from: Instant,
    to: Instant,
  ): Promise<readonly (Float64Array | null | undefined)[]> {
    const usual = await this.#usual.history(asked, from, to);
    return asked.map(({ group, use }, index) => {
      if (!isOwnMetric(group.config, use.metric)) return usual[index];
      if (this.#isRefused(group.name)) return null;
      return this.#usual.periods(ownQuery(group.scalingGroup, use), from, to);
    });
  }
}
