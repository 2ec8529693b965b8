import type { Instant, Reading } from '../shared/domain/observation.ts';
import { newestEnd } from '../shared/domain/periods.ts';
import type { MetricQuery } from '../shared/fleet/metric-query.ts';
import type { Metrics } from '../shared/ports/metrics.ts';
import { type GroupPast, visibilityDelayMinutes } from './group-past.ts';
import { measureOf } from './measure.ts';

const minuteMs = 60_000;

/** CloudWatch's readings of what the groups have been through. */
export class SimulatedMetrics implements Metrics {
  readonly #pasts: ReadonlyMap<string, GroupPast>;
  readonly #start: Instant;

  /** @param pasts by the AWS names of the scaling groups and of their load balancers */
  constructor(pasts: ReadonlyMap<string, GroupPast>, start: Instant) {
    this.#pasts = pasts;
    this.#start = start;
  }

  async latest(queries: readonly MetricQuery[], now: Instant): Promise<ReadonlyMap<string, Reading>> {
    return new Map(queries.map((query) => [query.id, this.#newest(query, now)]));
  }

  async history(
    queries: readonly MetricQuery[],
    from: Instant,
    to: Instant,
  ): Promise<readonly Float64Array[]> {
    return queries.map((query) => this.#history(query, from, to));
  }

  #history(query: MetricQuery, from: Instant, to: Instant): Float64Array {
    const past = this.#pastOf(query);
    const period = Math.max(1, query.periodSeconds / 60);
    return Float64Array.from({ length: Math.ceil((to - from) / (period * minuteMs)) }, (_, index) => {
      const start = Math.floor((from - this.#start) / minuteMs) + index * period;
      const seen = past && start >= 0 && start + period <= past.minutes - visibilityDelayMinutes;
      return (seen ? measured(query, past, start, start + period) : undefined) ?? Number.NaN;
    });
  }

  #newest(query: MetricQuery, now: Instant): Reading {
    const past = this.#pastOf(query);
    if (!past) return { known: false, why: 'missing' };
    const period = Math.max(1, query.periodSeconds / 60);
    const end = Math.floor(
      (newestEnd(query.periodSeconds, now, query.statistic === 'Sum') - this.#start) / minuteMs,
    );
    const to = Math.min(end, past.minutes - visibilityDelayMinutes);
    const value = measured(query, past, to - period, to);
    if (value === undefined) return { known: false, why: 'missing' };
    return { known: true, value, at: this.#start + (to - period) * minuteMs };
  }

  #pastOf({ dimensions }: MetricQuery): GroupPast | undefined {
    return this.#pasts.get(dimensions['AutoScalingGroupName'] ?? dimensions['LoadBalancer'] ?? '');
  }
}

function measured(query: MetricQuery, past: GroupPast, from: number, to: number): number | undefined {
  switch (query.metricName) {
    case 'CPUUtilization':
      return measureOf('cpu', query.statistic)?.(past, from, to);
    case 'mem_used_percent':
      return measureOf('memory', query.statistic)?.(past, from, to);
    case 'RequestCount':
    case 'NewFlowCount':
      return divided(past.requests(from, to), query);
    case 'RequestCountPerTarget':
      return divided(past.requestsPerServer(from, to), query);
    default:
      return undefined;
  }
}

function divided(value: number | undefined, { divisor }: MetricQuery): number | undefined {
  return value === undefined ? undefined : value / divisor;
}
