import { setCondition } from './conditions.ts';
import { recommendExternal } from './hpa-external.ts';
import { recommend } from './hpa-metrics.ts';
import { type HpaMemory, paced } from './hpa-pace.ts';
import { tolerancesOf } from './hpa-tolerance.ts';
import type { Condition, Hpa, Pod, Workload } from './objects.ts';
import type { PodWorld } from './pod-world.ts';
import { hpas } from './resource-types.ts';
import { type Store, timestamp } from './store.ts';
import type { Timeline } from './timeline.ts';

/** `--horizontal-pod-autoscaler-sync-period`. */
const syncMs = 15_000;

interface Scaled {
  readonly find: (hpa: Hpa) => Workload | undefined;
  readonly podsOf: (workload: Workload) => Pod[];
  /** undefined: nobody serves it */
  readonly external: (namespace: string, metric: string) => number | undefined;
  readonly setReplicas: (workload: Workload, replicas: number) => void;
}

/** Looks at every autoscaler each fifteen seconds, and sets the replicas of what it owns. */
export class HpaController {
  readonly #timeline: Timeline;
  readonly #store: Store;
  readonly #world: PodWorld;
  readonly #scaled: Scaled;
  readonly #memory = new WeakMap<Hpa, HpaMemory>();
  #isRunning = false;

  constructor(timeline: Timeline, store: Store, world: PodWorld, scaled: Scaled) {
    this.#timeline = timeline;
    this.#store = store;
    this.#world = world;
    this.#scaled = scaled;
  }

  /** From the first autoscaler on. */
  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#sync();
  }

  #sync(): void {
    this.#timeline.at(this.#timeline.now() + syncMs, 'autoscalers', () => {
      for (const hpa of this.#store.list<Hpa>(hpas)) this.#reconcile(hpa);
      this.#sync();
    });
  }

  #reconcile(hpa: Hpa): void {
    const workload = this.#scaled.find(hpa);
    const said = conditionsOf(hpa);
    const now = this.#timeline.now();
    if (!workload) {
      said(
        'AbleToScale',
        'False',
        'FailedGetScale',
        `the HPA controller was unable to get the target's current scale: ${hpa.spec.scaleTargetRef.name} not found`,
        now,
      );
      this.#store.touch(hpa);
      return;
    }
    const current = workload.spec.replicas;
    said('AbleToScale', 'True', 'ReadyForNewScale', 'recommended size matches current size', now);
    const desired = this.#desired(hpa, workload, now);
    hpa.status.currentReplicas = current;
    if (desired !== undefined) hpa.status.desiredReplicas = desired;
    if (desired !== undefined && desired !== current) {
      memoryOf(this.#memory, hpa).changes.push({ at: now, change: desired - current });
      hpa.status.lastScaleTime = timestamp(now);
      this.#scaled.setReplicas(workload, desired);
    }
    this.#store.touch(hpa);
  }

  /** undefined: nothing is known that could be recommended. */
  #desired(hpa: Hpa, workload: Workload, now: number): number | undefined {
    const { minReplicas, maxReplicas, metrics = [] } = hpa.spec;
    const current = workload.spec.replicas;
    const said = conditionsOf(hpa);
    if (current === 0 && minReplicas !== 0) {
      said(
        'ScalingActive',
        'False',
        'ScalingDisabled',
        'scaling is disabled since the replica count of the target is zero',
        now,
      );
      return 0;
    }
    if (current > maxReplicas) return maxReplicas;
    if (current < minReplicas) return minReplicas;
    const pods = this.#scaled.podsOf(workload);
    const tolerances = tolerancesOf(hpa);
    const told = metrics.map((metric) => {
      if (metric.type !== 'External')
        return recommend(metric, pods, current, { world: this.#world, tolerances, now });
      const value = this.#scaled.external(hpa.metadata.namespace, `${metric.external?.metric.name}`);
      return recommendExternal(metric, value, workload.status.replicas, tolerances);
    });
    hpa.status.currentMetrics = told.flatMap((one) => one.current ?? []);
    const known = told.flatMap(({ replicas }) => replicas ?? []);
    const problem = told.find((one) => one.problem !== undefined)?.problem;
    if (known.length === 0) {
      said(
        'ScalingActive',
        'False',
        'FailedGetResourceMetric',
        `the HPA was unable to compute the replica count: ${problem ?? 'no metrics'}`,
        now,
      );
      return undefined;
    }
    said(
      'ScalingActive',
      'True',
      'ValidMetricFound',
      'the HPA was able to successfully calculate a replica count',
      now,
    );
    const most = Math.max(...known);
    // Without all metrics nothing is taken away.
    if (known.length < metrics.length && most < current) return current;
    return paced(hpa, memoryOf(this.#memory, hpa), current, most, now);
  }
}

function memoryOf(all: WeakMap<Hpa, HpaMemory>, hpa: Hpa): HpaMemory {
  const found = all.get(hpa) ?? { recommendations: [], changes: [] };
  all.set(hpa, found);
  return found;
}

function conditionsOf(hpa: Hpa) {
  hpa.status.conditions ??= [];
  const { conditions } = hpa.status;
  return (type: string, status: Condition['status'], reason: string, message: string, now: number) =>
    setCondition(conditions, { type, status, reason, message }, now);
}
