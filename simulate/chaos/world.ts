import type { AlarmValue, Forecast, Instant, ScalingGroup } from '../../shared/domain/observation.ts';
import { isInService } from '../../shared/domain/servers.ts';
import { createScaler, type Scaler, type ScalerGroup } from '../../shared/engine/scaler.ts';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import { groupQuery } from '../../shared/fleet/group-query.ts';
import type { MetricQuery } from '../../shared/fleet/metric-query.ts';
import type { AlarmRule } from '../../shared/fleet/rule.ts';
import { type MemoryPorts, memoryPorts } from '../../shared/providers/memory/ports.ts';
import type { Launch } from '../../shared/providers/memory/scaling-groups.ts';
import type { Dice } from './dice.ts';
import type { Happening, Plan } from './plan.ts';

/** An alarm that has just changed. */
export interface Transition {
  readonly alarm: string;
  readonly value: AlarmValue;
  readonly since: Instant;
}

/** Metrics that are late are so late. */
const lateMs = 240_000;
const forecastMs = 300_000;
const foreverSeconds = 86_400;

/** The cloud as it really is, in memory: servers, load, alarms, and people who change things behind the scaler's back. */
export class World {
  readonly ports: MemoryPorts;
  /** As it is deployed now. */
  scaler: Scaler;
  /** Every value that an alarm has had, oldest first. */
  readonly transitions = new Map<string, Transition[]>();
  /** When desired was changed by others, by scaling group. */
  readonly outside = new Map<string, Instant[]>();
  readonly #plan: Plan;
  readonly #dice: Dice;
  readonly #load = new Map<string, number>();
  readonly #silentUntil = new Map<string, Instant>();
  readonly #refreshing = new Set<string>();
  readonly #gone = new Set<string>();
  readonly #madeAt = new Map<string, Instant>();
  readonly #lateUntil = new Map<string, Instant>();
  readonly #falseUntil = new Map<string, Instant>();
  /** Servers that were put into standby, and those that were made to fail their check, by what did it. */
  readonly #standingBy = new Map<string, string>();
  readonly #sick = new Map<string, string>();
  /** Measured, and not published yet. */
  readonly #underWay: { readonly query: MetricQuery; readonly at: Instant; readonly value: number }[] = [];
  #moves = 0;
  #failUntil = 0;
  #hangUntil = 0;
  #launches = 0;

  constructor(plan: Plan, dice: Dice) {
    this.#plan = plan;
    this.#dice = dice;
    this.ports = memoryPorts(plan.start, { launch: () => this.#launch(), terminationSeconds: () => 20 });
    this.scaler = this.#open(plan.fleet);
    for (const { scalingGroup, config } of this.scaler.groups.values()) {
      const { minSize, maxSize } = config;
      const targetGroup = `arn:aws:elasticloadbalancing:r:1:targetgroup/${scalingGroup}/1`;
      const sizes = { minSize, maxSize, desired: Math.max(minSize, Math.min(maxSize, plan.desired)) };
      const nothing = { servers: [], suspended: [] };
      this.ports.groups.put({ name: scalingGroup, ...sizes, ...nothing, targetGroups: [targetGroup] });
      const balancer = `arn:aws:elasticloadbalancing:r:1:loadbalancer/app/${scalingGroup}/1`;
      this.ports.groups.putLoadBalancer(targetGroup, balancer);
    }
  }

  /** Is there such a scaling group, and was it there then already? The first ones are still being made for a while. */
  isThere(scalingGroup: string, then: Instant): boolean {
    const madeAt = this.#madeAt.get(scalingGroup) ?? this.#plan.foundAt;
    return then >= madeAt && !this.#gone.has(scalingGroup);
  }

  get now(): Instant {
    return this.ports.clock.now();
  }

  scalingGroupOf(group: string): ScalingGroup {
    return this.ports.groups.get(this.scaler.groups.get(group)!.scalingGroup);
  }

  /** What the load of a group is expected to need; it changes every five minutes, and sometimes nobody can tell. */
  forecastAt(group: string, at: Instant): Forecast {
    const draw = this.#dice.of(`forecast for ${group} at ${Math.floor(at / forecastMs)}`);
    if (at >= this.#plan.calmAt) return { need: 3, keep: 3, message: 'expects 3 servers' };
    if (draw.chance(0.2)) return { need: undefined, keep: undefined, message: 'cannot tell' };
    const keep = draw.between(0, 9);
    return { need: Math.max(keep, draw.between(0, 9)), keep, message: `expects ${keep} servers` };
  }

  /** A minute has passed: what it measured is published, and alarms look at it. */
  measure(): Transition[] {
    const changed: Transition[] = [];
    for (const group of this.scaler.groups.values()) {
      const late = this.now < (this.#lateUntil.get(group.name) ?? 0);
      const silent = late || this.now < (this.#silentUntil.get(group.name) ?? 0);
      if (!silent || late) this.#publish(group);
      this.#deliver(late ? this.now - lateMs : this.now);
      for (const [rule, alarm] of group.alarms) {
        const value = silent ? 'INSUFFICIENT_DATA' : this.#judge(group, group.config.alarms[rule]!);
        const known = this.transitions.get(alarm) ?? [];
        this.transitions.set(alarm, known);
        if (known.at(-1)?.value === value) continue;
        const transition = { alarm, value, since: this.now };
        known.push(transition);
        this.ports.alarms.set(alarm, value, this.now);
        changed.push(transition);
      }
    }
    return changed;
  }

  /** Whatever people and clouds do; what only the scaler can be asked for is no concern of it. */
  do(happening: Happening): void {
    const { group } = happening;
    const before = this.scalingGroupOf(group).desired;
    const after = this.#after(happening);
    if (after) this.#put(after);
    this.#noteOutside(group, before);
  }

  /** Nobody interferes any more: what was broken is mended, and the load is such that no alarm is red. */
  calm(): void {
    this.#failUntil = 0;
    this.#hangUntil = 0;
    this.#silentUntil.clear();
    this.#lateUntil.clear();
    this.#falseUntil.clear();
    for (const id of [...this.#sick.keys()]) this.#passCheck(id);
    for (const { name } of this.scaler.groups.values()) {
      const found = this.scalingGroupOf(name);
      const servers = found.servers.filter(({ lifecycle }) => lifecycle !== 'pending');
      this.#refreshing.delete(found.name);
      this.#put({ ...found, servers, suspended: [] });
      this.#replace(name);
      this.#load.delete(name);
    }
  }

  /** Takes back what a happening did for a while. */
  undo(happening: Happening): void {
    const found = this.scalingGroupOf(happening.group);
    if (happening.kind === 'suspend') {
      const suspended = found.suspended.filter((one) => one !== happening.process);
      this.#put({ ...found, suspended });
    } else if (happening.kind === 'refresh') {
      this.#refreshing.delete(found.name);
      this.#put(found);
    } else if (happening.kind === 'protect') {
      this.#put({ ...found, servers: changed(found.servers, { protectedFromScaleIn: false }) });
    } else if (happening.kind === 'standby') {
      this.#comeBack(found, happening.id);
      this.#noteOutside(happening.group, found.desired);
    } else if (happening.kind === 'target-sick') this.#passCheck(happening.id);
    else if (happening.kind === 'replace') this.#replace(happening.group);
  }

  /** The group as a happening leaves it; undefined: it is not the group that changes. */
  #after(happening: Happening): ScalingGroup | undefined {
    const { group } = happening;
    const found = this.scalingGroupOf(group);
    const { servers } = found;
    switch (happening.kind) {
      case 'load':
        this.#load.set(group, happening.load);
        return undefined;
      case 'metrics-silent':
        this.#silentUntil.set(group, this.now + happening.seconds * 1000);
        return undefined;
      case 'set-desired':
        return { ...found, desired: happening.servers };
      case 'set-bounds':
        return { ...found, minSize: happening.minSize, maxSize: happening.maxSize };
      case 'suspend':
        return { ...found, suspended: [happening.process] };
      case 'refresh':
        this.#refreshing.add(found.name);
        return found;
      case 'protect':
        return {
          ...found,
          servers: changedAt(servers, happening.nth, { protectedFromScaleIn: true }),
        };
      case 'server-sick':
        return {
          ...found,
          servers: changedAt(servers, happening.nth, { lifecycle: 'unhealthy' }),
        };
      case 'server-dies':
        return { ...found, servers: servers.toSpliced(happening.nth % (servers.length || 1), 1) };
      case 'detach':
        if (found.desired <= found.minSize || servers.length === 0) return undefined;
        return {
          ...found,
          desired: found.desired - 1,
          servers: servers.toSpliced(happening.nth % servers.length, 1),
        };
      case 'replace':
        this.#gone.add(found.name);
        return undefined;
      case 'lose-ledger':
        this.ports.ledger.lose(group);
        return undefined;
      case 'launches-fail':
        this.#failUntil = this.now + happening.seconds * 1000;
        return undefined;
      case 'launches-hang':
        this.#hangUntil = this.now + happening.seconds * 1000;
        return undefined;
      case 'standby':
        return this.#standBy(found, happening.id, happening.nth);
      case 'target-sick':
        if (servers.length > 0) this.#failCheck(happening.id, servers[happening.nth % servers.length]!.id);
        return undefined;
      case 'second-target-group': {
        const second = found.targetGroups[0]!.replace(/\/1$/, '/2');
        this.ports.groups.putUnused(second);
        return { ...found, targetGroups: [found.targetGroups[0]!, second] };
      }
      case 'metrics-late':
        this.#lateUntil.set(group, this.now + happening.seconds * 1000);
        return undefined;
      case 'metrics-false':
        this.#falseUntil.set(group, this.now + happening.seconds * 1000);
        return undefined;
      case 'balancer-moves':
        this.#moves++;
        for (const arn of found.targetGroups) this.ports.groups.putLoadBalancer(arn, this.#balancerOf(arn));
        return undefined;
      case 'deploy':
        this.#deploy(happening.fleet === 'later' ? this.#plan.laterFleet : this.#plan.fleet);
        return undefined;
    }
  }

  #standBy(found: ScalingGroup, id: string, nth: number): ScalingGroup | undefined {
    const serving = found.servers.filter(({ lifecycle }) => lifecycle === 'ready');
    if (serving.length === 0 || found.desired <= found.minSize) return undefined;
    const { id: server } = serving[nth % serving.length]!;
    this.#standingBy.set(id, server);
    const servers = found.servers.map((one) =>
      one.id === server ? { ...one, lifecycle: 'standby' as const } : one,
    );
    return { ...found, desired: found.desired - 1, servers };
  }

  /** It is put back, and desired rises by it, unless it or the room for it is gone. */
  #comeBack(found: ScalingGroup, id: string): void {
    const server = this.#standingBy.get(id);
    this.#standingBy.delete(id);
    const isThere = found.servers.some((one) => one.id === server && one.lifecycle === 'standby');
    if (!isThere || found.desired >= found.maxSize) return;
    const servers = found.servers.map((one) =>
      one.id === server ? { ...one, lifecycle: 'ready' as const } : one,
    );
    this.#put({ ...found, desired: found.desired + 1, servers });
  }

  #failCheck(id: string, server: string): void {
    this.#sick.set(id, server);
    this.ports.groups.failCheck(server);
  }

  #passCheck(id: string): void {
    const server = this.#sick.get(id);
    if (server !== undefined) this.ports.groups.failCheck(server, false);
    this.#sick.delete(id);
  }

  /** In front of a target group now. */
  #balancerOf(targetGroup: string): string {
    const balancer = targetGroup.replace('targetgroup', 'loadbalancer/app');
    return this.#moves === 0 ? balancer : balancer.replace(/\d+$/, `${this.#moves + 1}`);
  }

  #open(fleet: Fleet): Scaler {
    return createScaler(fleet, this.ports, undefined, async (_house, groups, _scalingGroups, now) => {
      return new Map(groups.map(({ name }) => [name, this.forecastAt(name, now)]));
    });
  }

  #put(group: ScalingGroup): void {
    this.ports.groups.put(group, this.#refreshing.has(group.name) ? 'InProgress' : null);
  }

  /** What comes is as a stack makes it: of the least size, and without a server. */
  #replace(group: string): void {
    const found = this.scalingGroupOf(group);
    if (!this.#gone.delete(found.name)) return;
    this.#madeAt.set(found.name, this.now);
    this.#refreshing.delete(found.name);
    this.#put({ ...found, desired: found.minSize, servers: [], suspended: [] });
    this.#noteOutside(group, found.desired);
  }

  #noteOutside(group: string, before: number): void {
    const { name, desired } = this.scalingGroupOf(group);
    if (desired !== before) this.outside.set(name, [...(this.outside.get(name) ?? []), this.now]);
  }

  #deploy(fleet: Fleet): void {
    this.scaler = this.#open(fleet);
    for (const { name, config } of this.scaler.groups.values()) {
      const found = this.scalingGroupOf(name);
      this.#put({ ...found, minSize: config.minSize, maxSize: config.maxSize });
      this.#noteOutside(name, found.desired);
    }
  }

  #launch(): Launch {
    const draw = this.#dice.of(`launch ${this.#launches++}`);
    if (this.now < this.#failUntil)
      return {
        fails: draw.of(['capacity', 'quota', 'image', 'other']),
        message: `attempt ${this.#launches}`,
      };
    if (this.now < this.#hangUntil)
      return { inServiceAfterSeconds: foreverSeconds, healthyAfterSeconds: foreverSeconds };
    const boots = draw.between(5, 90);
    return { inServiceAfterSeconds: boots, healthyAfterSeconds: boots + draw.between(0, 40) };
  }

  #cpu(group: ScalerGroup): number | undefined {
    const { servers } = this.ports.groups.get(group.scalingGroup);
    const inService = servers.filter(isInService).length;
    if (inService === 0) return undefined;
    const load = this.#load.get(group.name);
    return load === undefined ? 50 : Math.min(100, load / inService);
  }

  #publish(group: ScalerGroup): void {
    const { targetGroups } = this.ports.groups.get(group.scalingGroup);
    const published = new Set<string>();
    for (const use of group.policy.metrics) {
      const query = groupQuery(group, use, targetGroups, this.ports.groups.loadBalancers);
      if (!query) continue;
      if (published.has(query.metricName)) continue;
      published.add(query.metricName);
      const value =
        query.metricName === 'CPUUtilization' ? this.#cpu(group) : (this.#load.get(group.name) ?? 100);
      if (value !== undefined)
        this.#underWay.push({ query, at: this.now - 1, value: this.#told(group, value) * query.divisor });
    }
  }

  /** What was measured until then arrives. */
  #deliver(until: Instant): void {
    while (this.#underWay[0] && this.#underWay[0].at < until) {
      const { query, at, value } = this.#underWay.shift()!;
      this.ports.metrics.put(query, at, value);
    }
  }

  #told(group: ScalerGroup, value: number): number {
    return this.now < (this.#falseUntil.get(group.name) ?? 0) ? 0 : value;
  }

  #judge(group: ScalerGroup, { metric, comparisonOperator, threshold }: AlarmRule): AlarmValue {
    const value = metric === 'cpu' ? this.#cpu(group) : (this.#load.get(group.name) ?? 100);
    if (value === undefined) return 'INSUFFICIENT_DATA';
    const told = this.#told(group, value);
    return (comparisonOperator.startsWith('Greater') ? told > threshold : told < threshold) ? 'ALARM' : 'OK';
  }
}

function changed<T extends object>(list: readonly T[], change: Partial<T>): T[] {
  return list.map((one) => ({ ...one, ...change }));
}

function changedAt<T extends object>(list: readonly T[], nth: number, change: Partial<T>): T[] {
  return list.map((one, index) => (index === nth % list.length ? { ...one, ...change } : one));
}
