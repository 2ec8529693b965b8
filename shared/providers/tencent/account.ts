import { type TencentCredentials, type TencentGroup, tencentGroupOf } from '../../fleet/tencent.ts';
import type { Clock } from '../../ports/clock.ts';
import { PortError } from '../../ports/port-error.ts';
import { askTencent, type TencentCall } from './api.ts';
import type { TencentKeys } from './keys.ts';

/** Groups that are asked for with the same key in the same region. */
export interface Place {
  readonly region: string;
  readonly credentials: TencentCredentials;
}

type Asked = Omit<TencentCall, 'region'>;

/** The calls of a fleet's groups: each with the key that the fleet file names for it. */
export class TencentAccount {
  readonly #groups: ReadonlyMap<string, TencentGroup>;
  readonly #keys: TencentKeys;
  readonly #clock: Clock;
  readonly #via: URL | undefined;

  /** @param groups by their provider names */
  constructor(
    groups: ReadonlyMap<string, TencentGroup>,
    keys: TencentKeys,
    clock: Clock,
    via: URL | undefined,
  ) {
    this.#groups = groups;
    this.#keys = keys;
    this.#clock = clock;
    this.#via = via;
  }

  now(): number {
    return this.#clock.now();
  }

  /** @throws PortError `Invalid` for a group that the fleet does not have */
  groupOf(name: string): TencentGroup {
    const group = this.#groups.get(name);
    if (group) return group;
    const why = tencentGroupOf(name) ? 'is not in the fleet' : 'is no group of Tencent Cloud';
    throw new PortError('Invalid', `${name} ${why}`);
  }

  /** @throws PortError */
  async ask<T>({ region, credentials }: Place, asked: Asked): Promise<T> {
    const key = await this.#keys.keyFor(credentials, region);
    try {
      return await askTencent<T>({ ...asked, region }, key, this.#clock, this.#via);
    } catch (error) {
      if (error instanceof PortError && error.code === 'Denied') this.#keys.forget(credentials);
      throw error;
    }
  }

  /** All pages of a list. @throws PortError */
  async list<T>(place: Place, asked: Asked, key: string, pagesAtMost = 100): Promise<T[]> {
    const found: T[] = [];
    for (let page = 0; page < pagesAtMost; page++) {
      const input = { ...asked.input, Limit: pageSize, Offset: found.length };
      const answer = await this.ask<Record<string, unknown> & { TotalCount?: number }>(place, {
        ...asked,
        input,
      });
      const some = (answer[key] as T[] | undefined) ?? [];
      found.push(...some);
      if (some.length < pageSize || found.length >= (answer.TotalCount ?? 0)) break;
    }
    return found;
  }
}

/** Every list of the API has pages of a hundred at most. */
const pageSize = 100;
