import type { Instant } from '../../domain/observation.ts';
import { minuteMs } from '../../units.ts';
import { batches } from '../aws/batches.ts';
import type { Dimensions, MonitoredMetric } from '../measured.ts';
import { unknownMinutes } from '../minutes.ts';
import type { AlibabaAccount } from './account.ts';

/** One minute of one series, with its dimensions beside what was measured. */
export interface Datapoint {
  readonly timestamp: Instant;
  readonly Average?: number;
  readonly Maximum?: number;
  readonly Minimum?: number;
  readonly Sum?: number;
  readonly SampleCount?: number;
  readonly Value?: number;
}

/** Series in a call, and datapoints of its answer. */
const seriesAtOnce = 50;
const datapointsAtOnce = 1440;

/**
 * Reads CloudMonitor (云监控) by the minute, fifty series to a call. A million calls a month are free; then it answers no more, or
 * they are paid for where the account has said so.
 */
export class AlibabaMonitor {
  readonly #account: AlibabaAccount;

  constructor(account: AlibabaAccount) {
    this.#account = account;
  }

  /** The datapoints of all of them, page by page, in no order. @param group whose account is asked @throws PortError */
  async *datapoints(
    group: string,
    metric: MonitoredMetric,
    series: readonly Dimensions[],
    from: Instant,
    to: Instant,
  ): AsyncGenerator<readonly Datapoint[]> {
    for (const some of batches(series, seriesAtOnce)) yield* this.#pages(group, metric, some, from, to);
  }

  /** The minutes of each series, in the order in which they are asked for; NaN: unknown. @throws PortError */
  async each(
    group: string,
    metric: MonitoredMetric,
    series: readonly Dimensions[],
    from: Instant,
    to: Instant,
  ): Promise<Float64Array[]> {
    const minutes = series.map(() => unknownMinutes(from, to));
    for await (const points of this.datapoints(group, metric, series, from, to))
      for (const point of points) {
        const index = series.findIndex((one) => isOf(point, one));
        const value = statisticIn(point, undefined);
        const place = Math.floor((point.timestamp - from) / minuteMs);
        if (value !== undefined && place >= 0 && place < (minutes[index]?.length ?? 0))
          minutes[index]![place] = value;
      }
    return minutes;
  }

  async *#pages(
    group: string,
    { namespace, metricName }: MonitoredMetric,
    series: readonly Dimensions[],
    from: Instant,
    to: Instant,
  ) {
    const asked = {
      what: `read ${metricName} of ${series.length} series`,
      service: 'cms',
      action: 'DescribeMetricList',
      input: {
        Namespace: namespace,
        MetricName: metricName,
        Period: '60',
        // The interval is open on the left and closed on the right; a datapoint bears the start of its minute.
        StartTime: from - 1,
        EndTime: to - 1,
        Dimensions: JSON.stringify(series),
        Length: datapointsAtOnce,
      },
    } as const;
    const place = this.#account.groupOf(group);
    const pages = this.#account.pages<{ Datapoints?: string; NextToken?: string }>(place, asked);
    for await (const { Datapoints } of pages) yield JSON.parse(Datapoints || '[]') as Datapoint[];
  }
}

/** Metrics that are one value a minute, as those of application load balancers are, have it under `Value`. */
export function statisticIn(point: Datapoint, statistic: string | undefined): number | undefined {
  const named = point[(statistic ?? 'Average') as 'Average'];
  return named ?? point.Average ?? point.Value;
}

/** Its dimensions stand beside what was measured, as text or as numbers, and a protocol in either case. */
function isOf(point: Datapoint, dimensions: Dimensions): boolean {
  const found = point as unknown as Readonly<Record<string, unknown>>;
  return Object.entries(dimensions).every(
    ([name, value]) => String(found[name] ?? '').toLowerCase() === value.toLowerCase(),
  );
}
