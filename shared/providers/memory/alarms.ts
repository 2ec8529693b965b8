import type { AlarmState, AlarmValue, Instant } from '../../domain/observation.ts';
import type { Alarms } from '../../ports/alarms.ts';
import { pick } from './pick.ts';

/** Alarms whose values are set from outside. */
export class MemoryAlarms implements Alarms {
  readonly #states = new Map<string, AlarmState>();

  async describe(names: readonly string[]): Promise<ReadonlyMap<string, AlarmState>> {
    return pick(this.#states, names);
  }

  /** An alarm that is in this value already stays in it since when it was. */
  set(name: string, value: AlarmValue, since: Instant): void {
    if (this.#states.get(name)?.value !== value) this.#states.set(name, { value, since });
  }
}
