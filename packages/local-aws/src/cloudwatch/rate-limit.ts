import { type Instant, ServiceError } from '../service.ts';

/** At most so many calls a second, on the cloud's clock. */
export class RateLimit {
  readonly #perSecond: number;
  #available: number;
  #since: Instant = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#available = perSecond;
  }

  /** @throws ServiceError Throttling when the second's calls are used up */
  take(now: Instant): void {
    const regained = ((now - this.#since) / 1000) * this.#perSecond;
    this.#available = Math.min(this.#perSecond, this.#available + regained);
    this.#since = now;
    if (this.#available < 1) throw new ServiceError('Throttling', 'Rate exceeded');
    this.#available -= 1;
  }
}
