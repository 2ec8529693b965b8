import { type Instant, ServiceError } from '../service.ts';

/** At most so many calls in each second. They may come out of order: callers that have waited are ahead of the cloud's clock. */
export class RateLimit {
  readonly #perSecond: number;
  /** Calls of each second, by the second. */
  readonly #taken = new Map<number, number>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /**
   * @param at when the call was sent, by its caller's clock
   * @param now by the cloud's own, which no caller is behind
   * @throws ServiceError Throttling when the second's calls are used up
   */
  take(at: Instant, now: Instant): void {
    for (const second of this.#taken.keys()) if (second < Math.floor(now / 1000)) this.#taken.delete(second);
    const second = Math.floor(at / 1000);
    const taken = this.#taken.get(second) ?? 0;
    if (taken >= this.#perSecond) throw new ServiceError('Throttling', 'Rate exceeded');
    this.#taken.set(second, taken + 1);
  }
}
