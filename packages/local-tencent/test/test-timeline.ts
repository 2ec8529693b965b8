import type { ServerWorld } from '../src/server-world.ts';
import type { Instant, Timeline } from '../src/timeline.ts';

/** A clock that a test moves. */
export class TestTimeline implements Timeline {
  #now: Instant;
  #sequence = 0;
  readonly #entries: { when: Instant; sequence: number; task: () => void }[] = [];

  constructor(now: Instant) {
    this.#now = now;
  }

  now(): Instant {
    return this.#now;
  }

  at(when: Instant, _label: string, task: () => void): () => void {
    const entry = { when, sequence: this.#sequence++, task };
    this.#entries.push(entry);
    return () => void this.#entries.splice(this.#entries.indexOf(entry), 1);
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = this.#entries
        .filter(({ when }) => when <= end)
        .sort((one, other) => one.when - other.when || one.sequence - other.sequence);
      if (!next) break;
      this.#entries.splice(this.#entries.indexOf(next), 1);
      this.#now = Math.max(this.#now, next.when);
      next.task();
    }
    this.#now = end;
  }
}

/** Servers that run and answer at once, until they are stopped; where `refused` is set, no new ones are to be had. */
export class SteadyServers implements ServerWorld {
  refused: { readonly code: string; readonly message: string } | undefined;
  readonly #on = new Set<string>();

  refusal() {
    return this.refused;
  }

  start(id: string, _request: unknown, now: Instant): Instant {
    this.#on.add(id);
    return now;
  }

  stop(id: string): void {
    this.#on.delete(id);
  }

  reachable(id: string): boolean {
    return this.#on.has(id);
  }

  answers(id: string): boolean {
    return this.#on.has(id);
  }
}
