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

/** Is it EC2 that measures it, as often as its monitoring says? */
export function isOfEc2(metric: Draft<Metric> | undefined): boolean {
  return metric === 'cpu' || metric === 'networkIn' || metric === 'networkOut';
}
