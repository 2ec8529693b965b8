import type { LocalCluster } from './cluster.ts';
import type { Hpa, ScalingRules } from './objects.ts';
import type { Instant } from './timeline.ts';

/** What `GetMetricData` is asked by the scaler. */
export interface CloudWatchQuery {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: string;
  readonly periodSeconds: number;
  readonly start: Instant;
  readonly end: Instant;
}

type Seconds = number;

/** Of a ScaledObject, what is understood here; its metadata are texts, as KEDA has them. */
export interface ScaledObject {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly scaleTargetRef: { readonly apiVersion?: string; readonly kind?: string; readonly name: string };
    readonly pollingInterval?: Seconds;
    readonly cooldownPeriod?: Seconds;
    readonly minReplicaCount?: number;
    readonly maxReplicaCount?: number;
    readonly fallback?: {
      readonly failureThreshold: number;
      readonly replicas: number;
      readonly behavior?: string;
    };
    readonly advanced?: {
      readonly horizontalPodAutoscalerConfig?: {
        readonly behavior?: { readonly scaleUp?: ScalingRules; readonly scaleDown?: ScalingRules };
      };
    };
    readonly triggers: readonly {
      readonly type: string;
      readonly metadata: Readonly<Record<string, string>>;
    }[];
  };
}

interface Watched {
  readonly object: ScaledObject;
  readonly hpa: Hpa;
  readonly metric: string;
  failures: number;
  activeAt: Instant;
}

/**
 * KEDA in a cluster, with the trigger `aws-cloudwatch` alone: an autoscaler for each ScaledObject, whose external metric is read
 * each polling interval (as with `useCachedMetrics`), and the way to zero and back, which no autoscaler goes.
 * @see https://keda.sh/docs/latest/scalers/aws-cloudwatch/
 * @see https://keda.sh/docs/latest/reference/scaledobject-spec/
 */
export class LocalKeda {
  readonly #cluster: LocalCluster;
  readonly #read: (query: CloudWatchQuery) => Promise<readonly number[]>;

  /** @param read values of a metric, the newest first @throws what keeps it from being read */
  constructor(cluster: LocalCluster, read: (query: CloudWatchQuery) => Promise<readonly number[]>) {
    this.#cluster = cluster;
    this.#read = read;
  }

  /** @throws Error for a trigger that is not understood here */
  apply(object: ScaledObject): void {
    const { metadata, spec } = object;
    const [trigger, ...others] = spec.triggers;
    if (trigger?.type !== 'aws-cloudwatch' || others.length > 0)
      throw new Error('expected one trigger, of the type aws-cloudwatch');
    const metric = `s0-aws-cloudwatch-${trigger.metadata['dimensionName']}`;
    const { apiVersion = 'apps/v1', kind = 'Deployment', name } = spec.scaleTargetRef;
    const behavior = spec.advanced?.horizontalPodAutoscalerConfig?.behavior;
    const hpa = this.#cluster.createHpa({
      metadata: { namespace: metadata.namespace, name: `keda-hpa-${metadata.name}` },
      spec: {
        scaleTargetRef: { apiVersion, kind, name },
        minReplicas: Math.max(1, spec.minReplicaCount ?? 0),
        maxReplicas: spec.maxReplicaCount ?? 100,
        metrics: [
          {
            type: 'External',
            external: {
              metric: { name: metric },
              target: { type: 'AverageValue', averageValue: `${trigger.metadata['targetMetricValue']}` },
            },
          },
        ],
        ...(behavior && { behavior }),
      },
    });
    this.#poll({ object, hpa, metric, failures: 0, activeAt: this.#cluster.timeline.now() });
  }

  #poll(watched: Watched): void {
    const { timeline } = this.#cluster;
    const everyMs = (watched.object.spec.pollingInterval ?? 30) * 1000;
    timeline.at(timeline.now() + everyMs, `ScaledObject ${watched.object.metadata.name}`, async () => {
      await this.#look(watched);
      this.#poll(watched);
    });
  }

  async #look(watched: Watched): Promise<void> {
    const { metadata, spec } = watched.object;
    const key = `${metadata.namespace}/${watched.metric}`;
    const value = await this.#valueOf(watched);
    watched.failures = value === undefined ? watched.failures + 1 : 0;
    const told = value ?? this.#fallback(watched);
    if (told === undefined) this.#cluster.externalMetrics.delete(key);
    else this.#cluster.externalMetrics.set(key, told);
    if (value !== undefined)
      this.#toZeroOrBack(
        watched,
        value > Number(spec.triggers[0]!.metadata['activationTargetMetricValue'] ?? 0),
      );
  }

  /** undefined: it failed */
  async #valueOf({ object }: Watched): Promise<number | undefined> {
    const { metadata } = object.spec.triggers[0]!;
    const periodSeconds = Number(metadata['metricStatPeriod'] ?? 300);
    const collectionSeconds = Number(metadata['metricCollectionTime'] ?? 300);
    if (collectionSeconds % periodSeconds !== 0)
      throw new Error('metricCollectionTime must be a multiple of metricStatPeriod');
    const periodMs = periodSeconds * 1000;
    const offsetMs = Number(metadata['metricEndTimeOffset'] ?? 0) * 1000;
    const end = Math.floor((this.#cluster.timeline.now() - offsetMs) / periodMs) * periodMs;
    const names = `${metadata['dimensionName']}`.split(';');
    const values = `${metadata['dimensionValue']}`.split(';');
    try {
      const [newest] = await this.#read({
        namespace: `${metadata['namespace']}`,
        metricName: `${metadata['metricName']}`,
        dimensions: Object.fromEntries(names.map((name, index) => [name, `${values[index]}`])),
        stat: metadata['metricStat'] ?? 'Average',
        periodSeconds,
        start: end - collectionSeconds * 1000,
        end,
      });
      if (newest !== undefined || metadata['ignoreNullValues'] === 'false') return newest;
      return Number(metadata['minMetricValue']);
    } catch {
      return undefined;
    }
  }

  /** What the metric is said to be after so many failures; undefined: nothing is said. */
  #fallback({ object, hpa, failures }: Watched): number | undefined {
    const { fallback, triggers } = object.spec;
    if (!fallback || failures <= fallback.failureThreshold) return undefined;
    const current = this.#cluster.targetOf(hpa)?.workload.spec.replicas ?? 0;
    const higher =
      fallback.behavior === 'currentReplicasIfHigher'
        ? Math.max(current, fallback.replicas)
        : fallback.replicas;
    return higher * Number(triggers[0]!.metadata['targetMetricValue']);
  }

  #toZeroOrBack(watched: Watched, isActive: boolean): void {
    const { minReplicaCount = 0, cooldownPeriod = 300 } = watched.object.spec;
    const found = this.#cluster.targetOf(watched.hpa);
    const now = this.#cluster.timeline.now();
    if (isActive) watched.activeAt = now;
    if (!found || minReplicaCount > 0) return;
    const { type, workload } = found;
    if (isActive && workload.spec.replicas === 0) this.#cluster.scale(type, workload, 1);
    if (!isActive && now - watched.activeAt > cooldownPeriod * 1000) this.#cluster.scale(type, workload, 0);
  }
}
