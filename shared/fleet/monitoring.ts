import type { Draft } from './across-fields.ts';
import type { Group } from './group.ts';
import type { Metric } from './rule.ts';

/** Do a group's servers publish every minute (detailed monitoring), or every five (basic)? */
export function hasDetailedMonitoring({
  launch,
  detailedMonitoring,
}: Pick<Draft<Group>, 'launch' | 'detailedMonitoring'>): boolean {
  return launch?.detailedMonitoring ?? detailedMonitoring ?? true;
}

/** How often a metric has datapoints where that is more than once a minute; undefined: a service of ECS may say so of its own. */
export function fineResolution(
  metric: Draft<Metric> | undefined,
  { ecs }: { readonly ecs?: { readonly resolutionSeconds?: number | undefined } | undefined },
): number | undefined {
  const isOfEcs = metric === 'cpu' || metric === 'memory';
  return isOfEcs && ecs?.resolutionSeconds === 20 ? 20 : undefined;
}

/** Is it EC2 that measures it, as often as its monitoring says? */
export function isOfEc2(metric: Draft<Metric> | undefined): boolean {
  return metric === 'cpu' || metric === 'networkIn' || metric === 'networkOut';
}
