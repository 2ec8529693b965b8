import type { Instant, Reading } from '../../domain/observation.ts';
import { groupQuery, historyQuery } from '../../fleet/group-query.ts';
import { type MetricQuery, needsLoadBalancer } from '../../fleet/metric-query.ts';
import type { AskedMetric, Metrics } from '../../ports/metrics.ts';
import type { CloudWatchReader } from './cloudwatch-reader.ts';
import type { LoadBalancerLookup } from './load-balancers.ts';

const unknown: Reading = { known: false, why: 'failed' };

/** Metrics of groups of EC2 Auto Scaling: CloudWatch has them, by the names of groups and of their load balancers. */
export class AwsMetrics implements Metrics {
  readonly #reader: CloudWatchReader;
  readonly #loadBalancers: LoadBalancerLookup;

  constructor(reader: CloudWatchReader, loadBalancers: LoadBalancerLookup) {
    this.#reader = reader;
    this.#loadBalancers = loadBalancers;
  }

  async latest(asked: readonly AskedMetric[], now: Instant): Promise<readonly Reading[]> {
    const failures: unknown[] = [];
    const queries = await this.#queriesOf(asked, failures);
    const known = queries.filter((query) => query !== undefined);
    if (known.length === 0 && failures.length > 0) throw failures[0];
    const readings = await this.#reader.latest(known, now);
    return queries.map((query) => (query && readings.get(query.id)) ?? unknown);
  }

  async history(
    asked: readonly AskedMetric[],
    from: Instant,
    to: Instant,
  ): Promise<readonly (Float64Array | null | undefined)[]> {
    const failures: unknown[] = [];
    const queries = await this.#queriesOf(asked, failures);
    const known = queries.filter((query) => query !== undefined);
    if (failures.length > 0) throw failures[0];
    const series = await this.#reader.history(known.map(historyQuery), from, to);
    return queries.map((query) => query && series[known.indexOf(query)]);
  }

  /** One call for the load balancers of all groups, and none where nothing that they measure is asked for. */
  async #queriesOf(asked: readonly AskedMetric[], failures: unknown[]): Promise<(MetricQuery | undefined)[]> {
    const behind = asked
      .filter(({ use }) => needsLoadBalancer(use.metric))
      .flatMap(({ seen }) => seen?.trafficSources ?? []);
    const loadBalancers = await this.#loadBalancers.of([...new Set(behind)]).catch((error: unknown) => {
      failures.push(error);
      return new Map<string, string>();
    });
    return asked.map(({ group, seen, use }, index) => {
      const query = groupQuery(group, use, seen?.trafficSources ?? [], loadBalancers);
      return query && { ...query, id: `${index}` };
    });
  }
}
