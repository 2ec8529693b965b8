import { type CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { clusterName } from '../../fleet/kubernetes.ts';
import { type PodMetric, podNamespace, podSeries } from '../../fleet/pod-metrics.ts';
import type { Clock } from '../../ports/clock.ts';
import { PortError } from '../../ports/port-error.ts';
import type { Samples } from '../../ports/samples.ts';
import { attempt } from '../aws/to-port-error.ts';
import type { PodMetrics } from './api-objects.ts';
import { utilizationOf } from './usage.ts';
import type { KubernetesGroup, KubernetesWorkloads } from './workloads.ts';

/** Of one `PutMetricData`. */
const dataAtOnce = 1000;

/** What `metrics.k8s.io` has is of now: the sweep reads it each minute, and CloudWatch keeps it. */
export class PodSamples implements Samples {
  readonly #groups: ReadonlyMap<string, KubernetesGroup>;
  readonly #workloads: KubernetesWorkloads;
  readonly #cloudWatch: CloudWatchClient;
  readonly #clock: Clock;

  constructor(
    groups: ReadonlyMap<string, KubernetesGroup>,
    workloads: KubernetesWorkloads,
    cloudWatch: CloudWatchClient,
    clock: Clock,
  ) {
    this.#groups = groups;
    this.#workloads = workloads;
    this.#cloudWatch = cloudWatch;
    this.#clock = clock;
  }

  async publish(names: readonly string[]): Promise<void> {
    const measured = names.filter((name) => (this.#groups.get(name)?.published.length ?? 0) > 0);
    const placeOf = (name: string) => {
      const { cluster, namespace } = this.#groups.get(name)!.workload;
      return `${clusterName(cluster)}/${namespace}`;
    };
    const places = [...Map.groupBy(measured, placeOf).values()];
    // One that cannot be reached leaves the others measured.
    const outcomes = await Promise.allSettled(places.map((some) => this.#measure(some)));
    const data = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
    for (let first = 0; first < data.length; first += dataAtOnce) {
      const MetricData = data.slice(first, first + dataAtOnce);
      await attempt(`publish ${MetricData.length} measurements of pods`, () =>
        this.#cloudWatch.send(new PutMetricDataCommand({ Namespace: podNamespace, MetricData })),
      );
    }
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** Groups of one namespace. */
  async #measure(names: readonly string[]): Promise<MetricDatum[]> {
    const Timestamp = new Date(this.#clock.now());
    const seen = await this.#workloads.look(names);
    const inUse = names.some((name) => this.#groups.get(name)!.published.some(isOfUsage));
    const { workload } = this.#groups.get(names[0]!)!;
    const usage = inUse ? await this.#usage(names[0]!, workload.namespace) : new Map<string, PodMetrics>();
    return names.flatMap((name) => {
      const found = seen.get(name);
      if (!found) return [];
      const { cpu, memory } = utilizationOf(found.pods, usage);
      const { desired, servers } = found.group;
      const values: Readonly<Record<PodMetric, number | undefined>> = {
        CPUUtilization: cpu,
        MemoryUtilization: memory,
        DesiredPods: Math.max(desired, found.group.tracked ?? 0),
        ReadyPods: servers.filter(({ lifecycle }) => lifecycle === 'ready').length,
      };
      return this.#groups.get(name)!.published.flatMap((metric): MetricDatum[] => {
        const Value = values[metric];
        if (Value === undefined) return [];
        const { dimensions } = podSeries(name, metric)!;
        const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
        return [{ MetricName: metric, Dimensions, Value, Timestamp }];
      });
    });
  }

  async #usage(name: string, namespace: string): Promise<ReadonlyMap<string, PodMetrics>> {
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
