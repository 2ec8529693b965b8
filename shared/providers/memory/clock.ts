import type { Instant } from '../../domain/observation.ts';
import type { Clock } from '../../ports/clock.ts';

/** A clock that is set by hand. */
export class MemoryClock implements Clock {
  #now: Instant;

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  set(now: Instant): void {
    this.#now = now;
  }

  advance(seconds: number): void {
    this.#now += seconds * 1000;
  }
}
