import type { Instant } from '../../domain/observation.ts';
import type { AskedMetric } from '../../ports/metrics.ts';
import { minuteMs } from '../../units.ts';
import { type Dimensions, type Measured, type Monitoring, measuredSeries } from '../measured.ts';
import { MetricsByMinute, together } from '../metrics-by-minute.ts';
import type { AlibabaAccount } from './account.ts';
import { AlibabaBalancerMetrics } from './balancer-metrics.ts';
import { AlibabaListeners } from './listeners.ts';
import { AlibabaMonitor, statisticIn } from './monitor.ts';

/**
 * Metrics of servers: the hypervisor's, and for the memory the agent's, which must be installed. Rates are bits a second.
 * @see https://www.alibabacloud.com/help/en/cms/support/appendix-1-metrics
 */
const ofServers: Monitoring['ofServers'] = {
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
  constructor(account: AlibabaAccount) {
    const monitor = new AlibabaMonitor(account);
    const atBalancers = new AlibabaBalancerMetrics(account, monitor, new AlibabaListeners(account));
    const monitoring: Monitoring = {
      namespace: 'acs_ecs_dashboard',
      byServer: (id) => ({ instanceId: id }),
      ofServers,
      byName: dimensionsOf,
      minutes: (asked, of, from, to) => minutesOf(monitor, asked, of, from, to),
    };
    super((asked) => atBalancers.seriesOf(asked) ?? measuredSeries(asked, monitoring));
  }
}

async function minutesOf(
  monitor: AlibabaMonitor,
  { group, use }: AskedMetric,
  of: Measured,
  from: Instant,
  to: Instant,
): Promise<Float64Array> {
  const byMinute: number[][] = Array.from({ length: Math.ceil((to - from) / minuteMs) }, () => []);
  for await (const points of monitor.datapoints(group.scalingGroup, of, of.dimensions, from, to)) {
    for (const point of points) {
      const value = statisticIn(point, use.statistic);
      byMinute[Math.floor((point.timestamp - from) / minuteMs)]?.push(
        ...(value === undefined ? [] : [value]),
      );
    }
  }
  return Float64Array.from(byMinute, (values) => together(values, use.statistic));
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
