import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../../ports/clock.ts';
import type { Samples } from '../../ports/samples.ts';
import type { PodMeasurements } from './measurements.ts';
import { podDatum, putPodData } from './put-pod-data.ts';
import type { KubernetesGroup } from './workloads.ts';

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
    const at = new Date(this.#clock.now());
    const data = [...measured].flatMap(([name, values]) =>
      this.#groups.get(name)!.published.flatMap((metric) => {
        const value = values[metric];
        return value === undefined ? [] : [podDatum(name, metric, value, at)];
      }),
    );
    await putPodData(this.#cloudWatch, data, (count) => `publish ${count} measurements of pods`);
    if (failure) throw failure;
  }
}
