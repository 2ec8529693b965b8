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

/** Counts that Auto Scaling publishes of a group whose group metrics are on. */
const serverCounts = {
  inServiceServers: 'GroupInServiceInstances',
  desiredServers: 'GroupDesiredCapacity',
} as const;

type Terms = Omit<MetricTerms, 'metric'> & {
  readonly metric: MetricTerms['metric'] | keyof typeof serverCounts | 'healthyServers';
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
    const dimensions = { AutoScalingGroupName: scalingGroup };
    const series = { namespace: 'AWS/AutoScaling', metricName: serverCounts[metric], dimensions };
    return { id: 'm', ...series, statistic: 'Average', periodSeconds, divisor: 1 };
  }
  const detailedMonitoring = hasDetailedMonitoring(config);
  const loadBalancer = measuredBalancer(targetGroups, loadBalancers);
  const measured = { scalingGroup, detailedMonitoring, loadBalancer };
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
