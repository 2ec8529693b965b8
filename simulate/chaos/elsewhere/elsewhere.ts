import type { Instant, ScalingGroup } from '../../../shared/domain/observation.ts';
import type { ScalerGroup } from '../../../shared/engine/scaler.ts';
import type { Fleet } from '../../../shared/fleet/fleet.ts';
import type { Capabilities, Capacity } from '../../../shared/ports/capacity.ts';
import type { Samples } from '../../../shared/ports/samples.ts';
import type { MemoryMetrics } from '../../../shared/providers/memory/metrics.ts';
import type { Dice, Draw } from '../dice.ts';
import type { Launches } from '../launches.ts';
import type { Happening } from '../plan.ts';
import type { Wire } from './wire.ts';

/** What a provider's adapter offers. */
export interface Offered extends Capabilities {
  readonly groups: Capacity;
  readonly samples?: Samples | undefined;
}

/** A provider of servers that is none of AWS: the stand-in of its API, and the product's own adapter before it. */
export interface Elsewhere {
  readonly wire: Wire;
  /** @param process whose memory it is: what an adapter remembers, it remembers for one kind of function */
  offeredTo(process: string, fleet: Fleet): Offered;
  /** A group as it is now; the same object while nothing changes. */
  shown(scalingGroup: string): ScalingGroup;
  make(group: ScalerGroup, desired: number): void;
  /** Whatever people and the provider do. */
  do(happening: Happening, group: ScalerGroup): void;
  undo(happening: Happening, group: ScalerGroup): void;
  /** The scaler is about to set what a group desires: the moment at which others that write do most harm. */
  aboutToSet?(group: ScalerGroup): void;
  /** Another group has taken its name, of the least size. */
  renew(group: ScalerGroup): void;
  /** What hangs or fails is mended. */
  calm(): void;
}

/** The world around it. */
export interface Surroundings {
  readonly now: () => Instant;
  readonly dice: Dice;
  readonly launches: Launches;
  readonly wire: Wire;
  /** What a server of a group uses of its CPU, in percent, when so many serve; undefined: nobody measures it. */
  readonly cpuOf: (group: string, inService: number) => number | undefined;
  /** CloudWatch's. */
  readonly metrics: MemoryMetrics;
}

/** The adapters of a fleet: what one remembers, it remembers for one kind of function. */
export class Adapters {
  readonly #make: (fleet: Fleet) => Offered;
  readonly #made = new WeakMap<Fleet, Map<string, Offered>>();

  constructor(make: (fleet: Fleet) => Offered) {
    this.#make = make;
  }

  of(process: string, fleet: Fleet): Offered {
    const made = this.#made.get(fleet) ?? new Map<string, Offered>();
    this.#made.set(fleet, made);
    const offered = made.get(process) ?? this.#make(fleet);
    made.set(process, offered);
    return offered;
  }
}

/** The same object as before while it says the same. */
export class Shown {
  readonly #known = new Map<string, { readonly group: ScalingGroup; readonly text: string }>();

  of(group: ScalingGroup): ScalingGroup {
    const text = JSON.stringify(group);
    const known = this.#known.get(group.name);
    if (known?.text === text) return known.group;
    this.#known.set(group.name, { group, text });
    return group;
  }
}

/** Mostly a secret has the new key before the old one ends; at times somebody is late with it. */
export function untilReplacedMs(draw: Draw): number {
  return draw.chance(0.5) ? 0 : draw.between(1000, 100_000);
}

type Value = Readonly<Record<string, string>>;

/** A secret, read once by each kind of function and kept until it is refused. */
export class Secret {
  readonly #now: () => Instant;
  #value: Value;
  #next: { readonly value: Value; readonly at: Instant } | undefined;

  constructor(value: Value, now: () => Instant) {
    this.#value = value;
    this.#now = now;
  }

  /** What it was is worth nothing any more; somebody puts this there then. */
  replace(value: Value, at: Instant): void {
    this.#next = { value, at };
  }

  /** Whoever was to replace it has. */
  calm(): void {
    this.#value = this.#next?.value ?? this.#value;
    this.#next = undefined;
  }

  reader() {
    let known: Value | undefined;
    return {
      read: async () => {
        if (this.#next && this.#now() >= this.#next.at) this.calm();
        known ??= this.#value;
        return known as never;
      },
      forget: () => {
        known = undefined;
      },
    };
  }
}
