import { isInService } from '../../domain/servers.ts';
import type { AskedMetric } from '../../ports/metrics.ts';
import { MetricsByMinute, type MinuteSeries, together } from '../metrics-by-minute.ts';
import type { TencentAccount } from './account.ts';
import { TencentBalancerMetrics } from './balancer-metrics.ts';
import { TencentBalancers } from './balancers.ts';
import { type Dimensions, type MonitoredMetric, TencentMonitor } from './monitor.ts';

/** One metric in the words of the monitor, and who has it. */
interface Measured extends MonitoredMetric {
  /** Turns its unit into ours. */
  readonly factor: number;
  /** Each of these is one series; they are put together by the minute. */
  readonly dimensions: readonly Dimensions[];
}

const megabit = 1_000_000 / 8;

/** Metrics of servers: QCE/CVM. @see https://www.tencentcloud.com/document/product/248/6843 */
const ofServers: Readonly<Partial<Record<string, { readonly metricName: string; readonly factor: number }>>> =
  {
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
    super((asked) => atBalancers.seriesOf(asked) ?? seriesOf(monitor, asked));
  }
}

function seriesOf(monitor: TencentMonitor, asked: AskedMetric): MinuteSeries | undefined {
  const of = measuredOf(asked);
  if (!of) return undefined;
  const { group, use } = asked;
  return {
    key: JSON.stringify([group.scalingGroup, of, use.statistic]),
    factor: of.factor,
    statistic: use.statistic,
    /** By the minute: the mean of those that have a datapoint, or the most or least of them; NaN: none has. */
    minutes: async (from, to) => {
      const each = await monitor.each(group.scalingGroup, of, of.dimensions, from, to);
      return each[0]!.map((_, minute) =>
        together(
          each.map((one) => one[minute]!).filter((value) => !Number.isNaN(value)),
          use.statistic,
        ),
      );
    },
  };
}

function measuredOf({ use, seen }: AskedMetric): Measured | undefined {
  const { metric } = use;
  if (typeof metric === 'string') {
    const known = ofServers[metric];
    const servers = (seen?.servers ?? []).filter(isInService);
    if (!known || servers.length === 0) return undefined;
    return { namespace: 'QCE/CVM', ...known, dimensions: servers.map(({ id }) => ({ InstanceId: id })) };
  }
  if (!('namespace' in metric)) return undefined;
  const { namespace, metricName, dimensions } = metric;
  return { namespace, metricName, factor: 1, dimensions: [dimensions] };
}
