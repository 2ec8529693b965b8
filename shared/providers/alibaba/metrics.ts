import type { Instant } from '../../domain/observation.ts';
import { isInService } from '../../domain/servers.ts';
import type { AskedMetric } from '../../ports/metrics.ts';
import { minuteMs } from '../../units.ts';
import { MetricsByMinute, type MinuteSeries, together } from '../metrics-by-minute.ts';
import type { AlibabaAccount } from './account.ts';
import { AlibabaBalancerMetrics } from './balancer-metrics.ts';
import { AlibabaListeners } from './listeners.ts';
import { AlibabaMonitor, type Dimensions, type MonitoredMetric, statisticIn } from './monitor.ts';

/** One metric in the words of CloudMonitor, and who has it. */
interface Measured extends MonitoredMetric {
  /** Turns its unit into ours. */
  readonly factor: number;
  /** Each of these is one series; they are put together by the minute. */
  readonly dimensions: readonly Dimensions[];
}

/**
 * Metrics of servers: the hypervisor's, and for the memory the agent's, which must be installed. Rates are bits a second.
 * @see https://www.alibabacloud.com/help/en/cms/support/appendix-1-metrics
 */
const ofServers: Readonly<Partial<Record<string, { readonly metricName: string; readonly factor: number }>>> =
  {
    cpu: { metricName: 'CPUUtilization', factor: 1 },
    memory: { metricName: 'memory_usedutilization', factor: 1 },
    networkIn: { metricName: 'IntranetInRate', factor: 1 / 8 },
    networkOut: { metricName: 'IntranetOutRate', factor: 1 / 8 },
  };

/**
 * Metrics of CloudMonitor (云监控), read by the minute: of the group's servers, a mean over them; of its load balancers; and any of a
 * namespace `acs_…` that the fleet file names, an application's own among them.
 */
export class AlibabaMetrics extends MetricsByMinute {
  readonly #monitor: AlibabaMonitor;

  constructor(account: AlibabaAccount) {
    const monitor = new AlibabaMonitor(account);
    const atBalancers = new AlibabaBalancerMetrics(account, monitor, new AlibabaListeners(account));
    super((asked) => atBalancers.seriesOf(asked) ?? this.#seriesOf(asked));
    this.#monitor = monitor;
  }

  #seriesOf(asked: AskedMetric): MinuteSeries | undefined {
    const of = measuredOf(asked);
    if (!of) return undefined;
    const { group, use } = asked;
    return {
      key: JSON.stringify([group.scalingGroup, of, use.statistic]),
      factor: of.factor,
      statistic: use.statistic,
      minutes: (from, to) => this.#minutes(asked, of, from, to),
    };
  }

  /** By the minute: the mean of those series that have a datapoint, or the most or least of them; NaN: none has. */
  async #minutes(asked: AskedMetric, of: Measured, from: Instant, to: Instant): Promise<Float64Array> {
    const byMinute: number[][] = Array.from({ length: Math.ceil((to - from) / minuteMs) }, () => []);
    const { group, use } = asked;
    for await (const points of this.#monitor.datapoints(group.scalingGroup, of, of.dimensions, from, to)) {
      for (const point of points) {
        const value = statisticIn(point, use.statistic);
        byMinute[Math.floor((point.timestamp - from) / minuteMs)]?.push(
          ...(value === undefined ? [] : [value]),
        );
      }
    }
    return Float64Array.from(byMinute, (values) => together(values, use.statistic));
  }
}

function measuredOf({ use, seen }: AskedMetric): Measured | undefined {
  const { metric } = use;
  if (typeof metric === 'string') {
    const known = ofServers[metric];
    const servers = (seen?.servers ?? []).filter(isInService);
    if (!known || servers.length === 0) return undefined;
    const dimensions = servers.map(({ id }) => ({ instanceId: id }));
    return { namespace: 'acs_ecs_dashboard', ...known, dimensions };
  }
  if (!('namespace' in metric)) return undefined;
  const { namespace, metricName, dimensions } = metric;
  return { namespace, metricName, factor: 1, dimensions: [dimensionsOf(namespace, dimensions)] };
}

/**
 * An application's own metric is asked for by the id of its application group and its dimensions as one text, in the order of
 * their names: `{"groupId":"0","dimension":"app=shop&env=live"}`.
 */
function dimensionsOf(
  namespace: string,
  { groupId = '0', ...dimensions }: Readonly<Record<string, string>>,
): Dimensions {
  if (!namespace.startsWith('acs_customMetric'))
    return { ...(groupId === '0' ? {} : { groupId }), ...dimensions };
  const names = Object.keys(dimensions).sort();
  return { groupId, dimension: names.map((name) => `${name}=${dimensions[name]}`).join('&') };
}
