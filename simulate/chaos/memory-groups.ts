import type { Instant, LossCause, ScalingGroup } from '../../shared/domain/observation.ts';
import type { ScalerGroup } from '../../shared/engine/scaler.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import type { MemoryPorts } from '../../shared/providers/memory/ports.ts';
import { ByNumber } from './by-number.ts';
import { changedGroup, restoredGroup } from './changed-group.ts';
import type { Dice } from './dice.ts';
import type { Groups } from './groups.ts';
import type { Measurements } from './measurements.ts';
import { OwnMetrics } from './own-metrics.ts';
import type { Happening, Plan } from './plan.ts';
import { type Provider, targetGroupOf } from './random-fleet.ts';

/** So long an autoscaler of the provider's own keeps to its mind. */
const heldMs = 7 * 60_000;

interface Around {
  readonly plan: Plan;
  readonly dice: Dice;
  readonly ports: MemoryPorts;
  readonly measurements: Measurements;
  /** When desired was changed by others, by scaling group. */
  readonly outside: ReadonlyMap<string, readonly Instant[]>;
  /** Hears when somebody else than the scaler has changed what a group desires. */
  readonly someoneElse: (scalingGroup: string) => void;
}

/** Groups in memory: of EC2 Auto Scaling, of ECS, or of somebody who can do nothing but be told a number. */
export class MemoryGroups implements Groups {
  readonly #around: Around;
  readonly #plan: Plan;
  readonly #ports: MemoryPorts;
  readonly #offered: Ports;
  readonly #byNumber: ByNumber | undefined;
  readonly #refreshing = new Set<string>();
  /** Servers that were put into standby, and those that were made to fail their check, by what did it. */
  readonly #standingBy = new Map<string, string>();
  readonly #unhealthy = new Map<string, string>();
  #moves = 0;

  constructor(around: Around) {
    this.#around = around;
    this.#plan = around.plan;
    this.#ports = around.ports;
    if (this.#plan.provider === 'by-number')
      this.#byNumber = new ByNumber(
        this.#ports.groups,
        (name) => around.outside.get(name) ?? [],
        (name) => this.#heldAbove(name),
      );
    this.#offered = this.#byNumber
      ? onlyNumbers(this.#ports, this.#byNumber)
      : offeredBy(this.#plan.provider, this.#ports, around.measurements);
  }

  shown(scalingGroup: string): ScalingGroup {
    return (this.#byNumber ?? this.#ports.groups).get(scalingGroup);
  }

  offeredTo(): Ports {
    return this.#offered;
  }

  make({ scalingGroup: name, config: sizes }: ScalerGroup, desired: number): void {
    const nothing = { servers: [], suspended: [], trafficSources: [] };
    if (this.#byNumber) {
      this.#ports.groups.put({ name, desired, ...boundless, ...nothing });
      return;
    }
    const { minSize, maxSize } = this.#boundsOf(sizes);
    const targetGroup = targetGroupOf(name);
    const deploying = this.#plan.deployedAt > this.#plan.start;
    this.#ports.groups.put({
      ...{ name, desired, minSize, maxSize, ...nothing, trafficSources: [targetGroup] },
      ...(deploying && { deploying }),
    });
    this.#ports.groups.putLoadBalancer(targetGroup, this.#balancerOf(targetGroup));
  }

  settle(group: ScalerGroup): void {
    this.#found(group);
  }

  do(happening: Happening, group: ScalerGroup): void {
    const found = this.#found(group);
    const after = changedGroup(happening, found) ?? this.#after(happening, found);
    if (after) this.#put(after);
    this.#noteOutside(found);
  }

  undo(happening: Happening, group: ScalerGroup): void {
    const found = this.#found(group);
    const restored = restoredGroup(happening, found);
    if (restored) this.#put(restored);
    else if (happening.kind === 'refresh') {
      this.#refreshing.delete(found.name);
      this.#put({ ...found, failedRollout: this.#outcomeOf(happening.seconds) });
    } else if (happening.kind === 'standby') {
      this.#comeBack(found, happening.id);
      this.#noteOutside(found);
    } else if (happening.kind === 'target-unhealthy') this.#passCheck(happening.id);
  }

  renew(group: ScalerGroup): void {
    const found = this.#found(group);
    this.#refreshing.delete(found.name);
    this.#put({ ...found, desired: found.minSize, servers: [], suspended: [], failedRollout: undefined });
    this.#noteOutside(found);
  }

  deploy(groups: Iterable<ScalerGroup>): void {
    for (const group of groups) {
      const found = this.#found(group);
      const { minSize, maxSize } = this.#boundsOf(group.config);
      this.#put({ ...found, minSize, maxSize });
      this.#noteOutside(found);
    }
  }

  finishStacks(groups: Iterable<ScalerGroup>): void {
    for (const group of groups) {
      const { deploying, ...found } = this.#found(group);
      if (deploying) this.#put(found);
    }
  }

  calm(): void {
    for (const id of [...this.#unhealthy.keys()]) this.#passCheck(id);
  }

  calmGroup(group: ScalerGroup): void {
    const found = this.#found(group);
    const servers = found.servers.filter(({ lifecycle }) => lifecycle !== 'pending');
    this.#refreshing.delete(found.name);
    this.#put({ ...found, servers, suspended: [], failedRollout: undefined });
  }

  /** What a happening does besides changing a group's own sizes and servers. @returns the group, if that changes too */
  #after(happening: Happening, found: ScalingGroup): ScalingGroup | undefined {
    const { kind } = happening;
    if (kind === 'balancer-moves') this.#moveBalancer(found);
    else if (kind === 'server-lost') this.#lose(found, happening.nth, happening.cause);
    else if (kind === 'server-dies') return this.#die(found, happening);
    else if (kind === 'target-unhealthy') this.#failCheck(found, happening.id, happening.nth);
    else if (kind === 'standby') return this.#standBy(found, happening.id, happening.nth);
    else if (kind === 'second-target-group') return this.#withSecondTargetGroup(found);
    else if (kind === 'refresh') {
      this.#refreshing.add(found.name);
      return { ...found, failedRollout: undefined };
    }
    return undefined;
  }

  #withSecondTargetGroup(found: ScalingGroup): ScalingGroup {
    const second = found.trafficSources[0]!.replace(/\/1$/, '/2');
    this.#ports.groups.putUnused(second);
    return { ...found, trafficSources: [found.trafficSources[0]!, second] };
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

  #failCheck({ servers }: ScalingGroup, id: string, nth: number): void {
    const server = servers[nth % servers.length]?.id;
    if (server === undefined) return;
    this.#unhealthy.set(id, server);
    this.#ports.groups.failCheck(server);
  }

  #passCheck(id: string): void {
    const server = this.#unhealthy.get(id);
    if (server !== undefined) this.#ports.groups.failCheck(server, false);
    this.#unhealthy.delete(id);
  }

  /** @returns its id; undefined: there is none */
  #lose({ name, servers }: ScalingGroup, nth: number, cause: LossCause): string | undefined {
    const server = servers[nth % servers.length]?.id;
    if (server !== undefined) this.#ports.groups.lose(name, server, cause);
    return server;
  }

  /** It is gone at once, without being drained. @returns the group without it */
  #die(found: ScalingGroup, { nth, server }: Extract<Happening, { kind: 'server-dies' }>) {
    const named = server === undefined ? nth : found.servers.findIndex(({ id }) => id === server);
    const dead = this.#lose(found, named, 'terminated');
    if (dead === undefined) return undefined;
    const { servers, ...group } = this.#ports.groups.get(found.name);
    return { ...group, servers: servers.filter(({ id }) => id !== dead) };
  }

  #moveBalancer({ trafficSources }: ScalingGroup): void {
    this.#moves++;
    for (const arn of trafficSources) this.#ports.groups.putLoadBalancer(arn, this.#balancerOf(arn));
  }

  /** In front of a target group now. */
  #balancerOf(targetGroup: string): string {
    const balancer = targetGroup.replace('targetgroup', 'loadbalancer/app');
    return this.#moves === 0 ? balancer : balancer.replace(/\d+$/, `${this.#moves + 1}`);
  }

  /** A rollout of ECS may come to nothing; its circuit breaker may go back to what was there. */
  #outcomeOf(seconds: number): ScalingGroup['failedRollout'] {
    if (this.#plan.provider !== 'ecs' || seconds % 2 === 0) return undefined;
    return {
      id: `rollout-${this.#ports.clock.now()}`,
      says: 'tasks failed to start.',
      rolledBack: seconds % 4 === 1,
    };
  }

  #found({ scalingGroup }: ScalerGroup): ScalingGroup {
    return this.#ports.groups.get(scalingGroup);
  }

  #put(group: ScalingGroup): void {
    this.#ports.groups.put(group, this.#refreshing.has(group.name) ? 'InProgress' : null);
  }

  #noteOutside({ name, desired: before }: ScalingGroup): void {
    const { desired } = this.#ports.groups.get(name);
    if (desired !== before) this.#around.someoneElse(name);
  }

  /** Of every second such provider an autoscaler of its own holds groups above what is set, for minutes at a time. */
  #heldAbove(scalingGroup: string): number {
    const now = this.#ports.clock.now();
    if (now >= this.#plan.calmAt || !this.#around.dice.of('an autoscaler').chance(0.5)) return 0;
    const draw = this.#around.dice.of(`the autoscaler of ${scalingGroup} at ${Math.floor(now / heldMs)}`);
    return draw.chance(0.4) ? draw.between(1, 4) : 0;
  }

  /** Only groups of EC2 Auto Scaling have bounds of their own. */
  #boundsOf({ minSize, maxSize }: typeof boundless): typeof boundless {
    return this.#plan.provider === 'auto-scaling' ? { minSize, maxSize } : boundless;
  }
}

const boundless = { minSize: 0, maxSize: Number.MAX_SAFE_INTEGER };

/** A service has no servers of its own to adopt, protect or replace; some of its rules go by what a Prometheus has. */
function offeredBy(provider: Provider, ports: MemoryPorts, measurements: Measurements): Ports {
  if (provider !== 'ecs') return ports;
  const { adopt: _, protect: __, replaceUnhealthy: ___, ...offered } = ports;
  return { ...offered, metrics: new OwnMetrics(ports.metrics, (group) => measurements.isRefused(group)) };
}

function onlyNumbers(ports: MemoryPorts, groups: ByNumber): Ports {
  const { clock, alarms, metrics, ledger, activities, events, models } = ports;
  return { clock, groups, alarms, metrics, ledger, activities, events, models };
}
