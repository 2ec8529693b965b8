import type { Instant } from '../domain/observation.ts';
import { isInService } from '../domain/servers.ts';
import type { AskedMetric } from '../ports/metrics.ts';
import type { MinuteSeries } from './metrics-by-minute.ts';

/** What one series of a cloud's monitor goes by: `{instanceId: i-…}`. */
export type Dimensions = Readonly<Record<string, string>>;

/** A metric in the words of a cloud's monitor. */
export interface MonitoredMetric {
  readonly namespace: string;
  readonly metricName: string;
}

/** One metric, and who has it. */
export interface Measured extends MonitoredMetric {
  /** Turns its unit into ours. */
  readonly factor: number;
  /** Each of these is one series; they are put together by the minute. */
  readonly dimensions: readonly Dimensions[];
}

/** How a cloud's monitor has what is asked for. */
export interface Monitoring {
  /** Of servers. */
  readonly namespace: string;
  /** What a server goes by there. */
  readonly byServer: (id: string) => Dimensions;
  readonly ofServers: Readonly<
    Partial<Record<string, { readonly metricName: string; readonly factor: number }>>
  >;
  /** By what a series of the fleet file is asked for. */
  readonly byName: (namespace: string, dimensions: Dimensions) => Dimensions;
  /** By the minute: the mean of those series that have a datapoint, or the most or least of them; NaN: none has. @throws PortError */
  readonly minutes: (asked: AskedMetric, of: Measured, from: Instant, to: Instant) => Promise<Float64Array>;
}

/** @returns undefined: the monitor has no such metric, or the group has no server now */
export function measuredSeries(asked: AskedMetric, monitoring: Monitoring): MinuteSeries | undefined {
  const of = measuredOf(asked, monitoring);
  if (!of) return undefined;
  const { group, use } = asked;
  return {
    key: JSON.stringify([group.scalingGroup, of, use.statistic]),
    factor: of.factor,
    statistic: use.statistic,
    minutes: (from, to) => monitoring.minutes(asked, of, from, to),
  };
}

function measuredOf({ use, seen }: AskedMetric, monitoring: Monitoring): Measured | undefined {
  const { metric } = use;
  if (typeof metric === 'string') {
    const known = monitoring.ofServers[metric];
    const servers = (seen?.servers ?? []).filter(isInService);
    if (!known || servers.length === 0) return undefined;
    const { namespace, byServer } = monitoring;
    return { namespace, ...known, dimensions: servers.map(({ id }) => byServer(id)) };
  }
  if (!('namespace' in metric)) return undefined;
  const { namespace, metricName, dimensions } = metric;
  return { namespace, metricName, factor: 1, dimensions: [monitoring.byName(namespace, dimensions)] };
}
