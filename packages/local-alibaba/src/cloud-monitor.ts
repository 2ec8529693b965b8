import { ApiError } from './api-error.ts';
import type { GroupSettings } from './group.ts';
import type { Input } from './parameters.ts';
import type { BalancerMinute, ServerMinute } from './server-world.ts';
import type { Instant, Timeline } from './timeline.ts';

const minuteMs = 60_000;
/** A minute shows up a minute after it has ended. */
const lateMs = minuteMs;
const keptMs = 7 * 24 * 60 * minuteMs;
const periods = new Set(['15', '60', '900', '3600']);

/** What acs_ecs_dashboard measures, in its own units: percent, and bits a second. */
const ofServers: Readonly<Record<string, (minute: ServerMinute) => number>> = {
  CPUUtilization: ({ cpuPercent }) => cpuPercent,
  memory_usedutilization: ({ memoryPercent }) => memoryPercent,
  IntranetInRate: ({ bytesIn }) => (bytesIn * 8) / 60,
  IntranetOutRate: ({ bytesOut }) => (bytesOut * 8) / 60,
};

type BalancerNames = Readonly<Record<'namespace' | 'requests' | 'millis' | 'hosts', string>>;

/** Names of the vendor's pages: requests a second, milliseconds, healthy servers. */
const ofClassic: BalancerNames = {
  namespace: 'acs_slb_dashboard',
  requests: 'InstanceQps',
  millis: 'InstanceUpstreamRt',
  hosts: 'HeathyServerCount',
};
const ofApplication: BalancerNames = {
  namespace: 'acs_alb',
  requests: 'ServerGroupQPS',
  millis: 'ServerGroupUpstreamResponseTime',
  hosts: 'ServerGroupHealthyHostCount',
};

/** One series in the words of the API. */
interface Series {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

interface Reported {
  readonly GroupId?: string;
  readonly MetricName?: string;
  readonly Dimensions?: string;
  readonly Type?: string;
  readonly Values?: string;
  readonly Time?: string;
}

/** CloudMonitor (云监控): what was measured and what applications have reported, by the minute. */
export class CloudMonitor {
  readonly #timeline: Timeline;
  readonly #account: string;
  readonly #series = new Map<string, Map<Instant, number[]>>();
  /** Calls that read: a million a month are free. */
  reads = 0;

  constructor(timeline: Timeline, account: string) {
    this.#timeline = timeline;
    this.#account = account;
  }

  /** What a server did in the minute that starts then. */
  record(instanceId: string, start: Instant, minute: ServerMinute): void {
    for (const [metricName, measure] of Object.entries(ofServers))
      this.put(
        { namespace: 'acs_ecs_dashboard', metricName, dimensions: { instanceId } },
        start,
        measure(minute),
      );
  }

  /** A classic balancer is measured as a whole, an application one for each listener and group of servers behind it. */
  recordBalancers(
    { classicBalancer, applicationBalancer: application }: GroupSettings,
    start: Instant,
    { requests, responseMillis, hosts }: BalancerMinute & { readonly hosts: number },
  ): void {
    const measured = { requests: requests > 0 ? requests / 60 : undefined, millis: responseMillis, hosts };
    const put = (names: BalancerNames, dimensions: Series['dimensions']) => {
      for (const what of ['requests', 'millis', 'hosts'] as const) {
        const series = { namespace: names.namespace, metricName: names[what], dimensions };
        if (measured[what] !== undefined) this.put(series, start, measured[what]);
      }
    };
    if (classicBalancer !== undefined) put(ofClassic, { instanceId: classicBalancer });
    if (application !== undefined)
      put(ofApplication, {
        loadBalancerId: application.loadBalancerId,
        listenerProtocol: 'HTTP',
        listenerPort: '80',
        serverGroupId: application.serverGroupId,
      });
  }

  put({ namespace, metricName, dimensions }: Series, at: Instant, value: number): void {
    const key = keyOf(namespace, metricName, dimensions);
    const minutes = this.#series.get(key) ?? new Map<Instant, number[]>();
    const start = Math.floor(at / minuteMs) * minuteMs;
    minutes.set(start, [...(minutes.get(start) ?? []), value]);
    minutes.delete(start - keptMs);
    this.#series.set(key, minutes);
  }

  /** @throws ApiError */
  operations: Readonly<Record<string, (input: Input) => Readonly<Record<string, unknown>>>> = {
    DescribeMetricList: (input) => this.#list(input),
    DescribeMetricLast: (input) => this.#last(input),
    PutCustomMetric: (input) => this.#putCustom(input),
  };

  #list(input: Input) {
    this.reads++;
    const { Length = 1000, NextToken = '0' } = input as { Length?: number; NextToken?: string };
    const all = this.#points(input);
    const from = Number(NextToken);
    const next = from + Length;
    return {
      Code: '200',
      Success: true,
      Period: '60',
      Datapoints: JSON.stringify(all.slice(from, next)),
      ...(next < all.length ? { NextToken: `${next}` } : {}),
    };
  }

  #last(input: Input) {
    this.reads++;
    const newest = new Map<string, Readonly<Record<string, unknown>>>();
    for (const { timestamp, ...rest } of this.#points(input)) {
      const { Average, Maximum, Minimum, Sum, SampleCount, Value, ...dimensions } = rest as Record<
        string,
        unknown
      >;
      newest.set(JSON.stringify(dimensions), { timestamp, ...rest });
    }
    return { Code: '200', Success: true, Period: '60', Datapoints: JSON.stringify([...newest.values()]) };
  }

  /** Oldest first, in the interval that is open on the left and closed on the right. */
  #points(input: Input): (Readonly<Record<string, unknown>> & { readonly timestamp: Instant })[] {
    const { Namespace, MetricName, Period = '60', Dimensions = '[]' } = input as Record<string, string>;
    if (!periods.has(Period))
      throw new ApiError('InvalidParameter', `The period ${Period} is not 15, 60, 900 or 3600.`);
    if (Period !== '60')
      throw new ApiError('InvalidParameter', `The local cloud measures by the minute, not by ${Period} s.`);
    const now = this.#timeline.now();
    const from = instantOf(input['StartTime'], now - 3600_000);
    const to = instantOf(input['EndTime'], now);
    if (from >= to) throw new ApiError('InvalidParameter', 'StartTime must be earlier than EndTime.');
    if (to - from > 31 * 24 * 3600_000)
      throw new ApiError('InvalidParameter', 'The interval is longer than 31 days.');
    const asked = dimensionsIn(Dimensions);
    if (asked.length > 50) throw new ApiError('InvalidParameter', 'More than 50 instances in Dimensions.');
    const points = asked.flatMap((dimensions) =>
      [...(this.#series.get(keyOf(Namespace!, MetricName!, dimensions)) ?? [])]
        .filter(([start]) => start > from && start <= to && start + minuteMs + lateMs <= now)
        .map(([timestamp, values]) => ({
          timestamp,
          userId: this.#account,
          ...dimensions,
          ...statisticsOf(Namespace!, values),
        })),
    );
    return points.sort((one, other) => one.timestamp - other.timestamp);
  }

  /** Raw values (type 0) are put together by the minute; who sends them put together says so by type 1, and is not known here. */
  #putCustom(input: Input) {
    for (const { GroupId, MetricName, Dimensions, Type, Values, Time } of input['MetricList'] as Reported[]) {
      if (!GroupId || !MetricName || !Dimensions || !Type || !Values)
        throw new ApiError(
          'InvalidParameter',
          'A metric needs GroupId, MetricName, Dimensions, Type and Values.',
        );
      if (Type !== '0') throw new ApiError('InvalidParameter', 'The local cloud takes raw values (Type 0).');
      const { value } = JSON.parse(Values) as { value?: number };
      if (typeof value !== 'number')
        throw new ApiError('InvalidParameter', 'Raw values are {"value": number}.');
      const dimension = Object.entries(JSON.parse(Dimensions) as Record<string, string>)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, text]) => `${name}=${text}`)
        .join('&');
      const namespace = `acs_customMetric_${this.#account}`;
      const dimensions = { groupId: GroupId, dimension };
      this.put(
        { namespace, metricName: MetricName, dimensions },
        instantOf(Time, this.#timeline.now()),
        value,
      );
    }
    return { Code: '200', Message: 'success' };
  }
}

/** Application balancers have one value a minute; services of their own a mean, least and most; of what was reported there is more. */
function statisticsOf(namespace: string, values: readonly number[]) {
  const sum = values.reduce((total, value) => total + value, 0);
  if (namespace === ofApplication.namespace) return { Value: sum / values.length };
  const measured = {
    Average: sum / values.length,
    Maximum: Math.max(...values),
    Minimum: Math.min(...values),
  };
  if (!namespace.startsWith('acs_customMetric')) return measured;
  return { ...measured, Sum: sum, SampleCount: values.length };
}

function keyOf(namespace: string, metricName: string, dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify([namespace, metricName, Object.entries(dimensions).sort()]);
}

function dimensionsIn(text: string): Record<string, string>[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : [parsed as Record<string, string>];
  } catch {
    throw new ApiError('InvalidParameter', 'The specified value of parameter Dimensions is not valid.');
  }
}

/** Milliseconds, or a time. */
function instantOf(text: unknown, otherwise: Instant): Instant {
  if (text === undefined) return otherwise;
  const at = /^\d+$/.test(String(text)) ? Number(text) : Date.parse(String(text));
  if (Number.isNaN(at)) throw new ApiError('InvalidParameter', `${text} is no time.`);
  return at;
}
