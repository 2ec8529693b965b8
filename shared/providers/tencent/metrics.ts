import { newestReading } from '../../domain/absence.ts';
import type { Instant, Reading, ScalingGroup } from '../../domain/observation.ts';
import { newestEnd, periodsLookedBack } from '../../domain/periods.ts';
import type { AskedMetric, AskedUse, Metrics } from '../../ports/metrics.ts';
import { minuteMs } from '../../units.ts';
import { batches } from '../aws/batches.ts';
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
const unread: Reading = { known: false, why: 'failed' };

interface DataPoints {
  readonly DataPoints?: readonly {
    readonly Timestamps?: readonly number[] | null;
    readonly Values?: readonly number[] | null;
  }[];
}

/** Which servers have which metric, in which minutes. */
interface Series {
  readonly of: Measured;
  readonly asked: AskedMetric;
  readonly servers: readonly string[];
}

/** Metrics of servers, a mean over the group's, as EC2 has them by the group's name. They are read by the minute. */
export class TencentMetrics implements Metrics {
  readonly #account: TencentAccount;

  constructor(account: TencentAccount) {
    this.#account = account;
  }

  async latest(asked: readonly AskedMetric[], now: Instant): Promise<readonly Reading[]> {
    const readings = new Map<AskedMetric, Reading>();
    for (const [periodSeconds, alike] of Map.groupBy(asked, ({ use }) => use.periodSeconds)) {
      const to = newestEnd(periodSeconds, now, false);
      const from = to - periodsLookedBack(periodSeconds) * periodSeconds * 1000;
      const series = await this.history(alike, from, to);
      for (const [index, one] of alike.entries()) {
        const values = series[index];
        readings.set(one, values ? newestReading(values, from, periodSeconds) : unread);
      }
    }
    return asked.map((one) => readings.get(one) ?? unread);
  }

  async history(
    asked: readonly AskedMetric[],
    from: Instant,
    to: Instant,
  ): Promise<readonly (Float64Array | null | undefined)[]> {
    // One group's metric is read once, by however many rules it is asked for.
    const minutes = new Map<string, Promise<Float64Array | null>>();
    const failures: unknown[] = [];
    const found = await Promise.all(
      asked.map(async (one) => {
        const series = seriesOf(one);
        if (!series) return undefined;
        const key = `${one.group.scalingGroup} ${series.of.metricName} ${one.use.statistic === 'Maximum'}`;
        const reading =
          minutes.get(key) ??
          this.#minutes(series, from, to).catch((error: unknown) => {
            failures.push(error);
            return null;
          });
        minutes.set(key, reading);
        const values = await reading;
        return values && inPeriods(values, one.use, series.of.factor);
      }),
    );
    if (failures.length > 0 && found.every((values) => !values)) throw failures[0];
    return found;
  }

  /** By the minute: the mean of those servers that have a datapoint, or the most of them; NaN: none has. */
  async #minutes({ of, asked, servers }: Series, from: Instant, to: Instant): Promise<Float64Array> {
    const count = Math.ceil((to - from) / minuteMs);
    const sums = new Float64Array(count);
    const counts = new Float64Array(count);
    const isMost = asked.use.statistic === 'Maximum';
    for (const ids of batches(servers, serversAtOnce)) {
      const stepMs = Math.floor(datapointsAtOnce / ids.length) * minuteMs;
      for (let start = from; start < to; start += stepMs) {
        const data = await this.#read(asked, of.metricName, ids, start, Math.min(to, start + stepMs));
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

function seriesOf(asked: AskedMetric): Series | undefined {
  const { metric } = asked.use;
  const of = typeof metric === 'string' ? measured[metric] : undefined;
  const servers = serving(asked.seen);
  return of && servers.length > 0 ? { of, asked, servers } : undefined;
}

function serving(group: ScalingGroup | undefined): string[] {
  const some = group?.servers ?? [];
  return some
    .filter(({ lifecycle }) => lifecycle === 'ready' || lifecycle === 'unhealthy')
    .map(({ id }) => id);
}

/** Minutes put together into longer periods, and into our unit. */
function inPeriods(
  minutes: Float64Array,
  { periodSeconds, statistic }: AskedUse,
  factor: number,
): Float64Array {
  const each = Math.max(1, periodSeconds / 60);
  return Float64Array.from({ length: Math.floor(minutes.length / each) }, (_, index) => {
    const known = minutes.subarray(index * each, (index + 1) * each).filter((value) => !Number.isNaN(value));
    if (known.length === 0) return Number.NaN;
    if (statistic === 'Maximum') return factor * Math.max(...known);
    if (statistic === 'Minimum') return factor * Math.min(...known);
    const sum = known.reduce((total, value) => total + value, 0);
    return factor * (statistic === 'Sum' ? sum : sum / known.length);
  });
}
