import { type TencentCredentials, type TencentGroup, tencentGroupOf } from '../../fleet/tencent.ts';
import type { Clock } from '../../ports/clock.ts';
import { AccountElsewhere, type PlaceElsewhere } from '../account-elsewhere.ts';
import type { Via } from '../over-http.ts';
import { askTencent, type TencentCall } from './api.ts';
import type { TencentKeys } from './keys.ts';
import type { TencentKey } from './sign.ts';

export type Place = PlaceElsewhere<TencentCredentials>;

type Asked = Omit<TencentCall, 'region'>;

/** The calls of a fleet's groups. */
export class TencentAccount extends AccountElsewhere<TencentCredentials, TencentGroup, TencentKey, Asked> {
  /** @param groups by their provider names */
  constructor(
    groups: ReadonlyMap<string, TencentGroup>,
    keys: TencentKeys,
    clock: Clock,
    via: Via | undefined,
  ) {
    super(groups, keys, clock, {
      cloud: 'Tencent Cloud',
      isNameOfIts: (name) => tencentGroupOf(name) !== undefined,
      ask: (call, key) => askTencent(call, key, clock, via),
    });
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
