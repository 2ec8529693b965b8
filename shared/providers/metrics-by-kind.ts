import type { Instant, Reading } from '../domain/observation.ts';
import { awsRegionOf } from '../fleet/aws-region-of.ts';
import { isOfCloudWatch } from '../fleet/is-of-cloudwatch.ts';
import { isPrometheus } from '../fleet/prometheus.ts';
import type { AskedMetric, Metrics } from '../ports/metrics.ts';
import type { Kinds } from './by-kind.ts';

/** Opened when it is first asked for. */
export type MetricsSource = () => Promise<Metrics>;

const unread: Reading = { known: false, why: 'failed' };

/**
 * Metrics of groups of several kinds: what a provider measures itself is asked of it, and all else of CloudWatch, any metric of
 * which may be named for a group of any kind. Who cannot be reached leaves only its own unread.
 * @param cloudWatch of a region of AWS; undefined: that of the functions
 */
export function metricsByKind(
  cloudWatch: (region?: string) => Metrics,
  kinds: Kinds,
  prometheus?: MetricsSource | undefined,
): Metrics {
  const usual = cloudWatch();
  const sourceOf = async ({ group, use }: AskedMetric): Promise<Metrics> => {
    if (prometheus && isPrometheus(use.metric)) return prometheus();
    const region = awsRegionOf(group.config);
    if (region !== undefined) return cloudWatch(region);
    if (isOfCloudWatch(group.config, use.metric)) return usual;
    const { metrics } = await kinds.open(kinds.of(group.scalingGroup));
    return metrics ?? usual;
  };
  /** @throws the first failure, when every source failed */
  const fromEach = async <T>(
    asked: readonly AskedMetric[],
    instead: T,
    read: (source: Metrics, some: readonly AskedMetric[]) => Promise<readonly T[]>,
  ): Promise<T[]> => {
    const sources = await Promise.all(
      asked.map((one) => sourceOf(one).catch((error: unknown) => ({ error }))),
    );
    const found = new Map<AskedMetric, T>();
    const failures: unknown[] = [];
    const bySource = Map.groupBy(asked, (_, index) => sources[index]!);
    await Promise.all(
      [...bySource].map(async ([source, some]) => {
        try {
          if ('error' in source) throw source.error;
          for (const [index, value] of (await read(source, some)).entries()) found.set(some[index]!, value);
        } catch (error) {
          failures.push(error);
        }
      }),
    );
    if (failures.length > 0 && found.size === 0) throw failures[0];
    return asked.map((one) => (found.has(one) ? found.get(one)! : instead));
  };
  return {
    latest: (asked, now) => fromEach(asked, unread, (source, some) => source.latest(some, now)),
    history: (asked: readonly AskedMetric[], from: Instant, to: Instant) =>
      fromEach<Float64Array | null | undefined>(asked, null, (source, some) =>
        source.history(some, from, to),
      ),
  };
}
