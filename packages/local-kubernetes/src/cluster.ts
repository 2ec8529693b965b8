import { AccessControl } from './access.ts';
import { HpaController } from './hpa-controller.ts';
import type { Hpa, Pod, Workload } from './objects.ts';
import { PodLife } from './pod-life.ts';
import type { PodWorld } from './pod-world.ts';
import { apiVersionOf, deployments, hpas, pods, type ResourceType, statefulSets } from './resource-types.ts';
import { invalid } from './status.ts';
import { type Draft, Store } from './store.ts';
import type { Timeline } from './timeline.ts';
import { WorkloadController } from './workload-controller.ts';

/** What of a workload matters here. */
export interface WorkloadSettings {
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
  /** Default: `NAME:1`. */
  readonly image?: string;
  /** Of each pod. Default: cpu 1, memory 1Gi. */
  readonly requests?: Readonly<Record<string, string>>;
}

/** A cluster: its objects, its controllers, who may do what. */
export class LocalCluster {
  readonly timeline: Timeline;
  readonly world: PodWorld;
  readonly store: Store;
  readonly access = new AccessControl();
  /** The life of its pods: which images there are, and how much room. */
  readonly life: PodLife;
  readonly workloadTypes: ResourceType[] = [deployments, statefulSets];
  readonly namespaces = new Set(['default', 'kube-system']);
  /** What an adapter serves as `external.metrics.k8s.io`, by `NAMESPACE/NAME`. */
  readonly externalMetrics = new Map<string, number>();
  readonly #workloads: WorkloadController;
  readonly #hpas: HpaController;

  constructor(timeline: Timeline, world: PodWorld) {
    this.timeline = timeline;
    this.world = world;
    this.store = new Store(timeline);
    this.life = new PodLife(timeline, this.store, world, (pod) => this.#ownerChanged(pod));
    this.#workloads = new WorkloadController(timeline, this.store, this.life);
    this.#hpas = new HpaController(timeline, this.store, world, {
      find: (hpa) => this.targetOf(hpa)?.workload,
      podsOf: (workload) => this.podsOf(workload),
      external: (namespace, metric) => this.externalMetrics.get(`${namespace}/${metric}`),
      setReplicas: (workload, replicas) => this.scale(this.#typeOf(workload), workload, replicas),
    });
  }

  /** A custom resource that has a scale, such as a Rollout. */
  addWorkloadType(type: ResourceType): void {
    this.workloadTypes.push(type);
  }

  createWorkload(type: ResourceType, settings: WorkloadSettings): Workload {
    const { namespace, name, replicas, image = `${name}:1` } = settings;
    const labels = { app: name };
    const requests = { cpu: '1', memory: '1Gi', ...settings.requests };
    this.namespaces.add(namespace);
    const workload = this.store.create<Workload>(type, {
      metadata: { namespace, name, labels },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name, image, resources: { requests } }] } },
      },
      status: { replicas: 0 },
    });
    this.#workloads.wake(type, workload);
    return workload;
  }

  createHpa(draft: Omit<Draft<Hpa>, 'status'>): Hpa {
    const status = { currentReplicas: 0, desiredReplicas: 0 };
    const hpa = this.store.create<Hpa>(hpas, { ...draft, status });
    this.#hpas.start();
    return hpa;
  }

  /** @throws StatusError NotFound */
  workload(type: ResourceType, namespace: string, name: string): Workload {
    return this.store.get<Workload>(type, namespace, name);
  }

  /** @returns undefined: it is not there */
  find(type: ResourceType, namespace: string, name: string): Workload | undefined {
    return this.store.find<Workload>(type, namespace, name);
  }

  /** @throws StatusError NotFound */
  hpa(namespace: string, name: string): Hpa {
    return this.store.get<Hpa>(hpas, namespace, name);
  }

  podsOf(workload: Workload): Pod[] {
    return this.#workloads.podsOf(workload);
  }

  /** Sets how many pods a workload is to have, if the caller may. @throws StatusError Invalid */
  scale(type: ResourceType, workload: Workload, replicas: number): void {
    const { name } = workload.metadata;
    if (!Number.isInteger(replicas) || replicas < 0)
      throw invalid(
        'Scale',
        { group: 'autoscaling', resource: type.plural, name },
        'spec.replicas',
        `${replicas}: must be greater than or equal to 0`,
      );
    if (workload.spec.replicas === replicas) return;
    workload.spec.replicas = replicas;
    this.changed(type, workload);
  }

  /** The pods are to be made of another image: a rollout. */
  setImage(type: ResourceType, workload: Workload, image: string): void {
    for (const container of workload.spec.template.spec.containers) container.image = image;
    this.changed(type, workload);
  }

  changed(type: ResourceType, workload: Workload): void {
    workload.metadata.generation = (workload.metadata.generation ?? 1) + 1;
    this.store.touch(workload);
    this.#workloads.wake(type, workload);
  }

  /** @throws StatusError NotFound */
  deleteWorkload(type: ResourceType, namespace: string, name: string): void {
    const workload = this.workload(type, namespace, name);
    for (const pod of this.podsOf(workload)) this.life.delete(pod);
    this.store.delete(type, workload);
  }

  /** What an autoscaler scales; undefined: it is not there. */
  targetOf({ metadata, spec }: Hpa): { type: ResourceType; workload: Workload } | undefined {
    const { apiVersion, kind, name } = spec.scaleTargetRef;
    const type = this.workloadTypes.find((one) => apiVersionOf(one) === apiVersion && one.kind === kind);
    const workload = type && this.store.find<Workload>(type, metadata.namespace, name);
    return type && workload ? { type, workload } : undefined;
  }

  pod(namespace: string, name: string): Pod {
    return this.store.get<Pod>(pods, namespace, name);
  }

  #typeOf(workload: Workload): ResourceType {
    return this.workloadTypes.find(({ kind }) => kind === workload.kind)!;
  }

  #ownerChanged(pod: Pod): void {
    const owner = pod.metadata.ownerReferences?.[0];
    const type = this.workloadTypes.find(({ kind }) => kind === owner?.kind);
    const workload = type && this.store.find<Workload>(type, pod.metadata.namespace, owner!.name);
    if (workload) this.#workloads.wake(type, workload);
  }
}
