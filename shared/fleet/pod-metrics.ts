import { kindOfName } from './other-kinds.ts';

/** What the sweep publishes to CloudWatch each minute of workloads of Kubernetes: a cluster keeps nothing of the past. */
export const podNamespace = 'Rushhour/Pods';

export type PodMetric = 'CPUUtilization' | 'MemoryUtilization' | 'ReadyPods' | 'DesiredPods';

/** What names a workload's series. @param scalingGroup the group's name at its provider */
export function podDimensions(scalingGroup: string): Readonly<Record<string, string>> {
  return { Workload: scalingGroup };
}

/**
 * Where a metric of a workload's pods is found.
 * @param scalingGroup the group's name at its provider
 * @returns undefined: it is no workload of Kubernetes
 */
export function podSeries(scalingGroup: string, metricName: PodMetric) {
  if (kindOfName(scalingGroup) !== 'kubernetes') return undefined;
  return { namespace: podNamespace, metricName, dimensions: podDimensions(scalingGroup) };
}
