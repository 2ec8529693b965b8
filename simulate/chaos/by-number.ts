import type { Instant, ScalingGroup } from '../../shared/domain/observation.ts';
import type { Capacity } from '../../shared/ports/capacity.ts';
import { PortError } from '../../shared/ports/port-error.ts';
import type { MemoryScalingGroups } from '../../shared/providers/memory/scaling-groups.ts';

/**
 * A provider as different from EC2 Auto Scaling as they come: it takes a number and nothing else. It has no bounds, no
 * protection, nothing in front of its servers and none of the other capabilities; but who sets a number has to say which
 * one he has seen.
 */
export class ByNumber implements Capacity {
  readonly #groups: MemoryScalingGroups;
  readonly #changedByOthers: (name: string) => readonly Instant[];
  readonly #sets = new Map<string, number>();
  readonly #shown = new Map<string, { readonly from: ScalingGroup; readonly group: ScalingGroup }>();

  /** @param changedByOthers when others have changed the desired capacity of a group */
  constructor(groups: MemoryScalingGroups, changedByOthers: (name: string) => readonly Instant[]) {
    this.#groups = groups;
    this.#changedByOthers = changedByOthers;
  }

  /** The same object while nothing changes. */
  get(name: string): ScalingGroup {
    const from = this.#groups.get(name);
    const revision = `${this.#sets.get(name) ?? 0}.${this.#changedByOthers(name).length}`;
    const known = this.#shown.get(name);
    if (known?.from === from && known.group.revision === revision) return known.group;
    const group = { ...from, revision };
    this.#shown.set(name, { from, group });
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
