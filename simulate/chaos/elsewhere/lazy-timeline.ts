import type { Instant } from '../../../shared/domain/observation.ts';
import { EventQueue } from '../event-queue.ts';

/** The time of a stand-in: what is due happens when somebody looks, in its order and at its own instant. */
export class LazyTimeline {
  readonly #eventQueue = new EventQueue();
  readonly #clock: () => Instant;
  #at: Instant;
  #isAdvancing = false;
  #happened = 0;

  constructor(clock: () => Instant) {
    this.#clock = clock;
    this.#at = clock();
  }

  now(): Instant {
    return this.#at;
  }

  /** How much has happened so far: while the number stays, nothing has. */
  get happened(): number {
    return this.#happened;
  }

  at(when: Instant, _label: string, task: () => void): () => void {
    let isCancelled = false;
    this.#eventQueue.plan(Math.max(when, this.#at), () => {
      if (!isCancelled) task();
    });
    return () => {
      isCancelled = true;
    };
  }

  /** Brings the stand-in to the present. */
  advance(): void {
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    const present = this.#clock();
    for (let due = this.#eventQueue.next(); due; due = this.#eventQueue.next()) {
      if (due.at > present) {
        this.#eventQueue.plan(due.at, due.run);
        break;
      }
      this.#at = due.at;
      this.#happened++;
      due.run();
    }
    this.#at = present;
    this.#isAdvancing = false;
  }
}
