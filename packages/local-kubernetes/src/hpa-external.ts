import type { Recommendation } from './hpa-metrics.ts';
import { isWithin, type Tolerances } from './hpa-tolerance.ts';
import type { MetricSpec } from './objects.ts';
import { quantity } from './quantity.ts';

/**
 * How many pods a metric of the type External with an AverageValue recommends: the value shared among the pods that there are
 * (`GetExternalPerPodMetricReplicas` of Kubernetes' replica calculator).
 * @param value of the metric; undefined: it could not be had
 * @param there pods that the workload's status tells
 */
export function recommendExternal(
  { external }: MetricSpec,
  value: number | undefined,
  there: number,
  tolerances: Tolerances,
): Recommendation {
  const target = quantity(external?.target.averageValue ?? '');
  if (!external || !(target > 0))
    return {
      replicas: undefined,
      current: undefined,
      problem: 'no external metric without an averageValue here',
    };
  if (value === undefined)
    return {
      replicas: undefined,
      current: undefined,
      problem: `unable to get external metric ${external.metric.name}`,
    };
  const ratio = value / (target * there);
  const replicas = isWithin(tolerances, ratio) ? there : Math.ceil(value / target);
  return { replicas, current: undefined };
}
