import type { Events, Notice } from '../../ports/events.ts';

/** Keeps what was published, oldest first. */
export class MemoryEvents implements Events {
  readonly published: Notice[] = [];

  async publish(notices: readonly Notice[]): Promise<void> {
    this.published.push(...notices);
  }
}
