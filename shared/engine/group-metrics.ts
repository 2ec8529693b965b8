import type { Reading } from '../domain/observation.ts';
import type { MetricUse } from '../domain/policy.ts';
import {
  type MeasuredGroup,
  type MetricQuery,
  metricQuery,
  needsLoadBalancer,
} from '../fleet/metric-query.ts';
import { hasDetailedMonitoring } from '../fleet/monitoring.ts';
import type { HouseGroup } from './house.ts';

type LoadBalancers = ReadonlyMap<string, string>;

/** The queries' ids carry the group's name: queries of many groups travel in one call. */
function queryId(group: HouseGroup, key: string): string {
  return `${group.name} ${key}`;
}

/** What to ask CloudWatch for; a metric that the group cannot have is left out, and stays unknown. */
export function queriesFor(
  group: HouseGroup,
  uses: readonly MetricUse[],
  targetGroups: readonly string[],
  loadBalancers: LoadBalancers,
): MetricQuery[] {
  const measured = measuredGroup(group, targetGroups, loadBalancers);
  return uses
    .filter(({ metric }) => isMeasured(metric, measured))
    .map((use) => metricQuery(use, measured, queryId(group, use.key)));
}

/** Network load balancers count connections, and know nothing of responses or targets. */
function isMeasured(metric: unknown, { loadBalancer }: MeasuredGroup): boolean {
  if (!needsLoadBalancer(metric)) return true;
  return (
    loadBalancer?.kind === 'application' || (loadBalancer !== undefined && metric === 'requestsPerSecond')
  );
}

/** Readings by metric key, as a decision looks for them; what was not answered is unknown. */
export function readingsOf(
  group: HouseGroup,
  uses: readonly MetricUse[],
  readings: ReadonlyMap<string, Reading>,
): Record<string, Reading> {
  const found: Record<string, Reading> = {};
  for (const { key } of uses) {
    found[key] = readings.get(queryId(group, key)) ?? { known: false, why: 'failed' };
  }
  return found;
}

/** The first target group that stands behind a load balancer is the one that is measured. */
export function measuredGroup(
  { scalingGroup, config }: HouseGroup,
  targetGroups: readonly string[],
  loadBalancers: LoadBalancers,
): MeasuredGroup {
  const detailedMonitoring = hasDetailedMonitoring(config);
  const targetGroup = targetGroups.find((arn) => loadBalancers.has(arn));
  if (targetGroup === undefined) return { scalingGroup, detailedMonitoring };
  // arn:aws:elasticloadbalancing:REGION:ACCOUNT:loadbalancer/app/NAME/ID
  const fullName = loadBalancers.get(targetGroup)!.split('loadbalancer/')[1]!;
  return {
    scalingGroup,
    detailedMonitoring,
    loadBalancer: {
      kind: fullName.startsWith('net/') ? 'network' : 'application',
      fullName,
      targetGroup: targetGroup.slice(targetGroup.indexOf('targetgroup/')),
    },
  };
}
