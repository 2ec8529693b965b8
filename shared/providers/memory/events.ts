import type { Instant } from '../../domain/observation.ts';
import { digestOf, type Mail } from '../../ports/digest.ts';
import type { DigestWords, Events, Notice } from '../../ports/events.ts';
import { minuteMs } from '../../units.ts';

/** Keeps what was published, and what was mailed of it, oldest first. */
export class MemoryEvents implements Events {
  readonly published: Notice[] = [];
  readonly mails: (Mail & { readonly at: Instant })[] = [];
  /** By all that makes one the same as another: when it was, and what it says. */
  readonly #laidUp = new Map<string, Notice>();

  async publish(notices: readonly Notice[]): Promise<void> {
    this.published.push(...notices);
    for (const notice of notices.filter(({ forPeople }) => forPeople)) {
      const key = JSON.stringify([notice.at, notice.subject, notice.message]);
      if (!this.#laidUp.has(key)) this.#laidUp.set(key, notice);
    }
  }

  async sendMail(now: Instant, words: DigestWords): Promise<void> {
    const last = this.mails.at(-1)?.at;
    const isSent = last !== undefined && Math.floor(last / minuteMs) >= Math.floor(now / minuteMs);
    if (this.#laidUp.size === 0 || isSent) return;
    this.mails.push({ at: now, ...digestOf([...this.#laidUp.values()], words) });
    this.#laidUp.clear();
  }
}
