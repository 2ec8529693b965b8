import type { Instant, ScalingGroup } from '../../shared/domain/observation.ts';
import type { Capacity } from '../../shared/ports/capacity.ts';
import { PortError } from '../../shared/ports/port-error.ts';
import type { MemoryScalingGroups } from '../../shared/providers/memory/scaling-groups.ts';

interface Shown {
  readonly from: ScalingGroup;
  readonly above: number;
  readonly group: ScalingGroup;
}

/**
 * A provider as different from EC2 Auto Scaling as they come: it takes a number and nothing else. It has no bounds, no
 * protection, nothing in front of its servers and none of the other capabilities; but who sets a number has to say which
 * one he has seen.
 */
export class ByNumber implements Capacity {
  readonly #groups: MemoryScalingGroups;
  readonly #changedByOthers: (name: string) => readonly Instant[];
  readonly #sets = new Map<string, number>();
  readonly #heldAbove: (name: string) => number;
  readonly #shown = new Map<string, Shown>();

  /**
   * @param changedByOthers when others have changed the desired capacity of a group
   * @param heldAbove how many servers more than desired a scaler of the provider's own keeps now
   */
  constructor(
    groups: MemoryScalingGroups,
    changedByOthers: (name: string) => readonly Instant[],
    heldAbove: (name: string) => number,
  ) {
    this.#groups = groups;
    this.#changedByOthers = changedByOthers;
    this.#heldAbove = heldAbove;
  }

  /** The same object while nothing changes. */
  get(name: string): ScalingGroup {
    const from = this.#groups.get(name);
    const revision = `${this.#sets.get(name) ?? 0}.${this.#changedByOthers(name).length}`;
    const above = this.#heldAbove(name);
    const known = this.#shown.get(name);
    if (known?.from === from && known.above === above && known.group.revision === revision)
      return known.group;
    const group = { ...from, revision, ...(above > 0 && heldUp(from, above)) };
    this.#shown.set(name, { from, above, group });
    return group;
  }

  async describe(names: readonly string[]): Promise<ReadonlyMap<string, ScalingGroup>> {
    const found = await this.#groups.describe(names);
    return new Map([...found.keys()].map((name) => [name, this.get(name)]));
  }

  async setDesired(name: string, desired: number, seen: ScalingGroup): Promise<void> {
    const now = this.get(name);
    if (seen.revision !== now.revision)
      throw new PortError('Changed', `${name}: somebody has set it to ${now.desired} meanwhile`);
    await this.#groups.setDesired(name, desired);
    this.#sets.set(name, (this.#sets.get(name) ?? 0) + 1);
  }
}

/** Servers that nobody here has asked for, and that serve all the same. */
function heldUp(
  { desired, servers }: ScalingGroup,
  above: number,
): Pick<ScalingGroup, 'tracked' | 'servers'> {
  const others = Array.from({ length: above }, (_, index) => ({
    id: `held-${index}`,
    lifecycle: 'ready' as const,
    protectedFromScaleIn: false,
    weight: 1,
  }));
  return { tracked: desired + above, servers: [...servers, ...others] };
}
