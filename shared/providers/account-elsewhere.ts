import type { Clock } from '../ports/clock.ts';
import { PortError } from '../ports/port-error.ts';

/** Groups that are asked for with the same key in the same region. */
export interface PlaceElsewhere<C> {
  readonly region: string;
  readonly credentials: C;
}

/** Where the keys of an account come from. */
interface Keys<C, K> {
  keyFor(credentials: C, region: string): Promise<K>;
  /** In place of one that was refused; undefined: there is no other one now. */
  replacementFor(credentials: C, refused: K): Promise<K | undefined>;
}

/** How an account is called, and what it is. */
interface Calling<K, A> {
  /** For people: `Tencent Cloud`. */
  readonly cloud: string;
  readonly isNameOfIts: (name: string) => boolean;
  readonly ask: (asked: A & { readonly region: string }, key: K) => Promise<unknown>;
}

/** The calls of a fleet's groups at another cloud: each with the key that the fleet file names for it. */
export class AccountElsewhere<C, G extends PlaceElsewhere<C>, K, A extends object> {
  readonly #groups: ReadonlyMap<string, G>;
  readonly #keys: Keys<C, K>;
  readonly #clock: Clock;
  readonly #calling: Calling<K, A>;

  /** @param groups by their provider names */
  constructor(groups: ReadonlyMap<string, G>, keys: Keys<C, K>, clock: Clock, calling: Calling<K, A>) {
    this.#groups = groups;
    this.#keys = keys;
    this.#clock = clock;
    this.#calling = calling;
  }

  now(): number {
    return this.#clock.now();
  }

  /** @throws PortError `Invalid` for a group that the fleet does not have */
  groupOf(name: string): G {
    const group = this.#groups.get(name);
    if (group) return group;
    const { cloud, isNameOfIts } = this.#calling;
    throw new PortError(
      'Invalid',
      `${name} ${isNameOfIts(name) ? 'is not in the fleet' : `is no group of ${cloud}`}`,
    );
  }

  /** Where a key is refused and there is another one by now, that is used: nobody notices that it was replaced. @throws PortError */
  async ask<T>({ region, credentials }: PlaceElsewhere<C>, asked: A): Promise<T> {
    const call = { ...asked, region };
    const key = await this.#keys.keyFor(credentials, region);
    try {
      return (await this.#calling.ask(call, key)) as T;
    } catch (error) {
      if (!(error instanceof PortError && error.code === 'Denied')) throw error;
      const another = await this.#keys.replacementFor(credentials, key);
      if (!another) throw error;
      return (await this.#calling.ask(call, another)) as T;
    }
  }
}
