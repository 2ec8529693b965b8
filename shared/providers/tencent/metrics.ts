import type { Instant } from '../../domain/observation.ts';
import { isInService } from '../../domain/servers.ts';
import type { AskedMetric } from '../../ports/metrics.ts';
import { minuteMs } from '../../units.ts';
import { batches } from '../aws/batches.ts';
import { MetricsByMinute, type MinuteSeries } from '../metrics-by-minute.ts';
import type { TencentAccount } from './account.ts';

/** One metric of servers in the words of the monitor: QCE/CVM. @see https://www.tencentcloud.com/document/product/248/6843 */
interface Measured {
  readonly metricName: string;
  /** Turns its unit into ours. */
  readonly factor: number;
}

const megabit = 1_000_000 / 8;
const measured: Readonly<Partial<Record<string, Measured>>> = {
  cpu: { metricName: 'CPUUsage', factor: 1 },
  memory: { metricName: 'MemUsage', factor: 1 },
  networkIn: { metricName: 'LanIntraffic', factor: megabit },
  networkOut: { metricName: 'LanOuttraffic', factor: megabit },
};

/** A call takes ten servers, and so many datapoints. */
const serversAtOnce = 10;
const datapointsAtOnce = 7200;

interface DataPoints {
  readonly DataPoints?: readonly {
    readonly Timestamps?: readonly number[] | null;
    readonly Values?: readonly number[] | null;
  }[];
}

/** Metrics of servers, a mean over the group's, as EC2 has them by the group's name. They are read by the minute. */
export class TencentMetrics extends MetricsByMinute {
  readonly #account: TencentAccount;

  constructor(account: TencentAccount) {
    super((asked) => this.#seriesOf(asked));
    this.#account = account;
  }

  #seriesOf(asked: AskedMetric): MinuteSeries | undefined {
    const { group, seen, use } = asked;
    const of = typeof use.metric === 'string' ? measured[use.metric] : undefined;
    const servers = (seen?.servers ?? []).filter(isInService).map(({ id }) => id);
    if (!of || servers.length === 0) return undefined;
    const isMost = use.statistic === 'Maximum';
    return {
      key: `${group.scalingGroup} ${of.metricName} ${isMost}`,
      factor: of.factor,
      // It counts no samples.
      statistic: use.statistic === 'SampleCount' ? 'Average' : use.statistic,
      minutes: (from, to) => this.#minutes(asked, of.metricName, servers, from, to),
    };
  }

  /** By the minute: the mean of those servers that have a datapoint, or the most of them; NaN: none has. */
  async #minutes(
    asked: AskedMetric,
    metricName: string,
    servers: readonly string[],
    from: Instant,
    to: Instant,
  ): Promise<Float64Array> {
    const count = Math.ceil((to - from) / minuteMs);
    const sums = new Float64Array(count);
    const counts = new Float64Array(count);
    const isMost = asked.use.statistic === 'Maximum';
    for (const ids of batches(servers, serversAtOnce)) {
      const stepMs = Math.floor(datapointsAtOnce / ids.length) * minuteMs;
      for (let start = from; start < to; start += stepMs) {
        const data = await this.#read(asked, metricName, ids, start, Math.min(to, start + stepMs));
        for (const { Timestamps, Values } of data.DataPoints ?? []) {
          for (const [index, seconds] of (Timestamps ?? []).entries()) {
            const place = Math.floor((seconds * 1000 - from) / minuteMs);
            const value = Values?.[index];
            if (place < 0 || place >= count || value === undefined || value === null) continue;
            sums[place] = isMost && counts[place]! > 0 ? Math.max(sums[place]!, value) : sums[place]! + value;
            counts[place]! += isMost ? (counts[place] === 0 ? 1 : 0) : 1;
          }
        }
      }
    }
    return sums.map((sum, index) => (counts[index] === 0 ? Number.NaN : sum / counts[index]!));
  }

  #read({ group }: AskedMetric, MetricName: string, ids: readonly string[], from: Instant, to: Instant) {
    return this.#account.ask<DataPoints>(this.#account.groupOf(group.scalingGroup), {
      what: `read ${MetricName} of ${ids.length} servers`,
      service: 'monitor',
      action: 'GetMonitorData',
      input: {
        Namespace: 'QCE/CVM',
        MetricName,
        Period: 60,
        StartTime: new Date(from).toISOString(),
        // The last minute begins one before the end.
        EndTime: new Date(to - minuteMs).toISOString(),
        Instances: ids.map((Value) => ({ Dimensions: [{ Name: 'InstanceId', Value }] })),
      },
    });
  }
}
