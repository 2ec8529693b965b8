import type { CloudWatchClient, MetricDatum } from '@aws-sdk/client-cloudwatch';
import type { Instant, ScalingGroup, Server } from '../../domain/observation.ts';
import type { PodMetric } from '../../fleet/pod-metrics.ts';
import type { Capacity } from '../../ports/capacity.ts';
import type { Clock } from '../../ports/clock.ts';
import { PortError } from '../../ports/port-error.ts';
import type { Samples } from '../../ports/samples.ts';
import { minuteMs } from '../../units.ts';
import { podDatum, putPodData } from './put-pod-data.ts';
import type { Wanted, WantedStore } from './wanted-store.ts';

/** A group of the fleet file. */
export interface PulledGroup {
  /** What is wanted before anything was ever set. */
  readonly initial: number;
  /** The group is active: its number is published. */
  readonly isActive: boolean;
  /** How many pods count as ready is published as well. */
  readonly learns: boolean;
}

/** A pod counts as ready so long after it was wanted: KEDA looks, it is scheduled, it starts. Nobody says when it truly is. */
const assumedReadyMs = 2 * minuteMs;
/** By the second: a reader need not wait for the end of the minute. */
const highResolution = 1;

/**
 * Workloads of clusters that nobody asks. How many pods are wanted is kept beside the ledgers and published each minute, and
 * when it changes, for the trigger `aws-cloudwatch` of a KEDA in the cluster. Of the pods nothing is known: they count as ready
 * a while after they were wanted.
 * @see https://keda.sh/docs/latest/scalers/aws-cloudwatch/
 */
export class PulledWorkloads implements Capacity, Samples {
  readonly #groups: ReadonlyMap<string, PulledGroup>;
  readonly #store: WantedStore;
  readonly #cloudWatch: CloudWatchClient;
  readonly #clock: Clock;

  constructor(
    groups: ReadonlyMap<string, PulledGroup>,
    store: WantedStore,
    cloudWatch: CloudWatchClient,
    clock: Clock,
  ) {
    this.#groups = groups;
    this.#store = store;
    this.#cloudWatch = cloudWatch;
    this.#clock = clock;
  }

  async describe(names: readonly string[]): Promise<ReadonlyMap<string, ScalingGroup>> {
    const now = this.#clock.now();
    const known = names.filter((name) => this.#groups.has(name));
    const stored = await this.#store.read(known);
    return new Map(
      known.map((name) => [name, toGroup(name, stored.get(name) ?? this.#untouched(name), now)]),
    );
  }

  async setDesired(name: string, desired: number, seen: ScalingGroup): Promise<void> {
    const group = this.#groups.get(name);
    if (!group) throw new PortError('NotFound', `${name} is no workload of the fleet file`);
    const since = this.#clock.now();
    const ready = Math.min(desired, seen.servers.filter(({ lifecycle }) => lifecycle === 'ready').length);
    const wanted = { desired, since, ready, version: Number(seen.revision ?? 0) + 1 };
    if (!(await this.#store.write(name, wanted)))
      throw new PortError('Changed', `${name}: somebody has set another number meanwhile`);
    await this.#put(dataOf(name, group, wanted, since));
  }

  async publish(names: readonly string[]): Promise<void> {
    const active = names.filter((name) => this.#groups.get(name)?.isActive);
    if (active.length === 0) return;
    const stored = await this.#store.read(active);
    const now = this.#clock.now();
    const data = active.flatMap((name) =>
      dataOf(name, this.#groups.get(name)!, stored.get(name) ?? this.#untouched(name), now),
    );
    await this.#put(data);
  }

  #untouched(name: string): Wanted {
    const { initial } = this.#groups.get(name)!;
    return { desired: initial, since: 0, ready: initial, version: 0 };
  }

  #put(data: readonly MetricDatum[]): Promise<void> {
    return putPodData(
      this.#cloudWatch,
      data,
      (count) => `publish how many pods are wanted (${count} numbers)`,
    );
  }
}

function toGroup(name: string, wanted: Wanted, now: Instant): ScalingGroup {
  const { desired, version } = wanted;
  const ready = readyOf(wanted, now);
  const servers = Array.from(
    { length: desired },
    (_, index): Server => ({
      id: `pod-${index + 1}`,
      lifecycle: index < ready ? 'ready' : 'pending',
      protectedFromScaleIn: false,
      weight: 1,
    }),
  );
  const maxSize = Number.MAX_SAFE_INTEGER;
  const always = { minSize: 0, maxSize, suspended: [], trafficSources: [] };
  return { name, ...always, desired, servers, revision: `${version}` };
}

function readyOf({ desired, since, ready }: Wanted, now: Instant): number {
  return now - since >= assumedReadyMs ? desired : ready;
}

function dataOf(name: string, { learns }: PulledGroup, wanted: Wanted, now: Instant): MetricDatum[] {
  const datum = (metric: PodMetric, value: number): MetricDatum => ({
    ...podDatum(name, metric, value, new Date(now)),
    StorageResolution: highResolution,
  });
  const desired = datum('DesiredPods', wanted.desired);
  return learns ? [desired, datum('ReadyPods', readyOf(wanted, now))] : [desired];
}
