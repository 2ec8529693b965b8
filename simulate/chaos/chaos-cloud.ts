import type { Ledger } from '../../shared/domain/ledger.ts';
import type { Forecast, Instant, LossCause, ScalingGroup } from '../../shared/domain/observation.ts';
import { createScaler, type Scaler, type ScalerGroup } from '../../shared/engine/scaler.ts';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import { type MemoryPorts, memoryPorts } from '../../shared/providers/memory/ports.ts';
import { ByNumber } from './by-number.ts';
import { changedGroup, restoredGroup } from './changed-group.ts';
import type { Dice } from './dice.ts';
import type { Elsewhere } from './elsewhere/elsewhere.ts';
import { isElsewhere } from './elsewhere/fleet-elsewhere.ts';
import { openElsewhere } from './elsewhere/open-elsewhere.ts';
import { Launches } from './launches.ts';
import { type Disturbance, Measurements, type Transition } from './measurements.ts';
import { OwnMetrics } from './own-metrics.ts';
import type { Happening, Plan } from './plan.ts';
import { type Provider, targetGroupOf } from './random-fleet.ts';

const forecastMs = 300_000;
/** So long an autoscaler of the provider's own keeps to its mind. */
const heldMs = 7 * 60_000;

/** The cloud as it really is, in memory: servers, load, alarms, and people who change things behind the scaler's back. */
export class ChaosCloud {
  readonly ports: MemoryPorts;
  /** As it is deployed now. */
  scaler: Scaler;
  readonly measurements: Measurements;
  /** When desired was changed by others, by scaling group. */
  readonly outside = new Map<string, Instant[]>();
  readonly #plan: Plan;
  readonly #dice: Dice;
  readonly #launches: Launches;
  readonly #byNumber: ByNumber | undefined;
  readonly elsewhere: Elsewhere | undefined;
  /** The desired capacity of groups elsewhere as it was seen, or set by the scaler, last. */
  readonly #desired = new Map<string, number>();
  readonly #refreshing = new Set<string>();
  readonly #gone = new Set<string>();
  readonly #madeAt = new Map<string, Instant>();
  /** Servers that were put into standby, and those that were made to fail their check, by what did it. */
  readonly #standingBy = new Map<string, string>();
  readonly #unhealthy = new Map<string, string>();
  #moves = 0;

  /** @param wait for so many milliseconds of the simulated time */
  constructor(plan: Plan, dice: Dice, wait: (ms: number) => Promise<void>) {
    this.#plan = plan;
    this.#dice = dice;
    this.#launches = new Launches(dice);
    this.ports = memoryPorts(plan.start, {
      launch: (_group, now) => this.#launches.launch(now),
      terminationSeconds: () => 20,
    });
    this.measurements = new Measurements(this.ports, (scalingGroup) => this.shown(scalingGroup));
    if (isElsewhere(plan.provider))
      this.elsewhere = openElsewhere(plan.provider, {
        now: () => this.now,
        wait,
        dice,
        launches: this.#launches,
        cpuOf: (group, inService) => this.measurements.cpuOf(group, inService),
        metrics: this.ports.metrics,
      });
    if (plan.provider === 'by-number')
      this.#byNumber = new ByNumber(
        this.ports.groups,
        (name) => this.outside.get(name) ?? [],
        (name) => this.#heldAbove(name),
      );
    this.scaler = this.#create(plan.fleet);
    for (const group of this.scaler.groups.values()) {
      const { minSize, maxSize } = group.config;
      this.#make(group, Math.max(minSize, Math.min(maxSize, plan.desired)));
    }
    this.measurements.deploy(this.scaler.groups.values());
  }

  /** Is there such a scaling group, and was it there then already? The first ones are still being made for a while. */
  isThere(scalingGroup: string, then: Instant): boolean {
    const madeAt = this.#madeAt.get(scalingGroup) ?? this.#plan.foundAt;
    return then >= madeAt && !this.#gone.has(scalingGroup);
  }

  get now(): Instant {
    return this.ports.clock.now();
  }

  /** A scaling group as its provider shows it. */
  shown(scalingGroup: string): ScalingGroup {
    if (!this.elsewhere) return (this.#byNumber ?? this.ports.groups).get(scalingGroup);
    const group = this.elsewhere.shown(scalingGroup);
    const { desired } = group;
    const known = this.#desired.get(scalingGroup) ?? desired;
    this.#desired.set(scalingGroup, desired);
    if (known !== desired) this.#someoneElse(scalingGroup);
    return group;
  }

  /** What the scaler does there is done by nobody else: what a group has become of it is taken as it is. */
  async byScaler<T>(scalingGroup: string, act: () => Promise<T>): Promise<T> {
    if (!this.elsewhere) return act();
    this.shown(scalingGroup);
    const begun = this.now;
    try {
      return await act();
    } finally {
      // A call that hung was not carried out: what has changed meanwhile, others have.
      if (this.now === begun) this.#desired.set(scalingGroup, this.elsewhere.shown(scalingGroup).desired);
      else this.shown(scalingGroup);
    }
  }

  /** A ledger was written: what it intends will be carried out next. */
  committed(name: string, { open }: Ledger): void {
    const isIntended = open.some(
      ({ phase, endedAt, from, to }) => phase === 'intended' && !endedAt && from !== to,
    );
    if (isIntended) this.elsewhere?.aboutToSet?.(this.scaler.groups.get(name)!);
  }

  /** What the provider of this run can do. @param process whose memory it is */
  offeredTo(process: string, fleet: Fleet): Ports {
    if (this.#byNumber) return onlyNumbers(this.ports, this.#byNumber);
    if (!this.elsewhere) return offeredBy(this.#plan.provider, this.ports);
    const { clock, alarms, ledger, activities, events, models } = this.ports;
    const metrics = new OwnMetrics(this.ports.metrics, (group) => this.measurements.isRefused(group));
    const offered = this.elsewhere.offeredTo(process, fleet);
    return { clock, alarms, metrics, ledger, activities, events, models, ...offered };
  }

  /** Of every second such provider an autoscaler of its own holds groups above what is set, for minutes at a time. */
  #heldAbove(scalingGroup: string): number {
    if (this.now >= this.#plan.calmAt || !this.#dice.of('an autoscaler').chance(0.5)) return 0;
    const draw = this.#dice.of(`the autoscaler of ${scalingGroup} at ${Math.floor(this.now / heldMs)}`);
    return draw.chance(0.4) ? draw.between(1, 4) : 0;
  }

  /** What the load of a group is expected to need; it changes every five minutes, and sometimes nobody can tell. */
  forecastAt(group: string, at: Instant): Forecast {
    const draw = this.#dice.of(`forecast for ${group} at ${Math.floor(at / forecastMs)}`);
    if (at >= this.#plan.calmAt) return { need: 3, keep: 3, why: { key: 'noForecast' } };
    if (draw.chance(0.2)) return { need: undefined, keep: undefined, why: { key: 'loadUnknown' } };
    const keep = draw.between(0, 9);
    return { need: Math.max(keep, draw.between(0, 9)), keep, why: { key: 'noForecast' } };
  }

  /** A minute has passed. @returns the alarms' news that arrive */
  measure(): Transition[] {
    if (this.now >= this.#plan.deployedAt) this.#finishStacks();
    return this.measurements.measure(this.scaler.groups.values());
  }

  /** Whatever people and clouds do; what only the scaler can be asked for is no concern of it. */
  do(happening: Happening): void {
    const { group } = happening;
    if (this.elsewhere) {
      this.#doElsewhere(this.elsewhere, happening);
      return;
    }
    const found = this.#found(group);
    const { desired: before } = found;
    const after = changedGroup(happening, found) ?? this.#after(happening, found);
    if (after) this.#put(after);
    this.#noteOutside(group, before);
  }

  /** Nobody interferes any more: what was broken is mended, and the load is such that no alarm is red. */
  calm(): void {
    this.#launches.calm();
    this.measurements.calm();
    this.elsewhere?.calm();
    this.#finishStacks();
    for (const id of [...this.#unhealthy.keys()]) this.#passCheck(id);
    for (const { name } of this.scaler.groups.values()) {
      if (this.elsewhere) {
        this.#replace(name);
        continue;
      }
      const found = this.#found(name);
      const servers = found.servers.filter(({ lifecycle }) => lifecycle !== 'pending');
      this.#refreshing.delete(found.name);
      this.#put({ ...found, servers, suspended: [], failedRollout: undefined });
      this.#replace(name);
    }
    this.measurements.deploy(this.scaler.groups.values());
  }

  /** Takes back what a happening did for a while. */
  undo(happening: Happening): void {
    if (this.elsewhere) {
      if (happening.kind === 'replace') this.#replace(happening.group);
      else this.elsewhere.undo(happening, this.scaler.groups.get(happening.group)!);
      return;
    }
    const found = this.#found(happening.group);
    const restored = restoredGroup(happening, found);
    if (restored) this.#put(restored);
    else if (happening.kind === 'refresh') {
      this.#refreshing.delete(found.name);
      this.#put({ ...found, failedRollout: this.#outcomeOf(happening.seconds) });
    } else if (happening.kind === 'standby') {
      this.#comeBack(found, happening.id);
      this.#noteOutside(happening.group, found.desired);
    } else if (happening.kind === 'target-unhealthy') this.#passCheck(happening.id);
    else if (happening.kind === 'replace') this.#replace(happening.group);
  }

  /** What a happening does besides changing a group's own sizes and servers. @returns the group, if that changes too */
  #after(happening: Happening, found: ScalingGroup): ScalingGroup | undefined {
    const { kind } = happening;
    this.#everywhere(happening, found.name);
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

  /** What happens alike at every provider: to loads, metrics, launches and ledgers. */
  #everywhere(happening: Happening, scalingGroup: string): void {
    const { group, kind } = happening;
    const disturbance = disturbances[kind];
    if (kind === 'load') this.measurements.setLoad(group, happening.load);
    else if (disturbance && 'seconds' in happening)
      this.measurements.disturb(group, disturbance, happening.seconds);
    else if (kind === 'launches-fail') this.#launches.failUntil(this.now + happening.seconds * 1000);
    else if (kind === 'launches-hang') this.#launches.hangUntil(this.now + happening.seconds * 1000);
    else if (kind === 'replace') this.#gone.add(scalingGroup);
    else if (kind === 'lose-ledger') this.ports.ledger.lose(group);
    else if (kind === 'deploy')
      this.#deploy(happening.fleet === 'later' ? this.#plan.laterFleet : this.#plan.fleet);
  }

  #doElsewhere(elsewhere: Elsewhere, happening: Happening): void {
    const group = this.scaler.groups.get(happening.group)!;
    for (const { scalingGroup } of this.scaler.groups.values()) this.shown(scalingGroup);
    this.#everywhere(happening, group.scalingGroup);
    elsewhere.do(happening, group);
  }

  /** A rollout of ECS may come to nothing; its circuit breaker may go back to what was there. */
  #outcomeOf(seconds: number): ScalingGroup['failedRollout'] {
    if (this.#plan.provider !== 'ecs' || seconds % 2 === 0) return undefined;
    return { id: `rollout-${this.now}`, says: 'tasks failed to start.', rolledBack: seconds % 4 === 1 };
  }

  #found(group: string): ScalingGroup {
    return this.ports.groups.get(this.scaler.groups.get(group)!.scalingGroup);
  }

  #make(group: ScalerGroup, desired: number): void {
    const { scalingGroup: name, config: sizes } = group;
    if (this.elsewhere) {
      this.elsewhere.make(group, desired);
      return;
    }
    const nothing = { servers: [], suspended: [], trafficSources: [] };
    if (this.#byNumber) {
      this.ports.groups.put({ name, desired, ...boundless, ...nothing });
      return;
    }
    const { minSize, maxSize } = this.#boundsOf(sizes);
    const targetGroup = targetGroupOf(name);
    const deploying = this.#plan.deployedAt > this.#plan.start;
    this.ports.groups.put({
      ...{ name, desired, minSize, maxSize, ...nothing, trafficSources: [targetGroup] },
      ...(deploying && { deploying }),
    });
    this.ports.groups.putLoadBalancer(targetGroup, this.#balancerOf(targetGroup));
  }

  /** From now on the stacks of all groups can let adopted servers go. */
  #finishStacks(): void {
    if (this.elsewhere) return;
    for (const { name } of this.scaler.groups.values()) {
      const { deploying, ...found } = this.#found(name);
      if (deploying) this.#put(found);
    }
  }

  #withSecondTargetGroup(found: ScalingGroup): ScalingGroup {
    const second = found.trafficSources[0]!.replace(/\/1$/, '/2');
    this.ports.groups.putUnused(second);
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
    this.ports.groups.failCheck(server);
  }

  #passCheck(id: string): void {
    const server = this.#unhealthy.get(id);
    if (server !== undefined) this.ports.groups.failCheck(server, false);
    this.#unhealthy.delete(id);
  }

  /** @returns its id; undefined: there is none */
  #lose({ name, servers }: ScalingGroup, nth: number, cause: LossCause): string | undefined {
    const server = servers[nth % servers.length]?.id;
    if (server !== undefined) this.ports.groups.lose(name, server, cause);
    return server;
  }

  /** It is gone at once, without being drained. @returns the group without it */
  #die(found: ScalingGroup, { nth, server }: Extract<Happening, { kind: 'server-dies' }>) {
    const named = server === undefined ? nth : found.servers.findIndex(({ id }) => id === server);
    const dead = this.#lose(found, named, 'terminated');
    if (dead === undefined) return undefined;
    const { servers, ...group } = this.ports.groups.get(found.name);
    return { ...group, servers: servers.filter(({ id }) => id !== dead) };
  }

  #moveBalancer({ trafficSources }: ScalingGroup): void {
    this.#moves++;
    for (const arn of trafficSources) this.ports.groups.putLoadBalancer(arn, this.#balancerOf(arn));
  }

  /** In front of a target group now. */
  #balancerOf(targetGroup: string): string {
    const balancer = targetGroup.replace('targetgroup', 'loadbalancer/app');
    return this.#moves === 0 ? balancer : balancer.replace(/\d+$/, `${this.#moves + 1}`);
  }

  #create(fleet: Fleet): Scaler {
    return createScaler(
      fleet,
      this.offeredTo('onlooker', fleet),
      undefined,
      async (_scaler, groups, _scalingGroups, now) => {
        return new Map(groups.map(({ name }) => [name, this.forecastAt(name, now)]));
      },
    );
  }

  #put(group: ScalingGroup): void {
    this.ports.groups.put(group, this.#refreshing.has(group.name) ? 'InProgress' : null);
  }

  /** What comes is as a stack makes it: of the least size, and without a server. */
  #replace(group: string): void {
    const here = this.scaler.groups.get(group)!;
    if (this.elsewhere && this.#gone.delete(here.scalingGroup)) {
      this.#madeAt.set(here.scalingGroup, this.now);
      this.elsewhere.renew(here);
      this.shown(here.scalingGroup);
    }
    if (this.elsewhere) return;
    const found = this.#found(group);
    if (!this.#gone.delete(found.name)) return;
    this.#madeAt.set(found.name, this.now);
    this.#refreshing.delete(found.name);
    this.#put({ ...found, desired: found.minSize, servers: [], suspended: [], failedRollout: undefined });
    this.#noteOutside(group, found.desired);
  }

  #noteOutside(group: string, before: number): void {
    const { name, desired } = this.#found(group);
    if (desired !== before) this.#someoneElse(name);
  }

  #someoneElse(scalingGroup: string): void {
    this.outside.set(scalingGroup, [...(this.outside.get(scalingGroup) ?? []), this.now]);
  }

  /** Only groups of EC2 Auto Scaling have bounds of their own. */
  #boundsOf({ minSize, maxSize }: typeof boundless): typeof boundless {
    return this.#plan.provider === 'auto-scaling' ? { minSize, maxSize } : boundless;
  }

  #deploy(fleet: Fleet): void {
    this.scaler = this.#create(fleet);
    for (const { name, config } of this.scaler.groups.values()) {
      if (this.elsewhere) continue;
      const found = this.#found(name);
      const { minSize, maxSize } = this.#boundsOf(config);
      this.#put({ ...found, minSize, maxSize });
      this.#noteOutside(name, found.desired);
    }
    this.measurements.deploy(this.scaler.groups.values());
  }
}

const disturbances: Readonly<Partial<Record<Happening['kind'], Disturbance>>> = {
  'metrics-silent': 'silent',
  'metrics-late': 'late',
  'metrics-false': 'false',
  'metrics-refused': 'refused',
  'subscription-unconfirmed': 'unconfirmed',
  'news-held': 'held',
};

const boundless = { minSize: 0, maxSize: Number.MAX_SAFE_INTEGER };

function offeredBy(provider: Provider, ports: MemoryPorts): Ports {
  if (provider !== 'ecs') return ports;
  const { adopt: _, protect: __, replaceUnhealthy: ___, ...offered } = ports;
  return offered;
}

function onlyNumbers(ports: MemoryPorts, groups: ByNumber): Ports {
  const { clock, alarms, metrics, ledger, activities, events, models } = ports;
  return { clock, groups, alarms, metrics, ledger, activities, events, models };
}
