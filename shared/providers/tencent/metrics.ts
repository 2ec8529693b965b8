import { type Monitoring, measuredSeries } from '../measured.ts';
import { MetricsByMinute, together } from '../metrics-by-minute.ts';
import type { TencentAccount } from './account.ts';
import { TencentBalancerMetrics } from './balancer-metrics.ts';
import { TencentBalancers } from './balancers.ts';
import { TencentMonitor } from './monitor.ts';

const megabit = 1_000_000 / 8;

/** Metrics of servers: QCE/CVM. @see https://www.tencentcloud.com/document/product/248/6843 */
const ofServers: Monitoring['ofServers'] = {
  cpu: { metricName: 'CPUUsage', factor: 1 },
  memory: { metricName: 'MemUsage', factor: 1 },
  networkIn: { metricName: 'LanIntraffic', factor: megabit },
  networkOut: { metricName: 'LanOuttraffic', factor: megabit },
};

/**
 * Metrics of the monitor, read by the minute: of the group's servers, a mean over them, as EC2 has them by the group's name; of its
 * load balancers; and any of a namespace `QCE/…` that the fleet file names.
 */
export class TencentMetrics extends MetricsByMinute {
  constructor(account: TencentAccount) {
    const monitor = new TencentMonitor(account);
    const atBalancers = new TencentBalancerMetrics(monitor, new TencentBalancers(account));
    const monitoring: Monitoring = {
      namespace: 'QCE/CVM',
      byServer: (id) => ({ InstanceId: id }),
      ofServers,
      byName: (_, dimensions) => dimensions,
      async minutes({ group, use }, of, from, to) {
        const each = await monitor.each(group.scalingGroup, of, of.dimensions, from, to);
        return each[0]!.map((_, minute) =>
          together(
            each.map((one) => one[minute]!).filter((value) => !Number.isNaN(value)),
            use.statistic,
          ),
        );
      },
    };
    super((asked) => atBalancers.seriesOf(asked) ?? measuredSeries(asked, monitoring));
  }
}
