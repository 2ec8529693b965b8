import { setCondition } from './conditions.ts';
import type { Meta, Pod, Workload } from './objects.ts';
import type { PodWorld } from './pod-world.ts';
import { pods } from './resource-types.ts';
import { type Store, timestamp } from './store.ts';
import type { Timeline } from './timeline.ts';

const scheduleMs = 1_000;
const pullMs = 2_000;
const probeMs = 10_000;
/** What does not fit is tried again when something has changed, and so often anyway. */
const rescheduleMs = 30_000;
const pullBackOffMs = 15_000;
/** Containers get 30 s to stop; these take less. */
const stopMs = 5_000;

/** How many pods the nodes of a cluster hold: a test's or a console's hand. */
export interface Nodes {
  room: number;
}

/** Takes pods from their creation to their end: scheduler and kubelet. */
export class PodLife {
  readonly #timeline: Timeline;
  readonly #store: Store;
  readonly #world: PodWorld;
  readonly #changed: (pod: Pod) => void;
  readonly nodes: Nodes = { room: 1000 };
  /** Images that cannot be pulled, and images whose containers end at once. */
  readonly missingImages = new Set<string>();
  readonly crashingImages = new Set<string>();

  /** @param changed hears of pods that became ready or are gone */
  constructor(timeline: Timeline, store: Store, world: PodWorld, changed: (pod: Pod) => void) {
    this.#timeline = timeline;
    this.#store = store;
    this.#world = world;
    this.#changed = changed;
  }

  create(owner: Workload, name: string, hash: string): Pod {
    const { template, selector } = owner.spec;
    const { apiVersion, kind, metadata } = owner;
    const labels = { ...selector.matchLabels, ...template.metadata?.labels, 'pod-template-hash': hash };
    const pod = this.#store.create<Pod>(pods, {
      metadata: {
        name,
        namespace: metadata.namespace,
        labels,
        ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true }],
      },
      spec: { containers: structuredClone(template.spec.containers) },
      status: { phase: 'Pending', conditions: [] },
    });
    this.#later(pod, scheduleMs, 'is scheduled', () => this.#schedule(pod));
    return pod;
  }

  /** Asks a pod to end. */
  delete(pod: Pod): void {
    if (pod.metadata.deletionTimestamp) return;
    pod.metadata.deletionTimestamp = timestamp(this.#timeline.now());
    this.#store.touch(pod);
    this.#timeline.at(this.#timeline.now() + stopMs, `pod ${pod.metadata.name} ends`, () => this.kill(pod));
  }

  /** A pod is gone at once, as when its node is. */
  kill(pod: Pod): void {
    this.#world.stop(pod.metadata.name, this.#timeline.now());
    this.#store.delete(pods, pod);
    this.#changed(pod);
  }

  #later(pod: Pod, delayMs: number, what: string, task: () => void): void {
    this.#timeline.at(this.#timeline.now() + delayMs, `pod ${pod.metadata.name} ${what}`, () => {
      if (this.#store.holds(pod) && !pod.metadata.deletionTimestamp) task();
    });
  }

  #schedule(pod: Pod): void {
    const now = this.#timeline.now();
    const scheduled = this.#store.list<Pod>(pods).filter(({ spec }) => spec.nodeName !== undefined).length;
    if (scheduled >= this.nodes.room) {
      setCondition(
        pod.status.conditions,
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'Unschedulable',
          message:
            '0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.',
        },
        now,
      );
      this.#store.touch(pod);
      this.#later(pod, rescheduleMs, 'is scheduled', () => this.#schedule(pod));
      return;
    }
    pod.spec.nodeName = `node-${1 + (scheduled % 3)}`;
    pod.status.startTime = timestamp(now);
    for (const type of ['PodScheduled', 'Initialized'])
      setCondition(pod.status.conditions, { type, status: 'True' }, now);
    for (const type of ['Ready', 'ContainersReady'])
      setCondition(pod.status.conditions, { type, status: 'False', reason: 'ContainersNotReady' }, now);
    this.#waiting(pod, 'ContainerCreating');
    this.#later(pod, pullMs, 'has its image', () => this.#pull(pod));
  }

  #pull(pod: Pod): void {
    const image = pod.spec.containers[0]!.image;
    if (this.missingImages.has(image)) {
      const backedOff = pod.status.containerStatuses?.[0]?.state.waiting?.reason === 'ErrImagePull';
      if (backedOff) this.#waiting(pod, 'ImagePullBackOff', `Back-off pulling image "${image}"`);
      else this.#waiting(pod, 'ErrImagePull', `failed to pull and unpack image "${image}": not found`);
      this.#later(pod, pullBackOffMs, 'has its image', () => this.#pull(pod));
      return;
    }
    if (this.crashingImages.has(image)) {
      this.#waiting(pod, 'CrashLoopBackOff', `back-off 10s restarting failed container=${pod.metadata.name}`);
      this.#later(pod, pullBackOffMs, 'is started again', () => this.#pull(pod));
      return;
    }
    this.#start(pod);
  }

  #start(pod: Pod): void {
    const now = this.#timeline.now();
    const { namespace, name } = pod.metadata;
    const owner = pod.metadata.ownerReferences?.[0]?.name ?? name;
    this.#world.start(name, `${namespace}/${owner}`, now);
    pod.status.phase = 'Running';
    this.#containers(pod, false, { running: { startedAt: timestamp(now) } });
    this.#probe(pod);
  }

  /** Ready or no longer ready, as the probe has it, again and again. */
  #probe(pod: Pod): void {
    const now = this.#timeline.now();
    const answers = this.#world.answers(pod.metadata.name, now);
    const before = pod.status.conditions.find(({ type }) => type === 'Ready')?.status === 'True';
    if (answers !== before) {
      const told = answers
        ? ({ status: 'True' } as const)
        : ({ status: 'False', reason: 'ContainersNotReady' } as const);
      for (const type of ['Ready', 'ContainersReady'])
        setCondition(pod.status.conditions, { type, ...told }, now);
      this.#containers(pod, answers, pod.status.containerStatuses![0]!.state);
      this.#changed(pod);
    }
    this.#later(pod, probeMs, 'is probed', () => this.#probe(pod));
  }

  #waiting(pod: Pod, reason: string, message?: string): void {
    this.#containers(pod, false, { waiting: { reason, ...(message !== undefined && { message }) } });
  }

  #containers(
    pod: Pod,
    ready: boolean,
    state: NonNullable<Pod['status']['containerStatuses']>[number]['state'],
  ): void {
    pod.status.containerStatuses = pod.spec.containers.map(({ name, image }) => ({
      name,
      image,
      ready,
      restartCount: 0,
      state,
    }));
    this.#store.touch(pod);
  }
}

/** Is a pod one of those that a workload keeps? */
export function isOf(pod: Pod, owner: { readonly metadata: Pick<Meta, 'uid'> }): boolean {
  return pod.metadata.ownerReferences?.[0]?.uid === owner.metadata.uid;
}
