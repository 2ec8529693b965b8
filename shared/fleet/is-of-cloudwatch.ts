import { awsRegionOf } from './aws-region-of.ts';
import type { Group } from './group.ts';
import type { OtherSettings } from './other-kinds.ts';
import { providerOf } from './provider-kind.ts';

/**
 * Does the metric name one of CloudWatch's, here? One by name does not; one of a namespace that the group's provider has itself
 * is asked of that one, and one of a group in another region is asked there.
 */
export function isOfCloudWatch(group: Group | OtherSettings, metric: unknown): boolean {
  if (typeof metric !== 'object' || metric === null || !('namespace' in metric)) return false;
  if (awsRegionOf(group) !== undefined) return false;
  return !providerOf(group).ownNamespaces?.test(String(metric.namespace));
}
