import type { ScalingGroup, Server } from '../../shared/domain/observation.ts';
import type { Capacity } from '../../shared/ports/capacity.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { PortError } from '../../shared/ports/port-error.ts';

/** What stands on the shelf under one name, in the order in which it came. */
interface Row {
  revision: number;
  desired: number;
  readonly machines: { readonly id: string; readonly readyAt: number }[];
}

const bootMs = 60_000;

/**
 * A provider as different from EC2 Auto Scaling as they come: machines are rented by number. It has no minimum and no maximum, no
 * protection and no health, nothing to adopt, and takes back at once what came last; but who sets a number has to say
 * which number he has seen.
 */
export class Shelf implements Capacity {
  readonly #clock: Clock;
  readonly #rows = new Map<string, Row>();
  #rented = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Puts a group there, with machines that are ready, or gives it another number behind everybody's back. */
  put({ name, desired }: Pick<ScalingGroup, 'name' | 'desired'>): void {
    const row = this.#rows.get(name) ?? { revision: 0, desired: 0, machines: [] };
    const readyAt = this.#rows.has(name) ? this.#clock.now() + bootMs : this.#clock.now();
    this.#rows.set(name, row);
    this.#fill(row, desired, readyAt);
  }

  /** @throws PortError NotFound */
  get(name: string): ScalingGroup {
    const { desired, revision, machines } = this.#row(name);
    const servers = machines.map(({ id, readyAt }): Server => {
      const lifecycle = readyAt <= this.#clock.now() ? 'ready' : 'pending';
      return { id, lifecycle, protectedFromScaleIn: false, weight: 1 };
    });
    const boundless = { minSize: 0, maxSize: Number.MAX_SAFE_INTEGER, suspended: [], trafficSources: [] };
    return { name, desired, servers, ...boundless, revision: `${revision}` };
  }

  async describe(names: readonly string[]): Promise<ReadonlyMap<string, ScalingGroup>> {
    return new Map(names.flatMap((name) => (this.#rows.has(name) ? [[name, this.get(name)]] : [])));
  }

  async setDesired(name: string, desired: number, seen: ScalingGroup): Promise<void> {
    const row = this.#row(name);
    if (`${row.revision}` !== seen.revision)
      throw new PortError('Changed', `${name}: somebody has set it to ${row.desired} meanwhile`);
    this.#fill(row, desired, this.#clock.now() + bootMs);
  }

  #row(name: string): Row {
    const row = this.#rows.get(name);
    if (!row) throw new PortError('NotFound', `there is no row ${name}`);
    return row;
  }

  #fill(row: Row, desired: number, readyAt: number): void {
    Object.assign(row, { desired, revision: row.revision + 1 });
    row.machines.splice(desired);
    while (row.machines.length < desired) row.machines.push({ id: `machine-${++this.#rented}`, readyAt });
  }
}
