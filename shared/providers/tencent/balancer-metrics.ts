import type { Instant } from '../../domain/observation.ts';
import type { AskedMetric } from '../../ports/metrics.ts';
import { PortError } from '../../ports/port-error.ts';
import type { MinuteSeries } from '../metrics-by-minute.ts';
import { mostOf, summed, unknownMinutes } from '../minutes.ts';
import type { Standing, TencentBalancers } from './balancers.ts';
import type { TencentMonitor } from './monitor.ts';

/** What is measured of one place, in the words of the monitor: requests or connections a second, milliseconds. */
interface Names {
  readonly perSecond: string;
  readonly mean?: string;
  readonly most?: string;
}

/**
 * @see https://www.tencentcloud.com/document/product/248/10997 and 39529 on balancers, public and private;
 *   https://www.tencentcloud.com/document/product/248/39530 on locations (转发规则)
 */
const names: Readonly<Record<Standing['kind'], Names>> = {
  location: { perSecond: 'QPS', mean: 'ResponseTimeAverage', most: 'ResponseTimeMax' },
  requests: { perSecond: 'TotalReq', mean: 'RspAvg', most: 'RspMax' },
  // A balancer of the fourth layer counts connections, as a network load balancer of AWS does.
  connections: { perSecond: 'ClientNewConn' },
};

/** Requests and response times at the load balancers that a group's own record names. */
export class TencentBalancerMetrics {
  readonly #monitor: TencentMonitor;
  readonly #balancers: TencentBalancers;

  constructor(monitor: TencentMonitor, balancers: TencentBalancers) {
    this.#monitor = monitor;
    this.#balancers = balancers;
  }

  /** @returns undefined: it is no such metric, or the group has no balancer */
  seriesOf({ group: { scalingGroup }, seen, use }: AskedMetric): MinuteSeries | undefined {
    const sources = seen?.trafficSources ?? [];
    const { metric, statistic } = use;
    if (sources.length === 0 || (metric !== 'requestsPerSecond' && metric !== 'responseTime'))
      return undefined;
    const isMost = statistic === 'Maximum';
    const ofTimes = metric === 'responseTime';
    return {
      key: JSON.stringify([scalingGroup, metric, isMost, sources]),
      factor: ofTimes ? 1 / 1000 : 1,
      // Each minute is a rate already, whatever the rule calls its statistic.
      statistic: ofTimes ? statistic : 'Average',
      minutes: (from, to) =>
        ofTimes
          ? this.#times(scalingGroup, sources, isMost ? 'most' : 'mean', from, to)
          : this.#requests(scalingGroup, sources, from, to),
    };
  }

  async #requests(group: string, sources: readonly string[], from: Instant, to: Instant) {
    const standings = await this.#balancers.standings(group, sources);
    return summed(await this.#each(group, standings, 'perSecond', from, to)) ?? unknownMinutes(from, to);
  }

  /** The slowest listener's: a mean over them would hide it. */
  async #times(
    group: string,
    sources: readonly string[],
    which: 'mean' | 'most',
    from: Instant,
    to: Instant,
  ) {
    const all = await this.#balancers.standings(group, sources);
    const standings = all.filter(({ kind }) => names[kind][which] !== undefined);
    if (standings.length === 0)
      throw new PortError(
        'Invalid',
        `${sources.join(', ')} measures no response times: only listeners of HTTP and HTTPS do`,
      );
    return mostOf(await this.#each(group, standings, which, from, to)) ?? unknownMinutes(from, to);
  }

  async #each(
    group: string,
    standings: readonly Standing[],
    which: keyof Names,
    from: Instant,
    to: Instant,
  ): Promise<Float64Array[]> {
    const each: Float64Array[] = [];
    for (const alike of Map.groupBy(standings, ({ kind, isPublic }) => `${kind} ${isPublic}`).values()) {
      const { kind, isPublic } = alike[0]!;
      const ofBalancer = isPublic ? 'QCE/LB_PUBLIC' : 'QCE/LB_PRIVATE';
      const namespace = kind === 'location' ? 'QCE/LOADBALANCE' : ofBalancer;
      const metric = { namespace, metricName: names[kind][which]! };
      const series = alike.map(({ dimensions }) => dimensions);
      each.push(...(await this.#monitor.each(group, metric, series, from, to)));
    }
    return each;
  }
}
