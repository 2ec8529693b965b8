import type { Instant } from '../../domain/observation.ts';
import { clusterName } from '../../fleet/kubernetes.ts';
import type { PodMetric } from '../../fleet/pod-metrics.ts';
import type { Clock } from '../../ports/clock.ts';
import { PortError } from '../../ports/port-error.ts';
import type { PodMetrics } from './api-objects.ts';
import { utilizationOf } from './usage.ts';
import { freshMs, type KubernetesGroup, type KubernetesWorkloads } from './workloads.ts';

/** What was measured of one group; undefined: it could not be. */
export type Measured = Readonly<Record<PodMetric, number | undefined>>;

/** What a cluster says of its pods now: it keeps nothing of the past. What was measured within half a minute is not asked for again. */
export class PodMeasurements {
  readonly #groups: ReadonlyMap<string, KubernetesGroup>;
  readonly #workloads: KubernetesWorkloads;
  readonly #clock: Clock;
  readonly #fresh = new Map<string, { readonly at: Instant; readonly measured: Measured }>();

  constructor(groups: ReadonlyMap<string, KubernetesGroup>, workloads: KubernetesWorkloads, clock: Clock) {
    this.#groups = groups;
    this.#workloads = workloads;
    this.#clock = clock;
  }

  /**
   * @param names of groups, at their provider; those that are not there have no entry
   * @returns what could be measured, and the first failure of a place that could not be reached
   */
  async of(
    names: readonly string[],
  ): Promise<{ readonly measured: ReadonlyMap<string, Measured>; readonly failure?: unknown }> {
    const placeOf = (name: string) => {
      const { cluster, namespace } = this.#groups.get(name)!.workload;
      return `${clusterName(cluster)}/${namespace}`;
    };
    const places = [...Map.groupBy(names, placeOf).values()];
    // One that cannot be reached leaves the others measured.
    const outcomes = await Promise.allSettled(places.map((some) => this.#ofPlace(some)));
    const measured = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    return { measured: new Map(measured), ...(failed && { failure: failed.reason }) };
  }

  /** Groups of one namespace. */
  async #ofPlace(names: readonly string[]): Promise<[string, Measured][]> {
    const at = this.#clock.now();
    const known = names.flatMap((name): [string, Measured][] => {
      const fresh = this.#fresh.get(name);
      return fresh && at - fresh.at < freshMs ? [[name, fresh.measured]] : [];
    });
    if (known.length === names.length) return known;
    const seen = await this.#workloads.look(names);
    const inUse = names.some((name) => this.#groups.get(name)!.published.some(isOfUsage));
    const usage = inUse ? await this.#usage(names[0]!) : new Map<string, PodMetrics>();
    return names.flatMap((name): [string, Measured][] => {
      const found = seen.get(name);
      if (!found) return [];
      const { cpu, memory } = utilizationOf(found.pods, usage);
      const { desired, tracked = 0, servers } = found.group;
      const measured = {
        CPUUtilization: cpu,
        MemoryUtilization: memory,
        DesiredPods: Math.max(desired, tracked),
        ReadyPods: servers.filter(({ lifecycle }) => lifecycle === 'ready').length,
      };
      this.#fresh.set(name, { at, measured });
      return [[name, measured]];
    });
  }

  async #usage(name: string): Promise<ReadonlyMap<string, PodMetrics>> {
    const { namespace } = this.#groups.get(name)!.workload;
    const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`;
    try {
      const items = await this.#workloads.connectionOf(name).list<PodMetrics>(path);
      return new Map(items.map((one) => [one.metadata.name, one]));
    } catch (error) {
      if (!(error instanceof PortError) || error.code !== 'NotFound') throw error;
      const message = `${error.message} (the cluster has no metrics-server: install it, or go by another metric)`;
      throw new PortError('NotFound', message, { cause: error });
    }
  }
}

function isOfUsage(metric: PodMetric): boolean {
  return metric === 'CPUUtilization' || metric === 'MemoryUtilization';
}
