import { needsEvidence, settledPeriods, withKnownZeros } from '../../domain/absence.ts';
import type { Instant } from '../../domain/observation.ts';
import type { AskedMetric } from '../../ports/metrics.ts';
import type { Dimensions } from '../measured.ts';
import type { MinuteSeries } from '../metrics-by-minute.ts';
import { mostOf, summed, unknownMinutes } from '../minutes.ts';
import type { AlibabaAccount } from './account.ts';
import type { AlibabaListeners } from './listeners.ts';
import type { AlibabaMonitor } from './monitor.ts';
import { sourcesAt } from './traffic-sources.ts';

/**
 * What load balancers measure, in the words of CloudMonitor. A classic one counts as a whole, an application one for each group of
 * servers and listener. Requests are per second, times in milliseconds.
 * @see https://www.alibabacloud.com/help/en/slb/classic-load-balancer/user-guide/monitoring-and-alerting-metrics
 * @see https://www.alibabacloud.com/help/en/slb/application-load-balancer/user-guide/alb-monitoring-metrics
 */
const names = {
  clb: {
    namespace: 'acs_slb_dashboard',
    requests: 'InstanceQps',
    hosts: 'HeathyServerCount',
    millis: 'InstanceUpstreamRt',
  },
  alb: {
    namespace: 'acs_alb',
    requests: 'ServerGroupQPS',
    hosts: 'ServerGroupHealthyHostCount',
    millis: 'ServerGroupUpstreamResponseTime',
  },
} as const;

type What = 'requests' | 'hosts' | 'millis';
type Each = readonly Float64Array[];

/** Minutes of what a group's load balancers measure; NaN: unknown. */
type Read = (what: What) => Promise<Each>;

const metrics: Readonly<
  Partial<Record<string, (read: Read, settled: number) => Promise<Float64Array | undefined>>>
> = {
  requestsPerSecond: async (read, settled) => summed(await requestsOf(read, settled)),
  // How many were healthy is counted by the minute, and so it is right of the past as well.
  async requestsPerTarget(read, settled) {
    const requests = summed(await requestsOf(read, settled));
    // The same servers are counted at each listener.
    const hosts = mostOf(await read('hosts'));
    return requests?.map((value, minute) => (hosts?.[minute] ? value / hosts[minute]! : Number.NaN));
  },
  // The slowest listener's: a mean over them would hide it.
  responseTime: async (read, settled) => mostOf(await millisOf(read, settled))?.map((value) => value / 1000),
};

/** Requests and response times at the load balancers of a group, as its own record names them. */
export class AlibabaBalancerMetrics {
  readonly #account: AlibabaAccount;
  readonly #monitor: AlibabaMonitor;
  readonly #listeners: AlibabaListeners;

  constructor(account: AlibabaAccount, monitor: AlibabaMonitor, listeners: AlibabaListeners) {
    this.#account = account;
    this.#monitor = monitor;
    this.#listeners = listeners;
  }

  /** @returns undefined: it is no such metric, or the group has no balancer that measures it */
  seriesOf({ group, seen, use }: AskedMetric): MinuteSeries | undefined {
    const combine = metrics[String(use.metric)];
    const sources = seen?.trafficSources ?? [];
    if (!combine || sourcesAt(sources, 'clb').length + sourcesAt(sources, 'alb').length === 0)
      return undefined;
    return {
      key: JSON.stringify([group.scalingGroup, use.metric, sources]),
      factor: 1,
      // Each minute is a rate or a time already, whatever the rule calls its statistic.
      statistic: use.metric === 'responseTime' ? use.statistic : 'Average',
      minutes: (from, to) => this.#minutes(group.scalingGroup, sources, combine, from, to),
    };
  }

  async #minutes(
    group: string,
    sources: readonly string[],
    combine: NonNullable<(typeof metrics)[string]>,
    from: Instant,
    to: Instant,
  ): Promise<Float64Array> {
    const series = {
      clb: sourcesAt(sources, 'clb').map((instanceId): Dimensions => ({ instanceId })),
      alb: await this.#ofServerGroups(group, sourcesAt(sources, 'alb')),
    };
    const known = new Map<What, Promise<Each>>();
    const read = (what: What) => {
      const reading = known.get(what) ?? this.#read(group, series, what, from, to);
      known.set(what, reading);
      return reading;
    };
    const settled = settledPeriods(from, 60, this.#account.now());
    return (await combine(read, settled)) ?? unknownMinutes(from, to);
  }

  async #read(
    group: string,
    series: Readonly<Record<'clb' | 'alb', readonly Dimensions[]>>,
    what: What,
    from: Instant,
    to: Instant,
  ): Promise<Each> {
    const each: Float64Array[] = [];
    for (const kind of ['clb', 'alb'] as const) {
      const metric = { namespace: names[kind].namespace, metricName: names[kind][what] };
      each.push(...(await this.#monitor.each(group, metric, series[kind], from, to)));
    }
    return each;
  }

  /** In the order of the vendor's page, in which they are to be passed. */
  async #ofServerGroups(group: string, serverGroups: readonly string[]): Promise<Dimensions[]> {
    const listeners = await this.#listeners.before(this.#account.groupOf(group), 'alb', serverGroups);
    return listeners.flatMap(({ LoadBalancerId, ListenerProtocol, ListenerPort }) =>
      serverGroups.map((serverGroupId) => ({
        loadBalancerId: LoadBalancerId,
        listenerProtocol: `${ListenerProtocol}`,
        listenerPort: `${ListenerPort}`,
        serverGroupId,
      })),
    );
  }
}

/** The requests of each series: a silent minute in which hosts were counted had none. */
async function requestsOf(read: Read, settled: number): Promise<Each> {
  const requests = await read('requests');
  if (!requests.some((one) => needsEvidence(one, settled))) return requests;
  const hosts = await read('hosts');
  return requests.map((one, index) => withKnownZeros(one, { spoke: hosts[index]! }, settled));
}

/** The response times of each series: where nobody asked, nobody waited. */
async function millisOf(read: Read, settled: number): Promise<Each> {
  const millis = await read('millis');
  if (!millis.some((one) => needsEvidence(one, settled))) return millis;
  const requests = await requestsOf(read, settled);
  const hosts = await read('hosts');
  return millis.map((one, index) =>
    withKnownZeros(one, { spoke: hosts[index]!, denied: requests[index] }, settled),
  );
}
