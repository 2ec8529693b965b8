import { ApiError } from './api-error.ts';
import type { Place } from './load-balancers.ts';
import type { BalancerMinute, ServerMinute } from './server-world.ts';
import type { Instant, Timeline } from './timeline.ts';

const minuteMs = 60_000;
/** A minute shows up a minute after it has ended. */
const lateMs = minuteMs;
const keptMs = 7 * 24 * 60 * minuteMs;
const datapointsAtMost = 7200;

/** What QCE/CVM measures, in its own units: percent, and Mbps. */
const ofServers: Readonly<Record<string, (minute: ServerMinute) => number>> = {
  CPUUsage: ({ cpuPercent }) => cpuPercent,
  MemUsage: ({ memoryPercent }) => memoryPercent,
  LanIntraffic: ({ bytesIn }) => mbps(bytesIn),
  LanOuttraffic: ({ bytesOut }) => mbps(bytesOut),
};

function mbps(bytes: number): number {
  return (bytes * 8) / 60 / 1_000_000;
}

type Dimensions = Readonly<Record<string, string>>;

/** Metrics that each namespace has here, and the dimensions by which one is asked for, in the order of their names. */
const namespaces: Readonly<
  Record<string, { readonly metrics: readonly string[]; readonly dimensions: readonly string[] }>
> = {
  'QCE/CVM': { metrics: Object.keys(ofServers), dimensions: ['instanceid'] },
  'QCE/LB_PUBLIC': {
    metrics: ['TotalReq', 'RspAvg', 'RspMax', 'ClientNewConn'],
    dimensions: ['vip', 'loadbalancerport,protocol,vip'],
  },
  'QCE/LB_PRIVATE': {
    metrics: ['TotalReq', 'RspAvg', 'RspMax', 'ClientNewConn'],
    dimensions: ['vip,vpcid', 'loadbalancerport,protocol,vip,vpcid'],
  },
  'QCE/LOADBALANCE': {
    metrics: ['QPS', 'ResponseTimeAverage', 'ResponseTimeMax'],
    dimensions: [
      'domain,loadbalancerport,protocol,url,vip',
      'domain,loadbalancerport,protocol,url,vip,vpcid',
    ],
  },
};

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

/** The monitor (可观测平台): what servers and load balancers did, by the minute. */
export class Monitor {
  readonly #timeline: Timeline;
  readonly #series = new Map<string, Map<Instant, number>>();

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  /** @param start of the minute */
  record(server: string, start: Instant, minute: ServerMinute): void {
    for (const [metricName, measure] of Object.entries(ofServers))
      this.put('QCE/CVM', metricName, { InstanceId: server }, start, measure(minute));
  }

  /**
   * What came to a group where it stands. Several groups share a listener: its requests are theirs together, and its response time
   * that of the slowest. Nothing is said of a minute in which nobody came.
   */
  recordBalancer(place: Place, start: Instant, { requests, responseMillis }: BalancerMinute): void {
    if (requests === 0) return;
    const { isPublic, isOfRequests, ofBalancer, ofListener, ofLocation } = place;
    const namespace = isPublic ? 'QCE/LB_PUBLIC' : 'QCE/LB_PRIVATE';
    const count = isOfRequests ? 'TotalReq' : 'ClientNewConn';
    for (const dimensions of [ofBalancer, ofListener]) {
      this.put(namespace, count, dimensions, start, requests / 60, (one, other) => one + other);
      if (isOfRequests && responseMillis !== undefined)
        for (const metricName of ['RspAvg', 'RspMax'])
          this.put(namespace, metricName, dimensions, start, responseMillis, Math.max);
    }
    if (!isOfRequests) return;
    this.put('QCE/LOADBALANCE', 'QPS', ofLocation, start, requests / 60);
    if (responseMillis === undefined) return;
    for (const metricName of ['ResponseTimeAverage', 'ResponseTimeMax'])
      this.put('QCE/LOADBALANCE', metricName, ofLocation, start, responseMillis);
  }

  /** @throws ApiError */
  getMonitorData(input: Query): Readonly<Record<string, unknown>> {
    const { Namespace, MetricName, Instances, Period = 300 } = input;
    const known = namespaces[Namespace];
    if (!known?.metrics.includes(MetricName))
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
      const names = Dimensions.map(({ Name }) => Name.toLowerCase()).sort();
      if (!known.dimensions.includes(names.join(',')))
        throw new ApiError(
          'InvalidParameterValue',
          `${Namespace} is not measured by the dimensions ${names.join(', ')}.`,
        );
      const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
      const minutes = [...(this.#series.get(keyOf(Namespace, MetricName, dimensions)) ?? [])].filter(
        ([start]) => start >= from && start <= to && start + minuteMs + lateMs <= now,
      );
      return {
        Dimensions,
        Timestamps: minutes.map(([start]) => start / 1000),
        Values: minutes.map(([, value]) => value),
      };
    });
    return { Period, MetricName, DataPoints, StartTime: input.StartTime, EndTime: input.EndTime };
  }

  /** @param start of the minute */
  put(
    namespace: string,
    metricName: string,
    dimensions: Dimensions,
    start: Instant,
    value: number,
    beside: (one: number, other: number) => number = (_, other) => other,
  ): void {
    const key = keyOf(namespace, metricName, dimensions);
    const minutes = this.#series.get(key) ?? new Map<Instant, number>();
    const before = minutes.get(start);
    minutes.set(start, before === undefined ? value : beside(before, value));
    minutes.delete(start - keptMs);
    this.#series.set(key, minutes);
  }
}

/** Names of dimensions, and protocols, are written in either case. */
function keyOf(namespace: string, metricName: string, dimensions: Dimensions): string {
  const parts = Object.entries(dimensions).map(([name, value]) =>
    `${name}=${value}`.replace(/^(protocol=\w+|\w+)/i, (text) => text.toLowerCase()),
  );
  return [namespace, metricName, ...parts.sort()].join(' ');
}

function instantOf(text: string | undefined, otherwise: Instant): Instant {
  if (text === undefined) return otherwise;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new ApiError('InvalidParameterValue', `${text} is no time.`);
  return at;
}
