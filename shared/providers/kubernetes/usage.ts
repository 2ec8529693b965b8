import type { Pod, PodMetrics } from './api-objects.ts';
import { quantity } from './quantity.ts';

export interface Utilization {
  /** In % of what the pods request; undefined: nothing was measured, or they request none. */
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
}

/**
 * How busy the pods are that are ready: what they use of what they request, as an autoscaler computes it. A pod that was not measured
 * yet counts for nothing.
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details
 */
export function utilizationOf(pods: readonly Pod[], measured: ReadonlyMap<string, PodMetrics>): Utilization {
  const pairs = pods.filter(isReady).flatMap((pod) => {
    const metrics = measured.get(pod.metadata.name);
    return metrics ? [{ pod, metrics }] : [];
  });
  const share = (name: string): number | undefined => {
    const used = sum(
      pairs.map(({ metrics }) =>
        sum((metrics.containers ?? []).map(({ usage }) => quantity(usage?.[name] ?? '0'))),
      ),
    );
    // One container that requests nothing leaves the whole without a measure.
    const requested = sum(
      pairs.map(({ pod }) =>
        sum((pod.spec?.containers ?? []).map(({ resources }) => quantity(resources?.requests?.[name] ?? ''))),
      ),
    );
    // As an autoscaler has it: whole percents, rounded down.
    return requested > 0 && used >= 0 ? Math.floor((100 * used) / requested + rounding) : undefined;
  };
  return { cpu: share('cpu'), memory: share('memory') };
}

/** Floating point must not take a percent: 0.7 of 1 is 70 %. */
const rounding = 1e-9;

function isReady({ metadata, status }: Pod): boolean {
  const ready = status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True');
  return ready === true && metadata.deletionTimestamp === undefined;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
