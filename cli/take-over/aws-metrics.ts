import type { EcsService } from '../../shared/fleet/ecs.ts';
import type { CustomMetricLines, MetricLines } from './taken-over.ts';

/** One series of CloudWatch, as an alarm or a policy names it. */
export interface Series {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
}

/** What tells whether a series is one that the fleet file has a name for. */
export interface MeasuredBy {
  /** In AWS. */
  readonly scalingGroup: string;
  /** `app/web/50dc6c495c0c9188`, of the load balancer that the fleet file names. */
  readonly loadBalancer: string | undefined;
  /** `targetgroup/web/943f017f100becff` */
  readonly targetGroup: string | undefined;
  readonly detailedMonitoring: boolean;
  /** It is a service of ECS. */
  readonly ecs?: EcsService | undefined;
}

/** A metric in the fleet file's words; its values are those of CloudWatch divided by `divisor`. */
export interface NamedSeries {
  readonly metric: MetricLines;
  /** Where it is not the one that the metric has anyway. */
  readonly statistic?: string;
  readonly divisor: number;
  /** Does it stay the same when servers join? */
  readonly isTotal: boolean;
}

/** The reverse of `shared/fleet/metric-query.ts`: whatever has no name there is a metric of one's own. */
export function nameSeries(series: Series, by: MeasuredBy, periodSeconds: number): NamedSeries {
  return (
    ofService(series, by) ??
    ofServers(series, by) ??
    ofBalancer(series, by, periodSeconds) ??
    ofOnesOwn(series)
  );
}

function ofService(
  { namespace, metricName, dimensions, statistic }: Series,
  { ecs }: MeasuredBy,
): NamedSeries | undefined {
  const { ClusterName, ServiceName, ...others } = dimensions;
  if (namespace !== 'AWS/ECS' || !ecs || Object.keys(others).length > 0) return undefined;
  if (ClusterName !== ecs.cluster || ServiceName !== ecs.service) return undefined;
  const metric = { CPUUtilization: 'cpu', MemoryUtilization: 'memory' }[metricName];
  if (metric === undefined) return undefined;
  return { metric, ...(statistic !== 'Average' && { statistic }), divisor: 1, isTotal: false };
}

function ofServers(
  { namespace, metricName, dimensions, statistic }: Series,
  by: MeasuredBy,
): NamedSeries | undefined {
  const names = Object.keys(dimensions);
  if (names.length !== 1 || dimensions['AutoScalingGroupName'] !== by.scalingGroup) return undefined;
  const named = (metric: string, usual: string, divisor = 1): NamedSeries => ({
    metric,
    ...(statistic !== usual && { statistic }),
    divisor,
    isTotal: false,
  });
  const measurement = by.detailedMonitoring ? 60 : 300;
  const metric = `${namespace} ${metricName}`;
  if (metric === 'AWS/EC2 CPUUtilization') return named('cpu', 'Average');
  if (metric === 'CWAgent mem_used_percent') return named('memory', 'Average');
  if (metric === 'CWAgent disk_used_percent') return named('disk', 'Maximum');
  if (statistic !== 'Average') return undefined;
  if (metric === 'AWS/EC2 NetworkIn') return named('networkIn', 'Average', measurement);
  if (metric === 'AWS/EC2 NetworkOut') return named('networkOut', 'Average', measurement);
  return undefined;
}

function ofBalancer(series: Series, by: MeasuredBy, periodSeconds: number): NamedSeries | undefined {
  const { namespace, metricName, dimensions, statistic } = series;
  const { LoadBalancer, TargetGroup, ...others } = dimensions;
  if (LoadBalancer === undefined || LoadBalancer !== by.loadBalancer || Object.keys(others).length > 0)
    return undefined;
  const metric = `${namespace} ${metricName}`;
  const ofAll = { metric: 'requestsPerSecond', divisor: periodSeconds, isTotal: true };
  if (metric === 'AWS/NetworkELB NewFlowCount' && TargetGroup === undefined && statistic === 'Sum')
    return ofAll;
  if (TargetGroup !== by.targetGroup) return undefined;
  if (metric === 'AWS/ApplicationELB RequestCount' && statistic === 'Sum') return ofAll;
  if (metric === 'AWS/ApplicationELB RequestCountPerTarget' && statistic === 'Sum')
    return { metric: 'requestsPerTarget', divisor: periodSeconds, isTotal: false };
  if (metric === 'AWS/ApplicationELB TargetResponseTime')
    return { metric: 'responseTime', ...(statistic !== 'p95' && { statistic }), divisor: 1, isTotal: false };
  return undefined;
}

/** Sums of what servers do together are totals; of anything else nobody knows it from here. */
function ofOnesOwn({ namespace, metricName, dimensions, statistic }: Series): NamedSeries {
  const isTotal =
    statistic === 'Sum' ||
    statistic === 'SampleCount' ||
    /^AWS\/(SQS|ApplicationELB|NetworkELB)$/.test(namespace);
  const metric: CustomMetricLines = {
    namespace,
    metricName,
    ...(Object.keys(dimensions).length > 0 && { dimensions: { ...dimensions } }),
    ...(statistic !== 'Average' && { statistic }),
    ...(isTotal && { perServer: false }),
  };
  return { metric, divisor: 1, isTotal };
}
