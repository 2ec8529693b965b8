import type { Instant, Reading } from '../../domain/observation.ts';
import type { PodMetric } from '../../fleet/pod-metrics.ts';
import type { AskedMetric, Metrics } from '../../ports/metrics.ts';
import type { PodMeasurements } from './measurements.ts';
import type { KubernetesGroup } from './workloads.ts';

const measures: Readonly<Record<string, PodMetric>> = { cpu: 'CPUUtilization', memory: 'MemoryUtilization' };

/**
 * How busy pods are is measured at the look itself, as an autoscaler does: what was published a minute ago would be read a minute
 * late. Longer periods and the past are what CloudWatch has kept.
 */
export class PodMetricsNow implements Metrics {
  readonly #groups: Pick<ReadonlyMap<string, KubernetesGroup>, 'has'>;
  readonly #measurements: Pick<PodMeasurements, 'of'>;
  readonly #kept: Metrics;

  /** @param kept what was published */
  constructor(
    groups: Pick<ReadonlyMap<string, KubernetesGroup>, 'has'>,
    measurements: Pick<PodMeasurements, 'of'>,
    kept: Metrics,
  ) {
    this.#groups = groups;
    this.#measurements = measurements;
    this.#kept = kept;
  }

  async latest(asked: readonly AskedMetric[], now: Instant): Promise<readonly Reading[]> {
    const live = asked.filter((one) => this.#isLive(one));
    const rest = asked.filter((one) => !live.includes(one));
    const names = [...new Set(live.map(({ group }) => group.scalingGroup))];
    const [{ measured, failure }, kept] = await Promise.all([
      this.#measurements.of(names),
      rest.length === 0 ? [] : this.#kept.latest(rest, now),
    ]);
    if (failure && measured.size === 0 && rest.length === 0) throw failure;
    return asked.map((one) => {
      if (rest.includes(one)) return kept[rest.indexOf(one)]!;
      const values = measured.get(one.group.scalingGroup);
      const value = values?.[measures[String(one.use.metric)]!];
      if (value === undefined) return { known: false, why: values ? 'missing' : 'failed' };
      return { known: true, value, at: now - one.use.periodSeconds * 1000 };
    });
  }

  history(asked: readonly AskedMetric[], from: Instant, to: Instant) {
    return this.#kept.history(asked, from, to);
  }

  #isLive({ group, use }: AskedMetric): boolean {
    const isOfPods = typeof use.metric === 'string' && use.metric in measures;
    return isOfPods && use.periodSeconds <= 60 && this.#groups.has(group.scalingGroup);
  }
}
