import type { AlarmValue, Instant, ScalingGroup } from '../../shared/domain/observation.ts';
import { isInService } from '../../shared/domain/servers.ts';
import type { ScalerGroup } from '../../shared/engine/scaler.ts';
import { groupQuery, measuredBalancer } from '../../shared/fleet/group-query.ts';
import { type MetricQuery, needsLoadBalancer } from '../../shared/fleet/metric-query.ts';
import type { AlarmRule } from '../../shared/fleet/rule.ts';
import type { MemoryPorts } from '../../shared/providers/memory/ports.ts';
import { minuteMs } from '../../shared/units.ts';
import { isOwnMetric, ownQuery } from './own-metrics.ts';

/** An alarm that has just changed. */
export interface Transition {
  readonly alarm: string;
  readonly value: AlarmValue;
  readonly since: Instant;
}

/** Metrics that are late are so late. */
const lateMs = 240_000;
/** What is asked of a group while nobody has said anything else: none of its alarms is red. */
const calmLoad = 100;
const calmCpu = 50;

/** What can go wrong with what is measured of a group. */
export type Disturbance = 'silent' | 'late' | 'false' | 'unconfirmed' | 'held' | 'refused';

/** The load of the groups, what is published of it, and the alarms that look at it once a minute. */
export class Measurements {
  /** Every value that an alarm has had, oldest first. */
  readonly transitions = new Map<string, Transition[]>();
  readonly #ports: MemoryPorts;
  readonly #shown: (scalingGroup: string) => ScalingGroup;
  readonly #load = new Map<string, number>();
  readonly #until: Readonly<Record<Disturbance, Map<string, Instant>>> = {
    silent: new Map(),
    late: new Map(),
    false: new Map(),
    unconfirmed: new Map(),
    held: new Map(),
    refused: new Map(),
  };
  /** By alarm, as it was deployed: the load balancer that it watches. */
  readonly #watched = new Map<string, string>();
  /** News that is held up on its way, by group. */
  readonly #held = new Map<string, Transition[]>();
  /** Measured, and not published yet. */
  readonly #underWay: { readonly query: MetricQuery; readonly at: Instant; readonly value: number }[] = [];

  /** @param shown a scaling group as it is now */
  constructor(ports: MemoryPorts, shown: (scalingGroup: string) => ScalingGroup) {
    this.#ports = ports;
    this.#shown = shown;
  }

  get #now(): Instant {
    return this.#ports.clock.now();
  }

  setLoad(group: string, load: number): void {
    this.#load.set(group, load);
  }

  disturb(group: string, how: Disturbance, seconds: number): void {
    this.#until[how].set(group, this.#now + seconds * 1000);
  }

  /** Does nobody answer for the metrics of a group that CloudWatch has not? */
  isRefused(group: string): boolean {
    return this.#isOf(group, 'refused');
  }

  /** What a server uses when so many serve, as somebody measures it who asks the servers themselves; undefined: nobody does. */
  cpuOf(group: string, inService: number): number | undefined {
    if (this.#isOf(group, 'silent') || this.#isOf(group, 'late')) return undefined;
    return this.#isOf(group, 'false') ? 0 : this.#shared(group, inService);
  }

  /** Nothing is disturbed any more, and the load is such that no alarm is red. */
  calm(): void {
    for (const groups of Object.values(this.#until)) groups.clear();
    this.#load.clear();
  }

  /** What an alarm watches, as its description says it. */
  watchedBy(alarm: string): { readonly watches?: string } {
    const watches = this.#watched.get(alarm);
    return watches === undefined ? {} : { watches };
  }

  /** Alarms of a load balancer's counts watch the one that stands before their group when they are deployed. */
  deploy(groups: Iterable<ScalerGroup>): void {
    for (const group of groups) {
      const balancer = this.#balancerOf(group);
      for (const [rule, alarm] of group.alarms)
        if (balancer && needsLoadBalancer(group.config.alarms[rule]!.metric))
          this.#watched.set(alarm, balancer);
    }
  }

  /**
   * A minute has passed: what it measured is published, and alarms look at it.
   * @returns the news that arrive: nobody hears through a subscription that nobody has confirmed, and what was held up comes
   * all at once
   */
  measure(groups: Iterable<ScalerGroup>): Transition[] {
    const arrived: Transition[] = [];
    for (const group of groups) {
      const news = this.#held.get(group.name) ?? [];
      this.#held.delete(group.name);
      const late = this.#is(group, 'late');
      const silent = late || this.#is(group, 'silent');
      if (!silent || late) this.#publish(group);
      this.#deliver(late ? this.#now - lateMs : this.#now);
      for (const [rule, alarm] of group.alarms) {
        const unknown = silent || this.#hasLeft(group, alarm);
        const value = unknown ? 'INSUFFICIENT_DATA' : this.#judge(group, group.config.alarms[rule]!);
        const transition = this.#change(alarm, value);
        if (transition && !this.#is(group, 'unconfirmed')) news.push(transition);
      }
      if (this.#is(group, 'held')) this.#held.set(group.name, news);
      else arrived.push(...news);
    }
    return arrived;
  }

  #is({ name }: ScalerGroup, how: Disturbance): boolean {
    return this.#isOf(name, how);
  }

  #isOf(group: string, how: Disturbance): boolean {
    return this.#now < (this.#until[how].get(group) ?? 0);
  }

  #change(alarm: string, value: AlarmValue): Transition | undefined {
    const known = this.transitions.get(alarm) ?? [];
    this.transitions.set(alarm, known);
    const last = known.at(-1);
    const since = last?.value === value ? last.since : this.#now;
    this.#ports.alarms.set(alarm, value, since, this.#watched.get(alarm));
    if (last?.value === value) return undefined;
    const transition = { alarm, value, since };
    known.push(transition);
    return transition;
  }

  #balancerOf({ scalingGroup }: ScalerGroup): string | undefined {
    const { groups } = this.#ports;
    return measuredBalancer(this.#shown(scalingGroup).trafficSources, groups.loadBalancers)?.fullName;
  }

  /** Does the alarm watch a load balancer that its target group has left? Nobody counts anything there. */
  #hasLeft(group: ScalerGroup, alarm: string): boolean {
    const watched = this.#watched.get(alarm);
    return watched !== undefined && watched !== this.#balancerOf(group);
  }

  #cpu({ name, scalingGroup }: ScalerGroup): number | undefined {
    return this.#shared(name, this.#shown(scalingGroup).servers.filter(isInService).length);
  }

  #shared(group: string, inService: number): number | undefined {
    if (inService === 0) return undefined;
    const load = this.#load.get(group);
    return load === undefined ? calmCpu : Math.min(100, load / inService);
  }

  #measured(group: ScalerGroup, ofCpu: boolean): number | undefined {
    const value = ofCpu ? this.#cpu(group) : (this.#load.get(group.name) ?? calmLoad);
    return value !== undefined && this.#is(group, 'false') ? 0 : value;
  }

  #publish(group: ScalerGroup): void {
    const { trafficSources } = this.#shown(group.scalingGroup);
    const published = new Set<string>();
    for (const query of this.#queriesOf(group, trafficSources)) {
      if (published.has(query.metricName)) continue;
      published.add(query.metricName);
      const value = this.#measured(group, isOfCpu(query));
      if (value !== undefined)
        this.#underWay.push({ query, at: this.#now - 1, value: value * query.divisor });
    }
  }

  /** What is published without anybody's doing: of pods, nothing is. */
  #queriesOf(group: ScalerGroup, trafficSources: readonly string[]): MetricQuery[] {
    const { scalingGroup, config, policy } = group;
    const metrics = [...Object.values(config.alarms), ...config.targets].map(({ metric }) => metric);
    const own = metrics.flatMap((metric) =>
      isOwnMetric(config, metric) ? ownQuery(scalingGroup, { metric, periodSeconds: 60 }) : [],
    );
    const usual = policy.metrics.flatMap((use) =>
      isOwnMetric(config, use.metric) || config.kubernetes
        ? []
        : (groupQuery(group, use, trafficSources, this.#ports.groups.loadBalancers) ?? []),
    );
    return [...usual, ...own];
  }

  /** What was measured until then arrives. */
  #deliver(until: Instant): void {
    while (this.#underWay[0] && this.#underWay[0].at < until) {
      const { query, at, value } = this.#underWay.shift()!;
      this.#ports.metrics.put(query, at, value);
    }
  }

  #judge(group: ScalerGroup, { metric, comparisonOperator, threshold }: AlarmRule): AlarmValue {
    const value = group.config.kubernetes ? this.#sampled(group) : this.#measured(group, metric === 'cpu');
    if (value === undefined) return 'INSUFFICIENT_DATA';
    return (comparisonOperator.startsWith('Greater') ? value > threshold : value < threshold)
      ? 'ALARM'
      : 'OK';
  }

  /** What the sweep has measured within the last minute. */
  #sampled(group: ScalerGroup): number | undefined {
    const use = { metric: 'cpu', periodSeconds: 60 } as const;
    const query = groupQuery(group, use, [], this.#ports.groups.loadBalancers)!;
    const [value] = this.#ports.metrics.periods(query, this.#now - minuteMs, this.#now);
    return value === undefined || Number.isNaN(value) ? undefined : value;
  }
}

function isOfCpu({ metricName }: MetricQuery): boolean {
  return metricName === 'CPUUtilization' || metricName === 'cpu';
}
