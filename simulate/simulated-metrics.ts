import type { Instant, Reading } from '../shared/domain/observation.ts';
import { newestEnd } from '../shared/domain/periods.ts';
import { needsLoadBalancer } from '../shared/fleet/metric-query.ts';
import type { AskedMetric, AskedUse, Metrics } from '../shared/ports/metrics.ts';
import { minuteMs } from '../shared/units.ts';
import { type GroupPast, visibilityDelayMinutes } from './group-past.ts';
import { type Measure, measureOf } from './measure.ts';
import { mostLate } from './world/publication.ts';

/** Readings of what the groups have been through. */
export class SimulatedMetrics implements Metrics {
  readonly #pasts: ReadonlyMap<string, GroupPast>;
  readonly #start: Instant;

  /** @param pasts by the names of the groups in the fleet file */
  constructor(pasts: ReadonlyMap<string, GroupPast>, start: Instant) {
    this.#pasts = pasts;
    this.#start = start;
  }

  async latest(asked: readonly AskedMetric[], now: Instant): Promise<readonly Reading[]> {
    return asked.map((one) => (isMeasured(one) ? this.#newest(one, now) : { known: false, why: 'failed' }));
  }

  async history(
    asked: readonly AskedMetric[],
    from: Instant,
    to: Instant,
  ): Promise<readonly (Float64Array | undefined)[]> {
    return asked.map((one) => (isMeasured(one) ? this.#history(one, from, to) : undefined));
  }

  #history({ group, use }: AskedMetric, from: Instant, to: Instant): Float64Array {
    const past = this.#pasts.get(group.name);
    const measure = measureOfUse(use);
    const period = Math.max(1, use.periodSeconds / 60);
    return Float64Array.from({ length: Math.ceil((to - from) / (period * minuteMs)) }, (_, index) => {
      const start = Math.floor((from - this.#start) / minuteMs) + index * period;
      const seen = past && start >= 0 && start + period <= past.minutes - visibilityDelayMinutes;
      return (seen ? measure?.(past, start, start + period) : undefined) ?? Number.NaN;
    });
  }

  #newest({ group, use }: AskedMetric, now: Instant): Reading {
    const past = this.#pasts.get(group.name);
    if (!past) return { known: false, why: 'missing' };
    const period = Math.max(1, use.periodSeconds / 60);
    const end = Math.floor((newestEnd(use.periodSeconds, now, isSum(use)) - this.#start) / minuteMs);
    const newest = Math.min(end, past.minutes - visibilityDelayMinutes);
    for (let to = newest; to > newest - mostLate; to--) {
      const value = measureOfUse(use)?.(past.published, to - period, to);
      if (value !== undefined) return { known: true, value, at: this.#start + (to - period) * minuteMs };
    }
    return { known: false, why: 'missing' };
  }
}

/** What a load balancer measures is not to be had of a group without one. */
function isMeasured({ seen, use }: AskedMetric): boolean {
  return !needsLoadBalancer(use.metric) || (seen?.trafficSources.length ?? 0) > 0;
}

function measureOfUse({ metric, statistic }: AskedUse): Measure | undefined {
  return metric === 'inServiceServers' || metric === 'desiredServers' || metric === 'healthyServers'
    ? undefined
    : measureOf(metric, statistic);
}

/** Counts are sums, whichever statistic is asked for; response times are not counts. */
function isSum({ metric, statistic }: AskedUse): boolean {
  return statistic === 'Sum' || (needsLoadBalancer(metric) && metric !== 'responseTime');
}
