import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import type { Clients } from './clients.ts';
import { Differs } from './differs.ts';

/** Whatever this command makes begins with these words, and has this tag. */
export const mark = 'rushhour-verify';

const pollMs = 1_000;

/** What a probe works with: clients, names of its own, the cloud's clock, and patience. */
export class Bench {
  readonly clients: Clients;
  readonly account: string;
  readonly region: string;
  /** Of everything that this run makes: `rushhour-verify-3f2a9c`. */
  readonly prefix: string;
  readonly #stopped = new AbortController();

  constructor(clients: Clients, identity: { readonly account: string; readonly region: string }) {
    this.clients = clients;
    this.account = identity.account;
    this.region = identity.region;
    this.prefix = `${mark}-${randomBytes(4).toString('hex')}`;
  }

  name(what: string): string {
    return `${this.prefix}-${what}`;
  }

  /** For services that take a list. */
  get tagList(): { Key: string; Value: string }[] {
    return [{ Key: mark, Value: this.prefix }];
  }

  /** For services that take a map. */
  get tagMap(): Record<string, string> {
    return { [mark]: this.prefix };
  }

  /** From now on nothing waits any longer: every probe ends at the next thing that it would wait for. */
  stop(): void {
    this.#stopped.abort(new Error('interrupted'));
  }

  /** The cloud's time, epoch milliseconds, to the second: this machine's may be wrong, and a local cloud's may run faster. */
  async now(): Promise<number> {
    return (await askWho(this.clients.sts)).now;
  }

  /**
   * Looks again and again until there is something to see: most of AWS shows late what it has done.
   * @param look undefined: not yet
   * @throws Differs when there was nothing within so many seconds of the cloud's clock
   */
  async eventually<T>(
    what: string,
    withinSeconds: number,
    look: () => Promise<T | undefined | false>,
  ): Promise<T> {
    const end = (await this.now()) + withinSeconds * 1000;
    for (;;) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      this.#stopped.signal.throwIfAborted();
      if ((await this.now()) > end) throw new Differs(`${what}: not within ${withinSeconds} seconds`);
      await pause(pollMs);
    }
  }

  /**
   * Does again what is refused at first: a new role is not known everywhere at once.
   * @throws whatever it was refused with last
   */
  async persist<T>(withinSeconds: number, refusal: RegExp, act: () => Promise<T>): Promise<T> {
    const end = (await this.now()) + withinSeconds * 1000;
    for (;;) {
      try {
        return await act();
      } catch (error) {
        const { name, message } = error as Error;
        if (!refusal.test(`${name}: ${message}`) || (await this.now()) > end) throw error;
        this.#stopped.signal.throwIfAborted();
        await pause(pollMs);
      }
    }
  }
}

export interface Identity {
  readonly account: string;
  readonly arn: string;
  /** Epoch milliseconds, from the answer's date. */
  readonly now: number;
}

/** Whose credentials these are, and what time it is there. */
export async function askWho(sts: STSClient): Promise<Identity> {
  let now = Number.NaN;
  const command = new GetCallerIdentityCommand({});
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers } = result.response as { headers: Record<string, string> };
      now = Date.parse(headers['date'] ?? '');
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  const { Account = '', Arn = '' } = await sts.send(command);
  return { account: Account, arn: Arn, now: Number.isNaN(now) ? Date.now() : now };
}
