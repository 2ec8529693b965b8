import { isTrue } from './conditions.ts';
import { isWithin, type Tolerances } from './hpa-tolerance.ts';
import type { MetricSpec, Pod } from './objects.ts';
import type { PodUsage, PodWorld } from './pod-world.ts';
import { quantity } from './quantity.ts';
import type { Instant } from './timeline.ts';

/** What one metric of an autoscaler says; undefined replicas: it could not be had. */
export interface Recommendation {
  readonly replicas: number | undefined;
  readonly current:
    | { type: string; resource: { name: string; current: Record<string, number | string> } }
    | undefined;
  readonly problem?: string;
}

/**
 * How many pods a metric of the type Resource recommends.
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details
 */
export function recommend(
  { type, resource }: MetricSpec,
  pods: readonly Pod[],
  current: number,
  {
    world,
    tolerances,
    now,
  }: { readonly world: PodWorld; readonly tolerances: Tolerances; readonly now: Instant },
): Recommendation {
  const target = resource?.target.averageUtilization;
  if (type !== 'Resource' || !resource || target === undefined)
    return { replicas: undefined, current: undefined, problem: `no metrics of the type ${type} here` };
  const staying = pods.filter(({ metadata }) => !metadata.deletionTimestamp);
  const ready = staying.filter(({ status }) => isTrue(status.conditions, 'Ready'));
  const measured = ready.flatMap((pod) => {
    const usage = world.usage(pod.metadata.name, now);
    return usage ? [{ used: usedOf(resource.name, usage), request: requestOf(pod, resource.name) }] : [];
  });
  if (measured.length === 0)
    return { replicas: undefined, current: undefined, problem: 'did not receive metrics for targeted pods' };
  const used = sum(measured.map((one) => one.used));
  const requested = sum(measured.map(({ request }) => request));
  if (!(requested > 0))
    return { replicas: undefined, current: undefined, problem: `missing request for ${resource.name}` };
  const utilization = Math.floor((100 * used) / requested);
  const ratio = utilization / target;
  const shown = {
    type: 'Resource',
    resource: {
      name: resource.name,
      current: { averageUtilization: utilization, averageValue: `${Math.floor(used / measured.length)}` },
    },
  };
  if (isWithin(tolerances, ratio)) return { replicas: current, current: shown };
  const missing = staying.length - measured.length;
  if (missing === 0) return { replicas: Math.ceil(ratio * measured.length), current: shown };
  // A pod that is not measured counts as idle on the way up, and as just right on the way down.
  const meanRequest = requested / measured.length;
  const assumed = ratio > 1 ? 0 : (meanRequest * missing * target) / 100;
  const again = (100 * (used + assumed)) / (requested + meanRequest * missing) / target;
  const turned = (ratio > 1 && again < 1) || (ratio < 1 && again > 1);
  if (isWithin(tolerances, again) || turned) return { replicas: current, current: shown };
  const recommended = Math.ceil(again * staying.length);
  const against = (again < 1 && recommended > current) || (again > 1 && recommended < current);
  return { replicas: against ? current : recommended, current: shown };
}

/** CPU in millicores, memory in bytes. */
function usedOf(name: string, { cpuMillicores, memoryBytes }: PodUsage): number {
  return name === 'cpu' ? cpuMillicores : memoryBytes;
}

function requestOf({ spec }: Pod, name: string): number {
  const factor = name === 'cpu' ? 1000 : 1;
  return sum(
    spec.containers.map(({ resources }) => {
      const requested = resources?.requests?.[name];
      return requested === undefined ? Number.NaN : factor * quantity(requested);
    }),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
