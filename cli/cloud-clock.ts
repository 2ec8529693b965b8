import type { Instant } from '../shared/domain/observation.ts';

/** Dates in answers are whole seconds, and take a while to arrive. */
const notableMs = 5_000;

/** What every client of the SDK has of its middleware, as far as it is used here. */
interface Client {
  readonly middlewareStack: {
    // biome-ignore lint/suspicious/noExplicitAny: each client has types of its own for the same.
    add(middleware: any, options: { step: 'deserialize'; priority: 'low' }): void;
  };
}

type Next = (args: unknown) => Promise<{ response: { headers?: Record<string, string> } }>;

/**
 * The cloud's time, as the dates of its answers tell. It need not be today's if it is a local one, and may run faster: so
 * it measures how long a server took to start, and not how long somebody waited for it.
 */
export class CloudClock {
  #skewMs = 0;

  /** By how much it is ahead of the machine's, when that is more than an answer may be late. */
  get skewMs(): number {
    return this.#skewMs;
  }

  now(): Instant {
    return Date.now() + this.#skewMs;
  }

  /** Learns from what this client is answered. */
  listenTo(client: Client): void {
    const listen = (next: Next) => async (args: unknown) => {
      const result = await next(args);
      const told = Date.parse(result.response.headers?.['date'] ?? '');
      if (Math.abs(told - this.now()) > notableMs) this.#skewMs = told - Date.now();
      return result;
    };
    client.middlewareStack.add(listen, { step: 'deserialize', priority: 'low' });
  }
}
