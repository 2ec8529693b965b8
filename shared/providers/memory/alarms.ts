import type { AlarmState, AlarmValue, Instant } from '../../domain/observation.ts';
import type { Alarms } from '../../ports/alarms.ts';
import { pick } from './pick.ts';

/** Alarms whose values are set from outside. */
export class MemoryAlarms implements Alarms {
  readonly #states = new Map<string, AlarmState>();

  async describe(names: readonly string[]): Promise<ReadonlyMap<string, AlarmState>> {
    return pick(this.#states, names);
  }

  /**
   * An alarm that is in this value already stays in it since when it was.
   * @param watches the load balancer whose metrics it watches
   */
  set(name: string, value: AlarmValue, since: Instant, watches?: string): void {
    const known = this.#states.get(name);
    if (known?.value !== value || known.watches !== watches)
      this.#states.set(name, { value, since, ...(watches !== undefined && { watches }) });
  }
}
