import { type CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { podDimensions, podNamespace } from '../../fleet/pod-metrics.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Samples } from '../../ports/samples.ts';
import { batches } from '../aws/batches.ts';
import { attempt } from '../aws/to-port-error.ts';
import type { PodMeasurements } from './measurements.ts';
import type { KubernetesGroup } from './workloads.ts';

/** Of one `PutMetricData`. */
const dataAtOnce = 1000;

/** What `metrics.k8s.io` has is of now: the sweep reads it each minute, and CloudWatch keeps it. */
export class PodSamples implements Samples {
  readonly #groups: ReadonlyMap<string, KubernetesGroup>;
  readonly #measurements: PodMeasurements;
  readonly #cloudWatch: CloudWatchClient;
  readonly #clock: Clock;

  constructor(
    groups: ReadonlyMap<string, KubernetesGroup>,
    measurements: PodMeasurements,
    cloudWatch: CloudWatchClient,
    clock: Clock,
  ) {
    this.#groups = groups;
    this.#measurements = measurements;
    this.#cloudWatch = cloudWatch;
    this.#clock = clock;
  }

  async publish(names: readonly string[]): Promise<void> {
    const wanted = names.filter((name) => (this.#groups.get(name)?.published.length ?? 0) > 0);
    const { measured, failure } = await this.#measurements.of(wanted);
    const Timestamp = new Date(this.#clock.now());
    const data = [...measured].flatMap(([name, values]) =>
      this.#groups.get(name)!.published.flatMap((metric): MetricDatum[] => {
        const Value = values[metric];
        if (Value === undefined) return [];
        const Dimensions = Object.entries(podDimensions(name)).map(([Name, Value]) => ({ Name, Value }));
        return [{ MetricName: metric, Dimensions, Value, Timestamp }];
      }),
    );
    for (const MetricData of batches(data, dataAtOnce)) {
      await attempt(`publish ${MetricData.length} measurements of pods`, () =>
        this.#cloudWatch.send(new PutMetricDataCommand({ Namespace: podNamespace, MetricData })),
      );
    }
    if (failure) throw failure;
  }
}
