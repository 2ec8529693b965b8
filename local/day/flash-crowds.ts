import { minuteMs } from '../../shared/units.ts';
import type { Load } from '../fleet-world.ts';

const lastsMs = 45 * minuteMs;
const rampMs = 5 * minuteMs;
const factor = 4;

/** Crowds that come when somebody at the console calls them, on top of the load that comes anyway. */
export class FlashCrowds {
  readonly #loadOf: (group: string) => Load;
  readonly #startedAt = new Map<string, number>();

  constructor(loadOf: (group: string) => Load) {
    this.#loadOf = loadOf;
  }

  /** The group's load with its crowds. */
  loadOf(group: string): Load {
    const usual = this.#loadOf(group);
    return (at) => Math.round(usual(at) * this.#factorAt(group, at));
  }

  /** Four times the load for three quarters of an hour, after a ramp of five minutes. */
  start(group: string, now: number): void {
    this.#startedAt.set(group, now);
  }

  #factorAt(group: string, at: number): number {
    const since = at - (this.#startedAt.get(group) ?? Number.POSITIVE_INFINITY);
    if (since < 0 || since > lastsMs) return 1;
    return 1 + (factor - 1) * Math.min(1, (since + minuteMs) / rampMs);
  }
}
