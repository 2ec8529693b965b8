import type { Instant, ScalingGroup } from '../../../shared/domain/observation.ts';
import type { ScalerGroup } from '../../../shared/engine/scaler.ts';
import type { Fleet } from '../../../shared/fleet/fleet.ts';
import type { Ports } from '../../../shared/ports/ports.ts';
import type { MemoryPorts } from '../../../shared/providers/memory/ports.ts';
import type { Groups } from '../groups.ts';
import type { Measurements } from '../measurements.ts';
import { OwnMetrics } from '../own-metrics.ts';
import type { Happening } from '../plan.ts';
import type { Elsewhere } from './elsewhere.ts';
import type { Wire } from './wire.ts';

interface Around {
  readonly ports: MemoryPorts;
  readonly measurements: Measurements;
  /** Hears when somebody else than the scaler has changed what a group desires. */
  readonly someoneElse: (scalingGroup: string) => void;
}

/** Groups elsewhere. Whoever looks at one learns whether somebody else has changed it. */
export class WatchedGroups implements Groups {
  readonly wire: Wire;
  readonly #elsewhere: Elsewhere;
  readonly #around: Around;
  readonly #metrics: OwnMetrics;
  /** What each desires, as it was seen, or set by the scaler, last. */
  readonly #desired = new Map<string, number>();

  constructor(elsewhere: Elsewhere, around: Around) {
    this.wire = elsewhere.wire;
    this.#elsewhere = elsewhere;
    this.#around = around;
    const { ports, measurements } = around;
    this.#metrics = new OwnMetrics(ports.metrics, (group) => measurements.isRefused(group));
  }

  get #now(): Instant {
    return this.#around.ports.clock.now();
  }

  shown(scalingGroup: string): ScalingGroup {
    const group = this.#elsewhere.shown(scalingGroup);
    const { desired } = group;
    const known = this.#desired.get(scalingGroup) ?? desired;
    this.#desired.set(scalingGroup, desired);
    if (known !== desired) this.#around.someoneElse(scalingGroup);
    return group;
  }

  /**
   * What the scaler does there is done by nobody else: what a group has become of it is taken as it is.
   * @param asked the number that it sets; one that the group is moved to instead is that of bounds which others have set
   */
  async byScaler<T>(scalingGroup: string, act: () => Promise<T>, asked?: number): Promise<T> {
    const before = this.shown(scalingGroup).desired;
    const begun = this.#now;
    try {
      return await act();
    } finally {
      const { desired } = this.#elsewhere.shown(scalingGroup);
      const isMoved = asked !== undefined && desired !== asked && desired !== before;
      // A call that hung was not carried out: what has changed meanwhile, others have.
      if (this.#now === begun && !isMoved) this.#desired.set(scalingGroup, desired);
      else this.shown(scalingGroup);
    }
  }

  /** The scaler is about to set what a group desires. */
  aboutToSet(group: ScalerGroup): void {
    this.#elsewhere.aboutToSet?.(group);
  }

  offeredTo(process: string, fleet: Fleet): Ports {
    const { clock, alarms, ledger, activities, events, models } = this.#around.ports;
    const offered = this.#elsewhere.offeredTo(process, fleet);
    return { clock, alarms, metrics: this.#metrics, ledger, activities, events, models, ...offered };
  }

  make(group: ScalerGroup, desired: number): void {
    this.#elsewhere.make(group, desired);
  }

  settle(_group: ScalerGroup, all: Iterable<ScalerGroup>): void {
    for (const { scalingGroup } of all) this.shown(scalingGroup);
  }

  do(happening: Happening, group: ScalerGroup): void {
    this.#elsewhere.do(happening, group);
  }

  undo(happening: Happening, group: ScalerGroup): void {
    this.#elsewhere.undo(happening, group);
  }

  renew(group: ScalerGroup): void {
    this.#elsewhere.renew(group);
    this.shown(group.scalingGroup);
  }

  calm(): void {
    this.#elsewhere.calm();
  }
}
