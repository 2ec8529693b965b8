import type { Instant, LaunchFailure, ScalingGroup } from '../../domain/observation.ts';
import { clusterName, type KubernetesWorkload, resourceOf } from '../../fleet/kubernetes.ts';
import type { PodMetric } from '../../fleet/pod-metrics.ts';
import type { Capacity, LaunchFailures, NativeRule, Refresh, Rivals } from '../../ports/capacity.ts';
import type { Clock } from '../../ports/clock.ts';
import { PortError } from '../../ports/port-error.ts';
import type { Autoscaler, Pod, Scale } from './api-objects.ts';
import type { ClusterConnection } from './connection.ts';
import { Namespace, type SeenWorkload } from './namespace.ts';
import { serversOf, startFailure } from './pods.ts';

/** A group of the fleet file. */
export interface KubernetesGroup {
  readonly workload: KubernetesWorkload;
  /** The most pods that it may have. */
  readonly maxSize: number;
  /** What is measured of it each minute. */
  readonly published: readonly PodMetric[];
}

/** A group as it was seen, and the pods that its servers are made of. */
interface SeenGroup {
  readonly group: ScalingGroup;
  readonly pods: readonly Pod[];
}

/** What was seen in one invocation is not listed again for its measurements. */
export const freshMs = 30_000;

/**
 * Workloads of Kubernetes as groups, their pods as servers. Where a HorizontalPodAutoscaler owns a workload, what is written to
 * the workload is undone within 15 seconds: its capacity is then the autoscaler's minimum, and pods that the autoscaler adds
 * are `tracked`.
 */
export class KubernetesWorkloads implements Capacity, Refresh, LaunchFailures, Rivals {
  readonly #groups: ReadonlyMap<string, KubernetesGroup>;
  readonly #connect: (workload: KubernetesWorkload) => ClusterConnection;
  readonly #clock: Clock;
  readonly #seen = new Map<string, SeenGroup & { readonly at: Instant }>();

  constructor(
    groups: ReadonlyMap<string, KubernetesGroup>,
    connect: (workload: KubernetesWorkload) => ClusterConnection,
    clock: Clock,
  ) {
    this.#groups = groups;
    this.#connect = connect;
    this.#clock = clock;
  }

  async describe(names: readonly string[]): Promise<ReadonlyMap<string, ScalingGroup>> {
    const known = names.filter((name) => this.#groups.has(name));
    const seen = await Promise.all(
      [...Map.groupBy(known, (name) => this.#placeOf(name)).values()].map((some) => this.#lookAt(some)),
    );
    return new Map(seen.flat().map(([name, { group }]) => [name, group]));
  }

  /** The same with their pods, as they were seen within half a minute, or now. @param names of one namespace */
  async look(names: readonly string[]): Promise<ReadonlyMap<string, SeenGroup>> {
    const now = this.#clock.now();
    const fresh = names.flatMap((name) => {
      const seen = this.#seen.get(name);
      return seen && now - seen.at < freshMs ? [[name, seen] as const] : [];
    });
    if (fresh.length === names.length) return new Map(fresh);
    return new Map(await this.#lookAt(names));
  }

  connectionOf(name: string): ClusterConnection {
    return this.#connect(this.#group(name).workload);
  }

  async #lookAt(names: readonly string[]): Promise<[string, SeenGroup][]> {
    const at = this.#clock.now();
    const workloads = names.map((name) => this.#group(name).workload);
    const found = await this.#namespace(workloads[0]!).look(workloads);
    return names.flatMap((name, index): [string, SeenGroup][] => {
      const workload = found.get(workloads[index]!);
      if (!workload) return [];
      const seen = { group: toGroup(name, workload), pods: workload.pods, at };
      this.#seen.set(name, seen);
      return [[name, seen]];
    });
  }

  #placeOf(name: string): string {
    const { cluster, namespace } = this.#group(name).workload;
    return `${clusterName(cluster)}/${namespace}`;
  }

  async setDesired(name: string, desired: number, seen: ScalingGroup): Promise<void> {
    const { workload, maxSize } = this.#group(name);
    const namespace = this.#namespace(workload);
    const autoscaler =
      seen.revision === undefined ? undefined : await this.#autoscaler(workload, seen.revision);
    if (!autoscaler) return this.#scale(name, namespace, desired, seen.desired);
    if (desired < 1)
      throw new PortError(
        'Invalid',
        `autoscaler ${autoscaler.metadata.name} owns ${name}, and is off at 0 pods: give the group a minSize of at least 1`,
      );
    const { minReplicas = 1, maxReplicas } = autoscaler.spec;
    // At no replicas it is off, and what is seen is the workload's own.
    if (seen.desired > 0 && minReplicas !== seen.desired) throw changed(name, minReplicas);
    const { resourceVersion } = autoscaler.metadata;
    const most = Math.max(maxSize, desired);
    const spec = { minReplicas: desired, ...(most !== maxReplicas && { maxReplicas: most }) };
    await this.#connect(workload).patch(namespace.autoscalerPath(autoscaler), {
      metadata: { resourceVersion },
      spec,
    });
    if (seen.desired === 0) await this.#scale(name, namespace, desired, 0);
  }

  async instanceRefresh(name: string): Promise<string | null> {
    return (await this.#look(name))?.rollout ?? null;
  }

  async launchFailure(name: string, since: Instant): Promise<LaunchFailure | null> {
    return startFailure((await this.#look(name))?.pods ?? [], since) ?? null;
  }

  /** A second autoscaler fights with the first; the first is what is written to. */
  async nativeScaling(name: string): Promise<readonly NativeRule[]> {
    const others = (await this.#look(name))?.autoscalers.slice(1) ?? [];
    return others.map(({ metadata }) => ({
      name: `HorizontalPodAutoscaler ${metadata.name}`,
      isAsleep: false,
    }));
  }

  /** Compares before it sets: the version that is written with is that of the number which was seen. */
  async #scale(name: string, namespace: Namespace, desired: number, seen: number): Promise<void> {
    const { workload } = this.#group(name);
    const path = `${namespace.pathOf(resourceOf(workload))}/scale`;
    const connection = this.#connect(workload);
    const scale = await connection.get<Scale>(path);
    const now = scale.spec.replicas ?? 0;
    if (now !== seen) throw changed(name, now);
    await connection.put(path, { ...scale, spec: { ...scale.spec, replicas: desired } });
  }

  async #autoscaler(workload: KubernetesWorkload, called: string): Promise<Autoscaler | undefined> {
    const all = await this.#namespace(workload).autoscalersOf(workload);
    return all.find(({ metadata }) => metadata.name === called);
  }

  async #look(name: string): Promise<SeenWorkload | undefined> {
    const { workload } = this.#group(name);
    return (await this.#namespace(workload).look([workload])).get(workload);
  }

  #namespace(workload: KubernetesWorkload): Namespace {
    return new Namespace(this.#connect(workload), workload.namespace);
  }

  /** @throws PortError `NotFound` */
  #group(name: string): KubernetesGroup {
    const group = this.#groups.get(name);
    if (group) return group;
    throw new PortError('NotFound', `${name} is no workload of the fleet file`);
  }
}

function changed(name: string, now: number): PortError {
  return new PortError('Changed', `${name}: somebody has set it to ${now} meanwhile`);
}

function toGroup(name: string, { replicas, pods, autoscalers }: SeenWorkload): ScalingGroup {
  // A list that names no version is read by quorum (https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-get-and-list).
  const always = {
    name,
    servers: serversOf(pods),
    suspended: [],
    trafficSources: [],
    neverLate: true,
  } as const;
  const maxSize = Number.MAX_SAFE_INTEGER;
  const [autoscaler] = autoscalers;
  if (!autoscaler) return { ...always, minSize: 0, maxSize, desired: replicas };
  const { minReplicas = 1 } = autoscaler.spec;
  return {
    ...always,
    minSize: 1,
    maxSize,
    desired: replicas === 0 ? 0 : minReplicas,
    ...(replicas > minReplicas && { tracked: replicas }),
    revision: autoscaler.metadata.name,
  };
}
