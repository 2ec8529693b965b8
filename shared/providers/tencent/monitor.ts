import type { Instant } from '../../domain/observation.ts';
import { minuteMs } from '../../units.ts';
import { batches } from '../aws/batches.ts';
import type { Dimensions, MonitoredMetric } from '../measured.ts';
import { unknownMinutes } from '../minutes.ts';
import type { TencentAccount } from './account.ts';

interface DataPoint {
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[] | null;
  readonly Timestamps?: readonly number[] | null;
  readonly Values?: readonly number[] | null;
}

/** A call takes ten series, and so many datapoints. */
const seriesAtOnce = 10;
const datapointsAtOnce = 7200;

/**
 * Reads the monitor (可观测平台) by the minute, ten series to a call; it is charged beyond a million calls a month.
 * @see https://www.tencentcloud.com/document/product/248/33881
 */
export class TencentMonitor {
  readonly #account: TencentAccount;

  constructor(account: TencentAccount) {
    this.#account = account;
  }

  /**
   * The minutes of each series in `[from, to)`, in the order in which they are asked for; NaN: unknown.
   * @param group whose account is asked
   * @throws PortError
   */
  async each(
    group: string,
    metric: MonitoredMetric,
    series: readonly Dimensions[],
    from: Instant,
    to: Instant,
  ): Promise<Float64Array[]> {
    const minutes = series.map(() => unknownMinutes(from, to));
    for (const [batch, some] of [...batches(series, seriesAtOnce)].entries()) {
      const stepMs = Math.floor(datapointsAtOnce / some.length) * minuteMs;
      for (let start = from; start < to; start += stepMs) {
        const points = await this.#read(group, metric, some, start, Math.min(to, start + stepMs));
        for (const point of points) {
          const index = some.findIndex((one) => isOf(point, one));
          if (index >= 0) put(minutes[batch * seriesAtOnce + index]!, point, from);
        }
      }
    }
    return minutes;
  }

  async #read(
    group: string,
    { namespace, metricName }: MonitoredMetric,
    series: readonly Dimensions[],
    from: Instant,
    to: Instant,
  ): Promise<readonly DataPoint[]> {
    const { DataPoints } = await this.#account.ask<{ DataPoints?: readonly DataPoint[] }>(
      this.#account.groupOf(group),
      {
        what: `read ${metricName} of ${series.length} series`,
        service: 'monitor',
        action: 'GetMonitorData',
        input: {
          Namespace: namespace,
          MetricName: metricName,
          Period: 60,
          StartTime: new Date(from).toISOString(),
          // The last minute begins one before the end.
          EndTime: new Date(to - minuteMs).toISOString(),
          Instances: series.map((one) => ({
            Dimensions: Object.entries(one).map(([Name, Value]) => ({ Name, Value })),
          })),
        },
      },
    );
    return DataPoints ?? [];
  }
}

/** Each answers with its dimensions, in an order and a case of its own. */
function isOf({ Dimensions: found }: DataPoint, dimensions: Dimensions): boolean {
  const values = new Map(
    (found ?? []).map(({ Name, Value }) => [Name.toLowerCase(), `${Value}`.toLowerCase()]),
  );
  return Object.entries(dimensions).every(
    ([name, value]) => values.get(name.toLowerCase()) === value.toLowerCase(),
  );
}

function put(minutes: Float64Array, { Timestamps, Values }: DataPoint, from: Instant): void {
  for (const [index, seconds] of (Timestamps ?? []).entries()) {
    const place = Math.floor((seconds * 1000 - from) / minuteMs);
    const value = Values?.[index];
    if (place >= 0 && place < minutes.length && value !== undefined && value !== null) minutes[place] = value;
  }
}
