import { createHash } from 'node:crypto';
import { isTrue } from './conditions.ts';
import type { Pod, Workload } from './objects.ts';
import { isOf, type PodLife } from './pod-life.ts';
import { pods, type ResourceType } from './resource-types.ts';
import type { Store } from './store.ts';
import type { Timeline } from './timeline.ts';

/** What a controller needs to see that something has changed. */
const reactionMs = 500;
/** Of a rollout: so many pods more than wanted, and none fewer. */
const surge = 1;

/** Keeps the pods of workloads at their replicas, and replaces them one after the other when their template changes. */
export class WorkloadController {
  readonly #timeline: Timeline;
  readonly #store: Store;
  readonly #life: PodLife;
  readonly #waking = new Set<Workload>();
  #named = 0;

  constructor(timeline: Timeline, store: Store, life: PodLife) {
    this.#timeline = timeline;
    this.#store = store;
    this.#life = life;
  }

  /** Looks at a workload in a moment. */
  wake(type: ResourceType, workload: Workload): void {
    if (this.#waking.has(workload)) return;
    this.#waking.add(workload);
    this.#timeline.at(this.#timeline.now() + reactionMs, `${type.kind} ${workload.metadata.name}`, () => {
      this.#waking.delete(workload);
      const { namespace, name } = workload.metadata;
      if (this.#store.find(type, namespace, name) === workload) this.#converge(type, workload);
    });
  }

  podsOf(workload: Workload): Pod[] {
    return this.#store.list<Pod>(pods, workload.metadata.namespace).filter((pod) => isOf(pod, workload));
  }

  #converge(type: ResourceType, workload: Workload): void {
    const hash = templateHash(workload);
    const staying = this.podsOf(workload).filter(({ metadata }) => !metadata.deletionTimestamp);
    const old = staying.filter(({ metadata }) => metadata.labels?.['pod-template-hash'] !== hash);
    const wanted = workload.spec.replicas;
    const most = wanted + (old.length > 0 ? surge : 0);
    for (let count = staying.length; count < most && staying.length - old.length < wanted; count++)
      staying.push(this.#life.create(workload, this.#nameOf(type, workload, hash), hash));
    // One that is old leaves for each that is new and ready beyond what is wanted.
    const spare = staying.filter(isReady).length - wanted;
    for (const pod of old.slice(0, Math.max(0, spare))) this.#life.delete(pod);
    const tooMany = staying.filter((pod) => !pod.metadata.deletionTimestamp).length - most;
    for (const pod of leavingOrder(staying).slice(0, Math.max(0, tooMany))) this.#life.delete(pod);
    this.#tell(workload, hash);
  }

  #tell(workload: Workload, hash: string): void {
    const all = this.podsOf(workload).filter(({ metadata }) => !metadata.deletionTimestamp);
    const ready = all.filter(isReady).length;
    const updated = all.filter(({ metadata }) => metadata.labels?.['pod-template-hash'] === hash).length;
    const status: Workload['status'] = {
      observedGeneration: workload.metadata.generation ?? 1,
      replicas: all.length,
      updatedReplicas: updated,
      ...(ready > 0 && { readyReplicas: ready, availableReplicas: ready }),
      ...(all.length > ready && { unavailableReplicas: all.length - ready }),
    };
    if (JSON.stringify(status) === JSON.stringify(workload.status)) return;
    workload.status = status;
    this.#store.touch(workload);
  }

  #nameOf({ kind }: ResourceType, workload: Workload, hash: string): string {
    const { name } = workload.metadata;
    if (kind !== 'StatefulSet') return `${name}-${hash}-${(++this.#named).toString(36).padStart(5, '0')}`;
    const taken = new Set(this.podsOf(workload).map(({ metadata }) => metadata.name));
    for (let ordinal = 0; ; ordinal++) if (!taken.has(`${name}-${ordinal}`)) return `${name}-${ordinal}`;
  }
}

function templateHash({ spec }: Workload): string {
  return createHash('sha256').update(JSON.stringify(spec.template)).digest('hex').slice(0, 10);
}

function isReady({ status }: Pod): boolean {
  return isTrue(status.conditions, 'Ready');
}

/**
 * Which pod leaves first: one without a node, then one that is not ready, then the youngest.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#scaling-a-replicaset
 */
function leavingOrder(all: readonly Pod[]): Pod[] {
  const rank = (pod: Pod) => (pod.spec.nodeName === undefined ? 0 : isReady(pod) ? 2 : 1);
  return all
    .filter((pod) => !pod.metadata.deletionTimestamp)
    .toSorted(
      (one, other) =>
        rank(one) - rank(other) ||
        other.metadata.creationTimestamp.localeCompare(one.metadata.creationTimestamp) ||
        other.metadata.uid.localeCompare(one.metadata.uid),
    );
}
