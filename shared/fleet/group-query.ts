import type { EcsService } from './ecs.ts';
import type { Group } from './group.ts';
import {
  hostsOf,
  type MeasuredGroup,
  type MetricQuery,
  type MetricTerms,
  metricQuery,
  needsLoadBalancer,
} from './metric-query.ts';
import { hasDetailedMonitoring } from './monitoring.ts';
import { podSeries } from './pod-metrics.ts';
import { isPrometheus } from './prometheus.ts';

/** Counts that Auto Scaling publishes of a group whose group metrics are on, ECS of a cluster with Container Insights, and the sweep of pods. */
function countsOf(scalingGroup: string, ecs: EcsService | undefined) {
  const series = (
    inService: string,
    desired: string,
    namespace: string,
    dimensions: Record<string, string>,
  ) => ({
    inServiceServers: { namespace, metricName: inService, dimensions },
    desiredServers: { namespace, metricName: desired, dimensions },
  });
  const [ready, wanted] = [podSeries(scalingGroup, 'ReadyPods'), podSeries(scalingGroup, 'DesiredPods')];
  if (ready && wanted) return { inServiceServers: ready, desiredServers: wanted };
  return ecs
    ? series('RunningTaskCount', 'DesiredTaskCount', 'ECS/ContainerInsights', {
        ClusterName: ecs.cluster,
        ServiceName: ecs.service,
      })
    : series('GroupInServiceInstances', 'GroupDesiredCapacity', 'AWS/AutoScaling', {
        AutoScalingGroupName: scalingGroup,
      });
}

type Terms = Omit<MetricTerms, 'metric'> & {
  readonly metric: MetricTerms['metric'] | keyof ReturnType<typeof countsOf> | 'healthyServers';
};

/**
 * Where a metric of a group is found in CloudWatch.
 * @param targetGroups of the group
 * @param loadBalancers ARN of the load balancer in front of each target group
 * @returns undefined: the group has no such metric
 */
export function groupQuery(
  { scalingGroup, config }: { readonly scalingGroup: string; readonly config: Group },
  terms: Terms,
  targetGroups: readonly string[],
  loadBalancers: ReadonlyMap<string, string>,
): MetricQuery | undefined {
  const { metric, periodSeconds } = terms;
  if (metric === 'inServiceServers' || metric === 'desiredServers') {
    const series = countsOf(scalingGroup, config.ecs)[metric];
    return { id: 'm', ...series, statistic: 'Average', periodSeconds, divisor: 1 };
  }
  const detailedMonitoring = hasDetailedMonitoring(config);
  const loadBalancer = measuredBalancer(targetGroups, loadBalancers);
  const measured = { scalingGroup, ecs: config.ecs, detailedMonitoring, loadBalancer };
  if (metric === 'healthyServers')
    return loadBalancer && { id: 'm', ...hostsOf(measured), periodSeconds, divisor: 1 };
  if (!isMeasured(metric, loadBalancer)) return undefined;
  return metricQuery({ ...terms, metric }, measured);
}

/**
 * A query for periods that may be older than CloudWatch keeps minutes (15 days): what shows that a silent minute was 0 is read
 * by the minute, so coarser history goes without it, and its silence stays unknown.
 */
export function historyQuery(query: MetricQuery): MetricQuery {
  return query.periodSeconds > 60 ? { ...query, zeroIf: undefined } : query;
}

/** Network load balancers count connections, and know nothing of responses or targets. */
function isMeasured(metric: unknown, loadBalancer: MeasuredGroup['loadBalancer']): boolean {
  if (isPrometheus(metric)) return false;
  if (!needsLoadBalancer(metric)) return true;
  return (
    loadBalancer?.kind === 'application' || (loadBalancer !== undefined && metric === 'requestsPerSecond')
  );
}

/** The first target group that stands behind a load balancer is the one that is measured. */
export function measuredBalancer(
  targetGroups: readonly string[],
  loadBalancers: ReadonlyMap<string, string>,
): MeasuredGroup['loadBalancer'] {
  const targetGroup = targetGroups.find((arn) => loadBalancers.has(arn));
  if (targetGroup === undefined) return undefined;
  // arn:aws:elasticloadbalancing:REGION:ACCOUNT:loadbalancer/app/NAME/ID
  const fullName = loadBalancers.get(targetGroup)!.split('loadbalancer/')[1]!;
  return {
    kind: fullName.startsWith('net/') ? 'network' : 'application',
    fullName,
    targetGroup: targetGroup.slice(targetGroup.indexOf('targetgroup/')),
  };
}
