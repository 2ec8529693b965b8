import { type AlibabaCredentials, type AlibabaGroup, alibabaGroupOf } from '../../fleet/alibaba.ts';
import type { Clock } from '../../ports/clock.ts';
import { PortError } from '../../ports/port-error.ts';
import { type AlibabaCall, askAlibaba } from './api.ts';
import type { AlibabaKeys } from './keys.ts';

/** Groups that are asked for with the same key in the same region. */
export interface Place {
  readonly region: string;
  readonly credentials: AlibabaCredentials;
}

type Asked = Omit<AlibabaCall, 'region'>;

/** How a list is read: under which key of the answer it stands, how long its pages may be, and how many are enough. */
export interface Listing {
  readonly key: string;
  readonly pageSize: 50 | 100;
  readonly pagesAtMost?: number;
}

/** The calls of a fleet's groups: each with the key that the fleet file names for it. */
export class AlibabaAccount {
  readonly #groups: ReadonlyMap<string, AlibabaGroup>;
  readonly #keys: AlibabaKeys;
  readonly #clock: Clock;
  readonly #via: URL | undefined;

  /** @param groups by their provider names */
  constructor(
    groups: ReadonlyMap<string, AlibabaGroup>,
    keys: AlibabaKeys,
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
  groupOf(name: string): AlibabaGroup {
    const group = this.#groups.get(name);
    if (group) return group;
    const why = alibabaGroupOf(name) ? 'is not in the fleet' : 'is no group of Alibaba Cloud';
    throw new PortError('Invalid', `${name} ${why}`);
  }

  /** @throws PortError */
  async ask<T>({ region, credentials }: Place, asked: Asked): Promise<T> {
    const key = await this.#keys.keyFor(credentials, region);
    try {
      return await askAlibaba<T>({ ...asked, region }, key, this.#clock, this.#via);
    } catch (error) {
      if (error instanceof PortError && error.code === 'Denied') this.#keys.forget(credentials);
      throw error;
    }
  }

  /** All pages of a list. @throws PortError */
  async list<T>(place: Place, asked: Asked, { key, pageSize, pagesAtMost = 100 }: Listing): Promise<T[]> {
    const found: T[] = [];
    for (let page = 1; page <= pagesAtMost; page++) {
      const input = { ...asked.input, RegionId: place.region, PageSize: pageSize, PageNumber: page };
      const answer = await this.ask<Record<string, unknown> & { TotalCount?: number }>(place, {
        ...asked,
        input,
      });
      const some = (answer[key] as T[] | null | undefined) ?? [];
      found.push(...some);
      if (some.length < pageSize || found.length >= (answer.TotalCount ?? 0)) break;
    }
    return found;
  }
}
