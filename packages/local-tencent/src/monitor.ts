import { ApiError } from './api-error.ts';
import type { ServerMinute } from './server-world.ts';
import type { Instant, Timeline } from './timeline.ts';

const minuteMs = 60_000;
/** A minute shows up a minute after it has ended. */
const lateMs = minuteMs;
const keptMs = 7 * 24 * 60 * minuteMs;
const datapointsAtMost = 7200;

/** What QCE/CVM measures, in its own units: percent, and Mbps. */
const measures: Readonly<Record<string, (minute: ServerMinute) => number>> = {
  CPUUsage: ({ cpuPercent }) => cpuPercent,
  MemUsage: ({ memoryPercent }) => memoryPercent,
  LanIntraffic: ({ bytesIn }) => mbps(bytesIn),
  LanOuttraffic: ({ bytesOut }) => mbps(bytesOut),
};

function mbps(bytes: number): number {
  return (bytes * 8) / 60 / 1_000_000;
}

interface Query {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Period?: number;
  readonly StartTime?: string;
  readonly EndTime?: string;
  readonly Instances: readonly {
    readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
  }[];
}

/** The monitor (可观测平台): what servers did, by the minute. */
export class Monitor {
  readonly #timeline: Timeline;
  readonly #minutes = new Map<string, Map<Instant, ServerMinute>>();

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  /** @param start of the minute */
  record(server: string, start: Instant, minute: ServerMinute): void {
    const known = this.#minutes.get(server) ?? new Map<Instant, ServerMinute>();
    known.set(start, minute);
    known.delete(start - keptMs);
    this.#minutes.set(server, known);
  }

  /** @throws ApiError */
  getMonitorData(input: Query): Readonly<Record<string, unknown>> {
    const { Namespace, MetricName, Instances, Period = 300 } = input;
    const measure = measures[MetricName];
    if (Namespace !== 'QCE/CVM' || !measure)
      throw new ApiError(
        'InvalidParameterValue',
        `The local cloud does not measure ${Namespace} ${MetricName}.`,
      );
    if (Period !== 60)
      throw new ApiError(
        'InvalidParameterValue',
        `The local cloud measures by the minute, not by ${Period} s.`,
      );
    const now = this.#timeline.now();
    const from = instantOf(input.StartTime, now - 3600_000);
    const to = instantOf(input.EndTime, now);
    if (to < from) throw new ApiError('InvalidParameterValue', 'EndTime is before StartTime.');
    if (((to - from) / minuteMs + 1) * Instances.length > datapointsAtMost)
      throw new ApiError('LimitExceeded', `More than ${datapointsAtMost} datapoints.`);
    const DataPoints = Instances.map(({ Dimensions }) => {
      const server = Dimensions.find(({ Name }) => Name === 'InstanceId')?.Value;
      if (server === undefined)
        throw new ApiError('InvalidParameterValue', 'The dimension InstanceId is missing.');
      const known = [...(this.#minutes.get(server) ?? [])].filter(
        ([start]) => start >= from && start <= to && start + minuteMs + lateMs <= now,
      );
      return {
        Dimensions,
        Timestamps: known.map(([start]) => start / 1000),
        Values: known.map(([, minute]) => measure(minute)),
      };
    });
    return { Period, MetricName, DataPoints, StartTime: input.StartTime, EndTime: input.EndTime };
  }
}

function instantOf(text: string | undefined, otherwise: Instant): Instant {
  if (text === undefined) return otherwise;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new ApiError('InvalidParameterValue', `${text} is no time.`);
  return at;
}
