import type { EcsService } from './ecs.ts';
import { podSeries } from './pod-metrics.ts';
import { isPrometheus } from './prometheus.ts';
import type { Metric, NamedMetric } from './rule.ts';

/** One series of datapoints in CloudWatch, by one statistic. */
export interface MetricSeries {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
}

/** What of the same source can tell that silence is zero (see `shared/domain/absence.ts`). */
export interface ZeroEvidence {
  readonly spoke: MetricSeries;
  readonly denied?: MetricSeries | undefined;
}

/** One metric of one group in CloudWatch's terms. */
export interface MetricQuery extends MetricSeries {
  readonly id: string;
  readonly periodSeconds: number;
  /** What makes a silent period a zero; without it silence is unknown. */
  readonly zeroIf?: ZeroEvidence | undefined;
  /** The value is divided by this: 60 turns a sum over a minute into a rate per second. */
  readonly divisor: number;
}

/** What the dimensions of a group's metrics are made of; in the CDK app these may be tokens. */
export interface MeasuredGroup {
  /** The scaling group's name in AWS. */
  readonly scalingGroup: string;
  /** The group is a service of ECS. */
  readonly ecs?: EcsService | undefined;
  /** False: EC2 publishes every five minutes only. */
  readonly detailedMonitoring: boolean;
  readonly loadBalancer?:
    | {
        readonly kind: 'application' | 'network';
        /** `app/lunch-business/50dc6c495c0c9188`, as the dimension has it. */
        readonly fullName: string;
        /** `targetgroup/lunch-business/943f017f100becff` */
        readonly targetGroup: string;
      }
    | undefined;
}

export interface MetricTerms {
  readonly metric: Metric;
  /** Overrides the metric's own statistic; a count is always a `Sum`. */
  readonly statistic?: string | undefined;
  readonly periodSeconds: number;
}

/** Is it measured at a load balancer, and so carries that one's name? */
export function needsLoadBalancer(metric: unknown): boolean {
  return (
    metric === 'requestsPerSecond' ||
    metric === 'requestsPerTarget' ||
    metric === 'responseTime' ||
    metric === 'healthyServers'
  );
}

type Terms = Omit<MetricQuery, 'id' | 'periodSeconds'>;

/**
 * Where a metric of the fleet file is found in CloudWatch: for functions that read it and for alarms that watch it.
 * @throws RangeError when the group has no such metric (a network load balancer measures no response times), or CloudWatch has not
 */
export function metricQuery(terms: MetricTerms, group: MeasuredGroup, id = 'm'): MetricQuery {
  const { metric, statistic, periodSeconds } = terms;
  if (isPrometheus(metric)) throw new RangeError('a metric of a Prometheus is not in CloudWatch');
  if (typeof metric === 'object') {
    const { namespace, metricName, dimensions } = metric;
    const gauge = { statistic: statistic ?? metric.statistic, divisor: 1 };
    return { id, namespace, metricName, dimensions, periodSeconds, ...gauge };
  }
  return { id, periodSeconds, ...namedTerms[metric](group, periodSeconds, statistic) };
}

const namedTerms: Record<
  NamedMetric,
  (group: MeasuredGroup, periodSeconds: number, statistic: string | undefined) => Terms
> = {
  cpu: (group, _, statistic = 'Average') =>
    ofService('CPUUtilization', group, statistic) ??
    ofPods('CPUUtilization', group, statistic) ??
    gauge('AWS/EC2', 'CPUUtilization', group, statistic),
  memory: (group, _, statistic = 'Average') =>
    ofService('MemoryUtilization', group, statistic) ??
    ofPods('MemoryUtilization', group, statistic) ??
    gauge('CWAgent', 'mem_used_percent', group, statistic),
  // The fullest disk is the one that breaks the server.
  disk: (group, _, statistic = 'Maximum') => gauge('CWAgent', 'disk_used_percent', group, statistic),
  networkIn: (group, period, statistic) => bytesPerSecond('NetworkIn', group, period, statistic),
  networkOut: (group, period, statistic) => bytesPerSecond('NetworkOut', group, period, statistic),
  requestsPerSecond: (group, period) => requestsPerSecond(group, period),
  requestsPerTarget: (group, period) => ({
    ...application('requestsPerTarget', 'RequestCountPerTarget', group),
    statistic: 'Sum',
    divisor: period,
    zeroIf: { spoke: hostsOf(group) },
  }),
  // Where nobody asked, nobody waited. Where somebody asked and no time was measured, no target has answered.
  responseTime: (group, _, statistic = 'p95') => ({
    ...application('responseTime', 'TargetResponseTime', group),
    statistic,
    divisor: 1,
    zeroIf: { spoke: hostsOf(group), denied: requestCount(group) },
  }),
};

function gauge(namespace: string, metricName: string, group: MeasuredGroup, statistic: string): Terms {
  const dimensions = { AutoScalingGroupName: group.scalingGroup };
  return { namespace, metricName, dimensions, statistic, divisor: 1 };
}

/**
 * ECS measures a service against what its tasks have reserved.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
 */
function ofService(metricName: string, { ecs }: MeasuredGroup, statistic: string): Terms | undefined {
  if (!ecs) return undefined;
  const dimensions = { ClusterName: ecs.cluster, ServiceName: ecs.service };
  return { namespace: 'AWS/ECS', metricName, dimensions, statistic, divisor: 1 };
}

/** Against what the pods request. */
function ofPods(
  metricName: 'CPUUtilization' | 'MemoryUtilization',
  { scalingGroup }: MeasuredGroup,
  statistic: string,
): Terms | undefined {
  const series = podSeries(scalingGroup, metricName);
  return series && { ...series, statistic, divisor: 1 };
}

/** EC2's datapoints are bytes within one measurement, not within the period that is asked for. */
function bytesPerSecond(
  metricName: string,
  group: MeasuredGroup,
  period: number,
  statistic = 'Average',
): Terms {
  const measurement = group.detailedMonitoring ? 60 : 300;
  const divisor = statistic === 'Sum' ? period : measurement;
  return { ...gauge('AWS/EC2', metricName, group, statistic), divisor };
}

/** A network load balancer counts connections, and only as a whole. */
function requestsPerSecond(group: MeasuredGroup, period: number): Terms {
  const measured = { divisor: period, ...(group.loadBalancer && { zeroIf: { spoke: hostsOf(group) } }) };
  if (group.loadBalancer?.kind === 'network') {
    const dimensions = { LoadBalancer: group.loadBalancer.fullName };
    return {
      namespace: 'AWS/NetworkELB',
      metricName: 'NewFlowCount',
      dimensions,
      statistic: 'Sum',
      ...measured,
    };
  }
  return { ...requestCount(group), ...measured };
}

function requestCount(group: MeasuredGroup): MetricSeries {
  return { ...application('requestsPerSecond', 'RequestCount', group), statistic: 'Sum' };
}

/** A load balancer's own sign of life: it counts hosts in every minute in which targets are registered, also without traffic. */
export function hostsOf({ loadBalancer, scalingGroup }: MeasuredGroup): MetricSeries {
  if (!loadBalancer) throw new RangeError(`${scalingGroup} has no load balancer`);
  const { kind, fullName, targetGroup } = loadBalancer;
  const namespace = kind === 'application' ? 'AWS/ApplicationELB' : 'AWS/NetworkELB';
  const dimensions = { TargetGroup: targetGroup, LoadBalancer: fullName };
  return { namespace, metricName: 'HealthyHostCount', dimensions, statistic: 'Maximum' };
}

function application(metric: NamedMetric, metricName: string, group: MeasuredGroup) {
  if (group.loadBalancer?.kind !== 'application') {
    throw new RangeError(
      `${group.scalingGroup} has no ${metric}: it is measured by application load balancers only`,
    );
  }
  const { fullName, targetGroup } = group.loadBalancer;
  const dimensions = { TargetGroup: targetGroup, LoadBalancer: fullName };
  return { namespace: 'AWS/ApplicationELB', metricName, dimensions };
}
