import type { Instant } from '../../../shared/domain/observation.ts';
import { PortError } from '../../../shared/ports/port-error.ts';
import type { HttpAnswer, HttpCall, Via } from '../../../shared/providers/over-http.ts';

/** As `overHttp` waits for an answer. */
const patienceMs = 5_000;

/** How a provider refuses a request, in its own words. */
export type Refusal = 'throttled' | 'unavailable';

interface Api {
  readonly answer: (call: HttpCall) => HttpAnswer;
  readonly refuse: (how: Refusal) => HttpAnswer;
}

/** The way to the API of a stand-in in this process: requests are answered at once, or refused, or hang. */
export class Wire {
  readonly #now: () => Instant;
  readonly #wait: (ms: number) => Promise<void>;
  readonly #hangsUntil = new Map<string, Instant>();
  #refusal: { readonly how: Refusal; left: number } | undefined;

  constructor(now: () => Instant, wait: (ms: number) => Promise<void>) {
    this.#now = now;
    this.#wait = wait;
  }

  /** @param host what is asked there gets no answer until then */
  hang(host: string, until: Instant): void {
    this.#hangsUntil.set(host, Math.max(until, this.#hangsUntil.get(host) ?? 0));
  }

  calm(): void {
    this.#hangsUntil.clear();
  }

  /** One request of a call is refused: the first, or one after it. @param nth from 0; a call that makes fewer goes through */
  async refusing<T>(how: Refusal, nth: number, call: () => Promise<T>): Promise<T> {
    this.#refusal = { how, left: nth };
    try {
      return await call();
    } finally {
      this.#refusal = undefined;
    }
  }

  via({ answer, refuse }: Api): Via {
    return async (call) => {
      if (this.#now() < (this.#hangsUntil.get(call.url.host) ?? 0)) {
        await this.#wait(patienceMs);
        throw new PortError('Unavailable', `${call.what}: ${call.url.host}: no answer within 5 s`);
      }
      if (this.#refusal && this.#refusal.left-- === 0) return refuse(this.#refusal.how);
      return answer(call);
    };
  }
}

/** JSON as a server sends it: nobody gets hold of the server's own objects. */
export function json(status: number, body: unknown): HttpAnswer {
  return { status, headers: {}, body: JSON.stringify(body) };
}
