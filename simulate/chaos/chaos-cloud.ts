import type { Ledger } from '../../shared/domain/ledger.ts';
import type { Forecast, Instant, ScalingGroup } from '../../shared/domain/observation.ts';
import { createScaler, type Scaler, type ScalerGroup } from '../../shared/engine/scaler.ts';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import { type MemoryPorts, memoryPorts } from '../../shared/providers/memory/ports.ts';
import type { Dice } from './dice.ts';
import { isElsewhere } from './elsewhere/fleet-elsewhere.ts';
import { openElsewhere } from './elsewhere/open-elsewhere.ts';
import { WatchedGroups } from './elsewhere/watched-groups.ts';
import type { Groups } from './groups.ts';
import { Launches } from './launches.ts';
import { type Disturbance, Measurements, type Transition } from './measurements.ts';
import { MemoryGroups } from './memory-groups.ts';
import type { Happening, Plan } from './plan.ts';

const forecastMs = 300_000;

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
  readonly #groups: Groups;
  /** The same groups, of a provider that is none of AWS. */
  readonly elsewhere: WatchedGroups | undefined;
  readonly #gone = new Set<string>();
  readonly #madeAt = new Map<string, Instant>();

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
    this.elsewhere = this.#openElsewhere(wait);
    this.#groups =
      this.elsewhere ??
      new MemoryGroups({
        ...{ plan, dice, ports: this.ports, measurements: this.measurements, outside: this.outside },
        someoneElse: (scalingGroup) => this.#someoneElse(scalingGroup),
      });
    this.scaler = this.#create(plan.fleet);
    for (const group of this.scaler.groups.values()) {
      const { minSize, maxSize } = group.config;
      this.#groups.make(group, Math.max(minSize, Math.min(maxSize, plan.desired)));
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
    return this.#groups.shown(scalingGroup);
  }

  /** A ledger was written: what it intends will be carried out next. */
  committed(name: string, { open }: Ledger): void {
    const isIntended = open.some(
      ({ phase, endedAt, from, to }) => phase === 'intended' && !endedAt && from !== to,
    );
    if (isIntended) this.elsewhere?.aboutToSet(this.scaler.groups.get(name)!);
  }

  /** What the provider of this run can do. @param process whose memory it is */
  offeredTo(process: string, fleet: Fleet): Ports {
    return this.#groups.offeredTo(process, fleet);
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
    if (this.now >= this.#plan.deployedAt) this.#groups.finishStacks?.(this.scaler.groups.values());
    return this.measurements.measure(this.scaler.groups.values());
  }

  /** Whatever people and clouds do; what only the scaler can be asked for is no concern of it. */
  do(happening: Happening): void {
    const group = this.scaler.groups.get(happening.group)!;
    this.#groups.settle(group, this.scaler.groups.values());
    this.#everywhere(happening, group.scalingGroup);
    this.#groups.do(happening, group);
  }

  /** Nobody interferes any more: what was broken is mended, and the load is such that no alarm is red. */
  calm(): void {
    this.#launches.calm();
    this.measurements.calm();
    this.#groups.finishStacks?.(this.scaler.groups.values());
    this.#groups.calm();
    for (const group of this.scaler.groups.values()) {
      this.#groups.calmGroup?.(group);
      this.#replace(group);
    }
    this.measurements.deploy(this.scaler.groups.values());
  }

  /** Takes back what a happening did for a while. */
  undo(happening: Happening): void {
    const group = this.scaler.groups.get(happening.group)!;
    this.#groups.undo(happening, group);
    if (happening.kind === 'replace') this.#replace(group);
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

  /** Another group is there now in the place of the one that is gone. */
  #replace(group: ScalerGroup): void {
    if (!this.#gone.delete(group.scalingGroup)) return;
    this.#madeAt.set(group.scalingGroup, this.now);
    this.#groups.renew(group);
  }

  #openElsewhere(wait: (ms: number) => Promise<void>): WatchedGroups | undefined {
    const { provider } = this.#plan;
    if (!isElsewhere(provider)) return undefined;
    const { ports, measurements } = this;
    const elsewhere = openElsewhere(provider, {
      now: () => this.now,
      wait,
      dice: this.#dice,
      launches: this.#launches,
      cpuOf: (group, inService) => measurements.cpuOf(group, inService),
      metrics: ports.metrics,
    });
    return new WatchedGroups(elsewhere, {
      ports,
      measurements,
      someoneElse: (scalingGroup) => this.#someoneElse(scalingGroup),
    });
  }

  #someoneElse(scalingGroup: string): void {
    this.outside.set(scalingGroup, [...(this.outside.get(scalingGroup) ?? []), this.now]);
  }

  #deploy(fleet: Fleet): void {
    this.scaler = this.#create(fleet);
    this.#groups.deploy?.(this.scaler.groups.values());
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
