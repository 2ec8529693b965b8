import { type AlibabaCredentials, type AlibabaGroup, alibabaGroupOf } from '../../fleet/alibaba.ts';
import type { Clock } from '../../ports/clock.ts';
import { AccountElsewhere, type PlaceElsewhere } from '../account-elsewhere.ts';
import type { Via } from '../over-http.ts';
import { type AlibabaCall, askAlibaba } from './api.ts';
import type { AlibabaKeys } from './keys.ts';
import type { AlibabaKey } from './sign.ts';

export type Place = PlaceElsewhere<AlibabaCredentials>;

type Asked = Omit<AlibabaCall, 'region'>;

/** How a list is read: under which key of the answer it stands, how long its pages may be, and how many are enough. */
export interface Listing {
  readonly key: string;
  readonly pageSize: 50 | 100;
  readonly pagesAtMost?: number;
}

interface Page {
  readonly NextToken?: string | null;
}

/** The calls of a fleet's groups. */
export class AlibabaAccount extends AccountElsewhere<AlibabaCredentials, AlibabaGroup, AlibabaKey, Asked> {
  /** @param groups by their provider names */
  constructor(
    groups: ReadonlyMap<string, AlibabaGroup>,
    keys: AlibabaKeys,
    clock: Clock,
    via: Via | undefined,
  ) {
    super(groups, keys, clock, {
      cloud: 'Alibaba Cloud',
      isNameOfIts: (name) => alibabaGroupOf(name) !== undefined,
      ask: (call, key) => askAlibaba(call, key, clock, via),
    });
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

  /** The answers of a list of which each names the next by a token. @throws PortError */
  async *pages<T extends Page>(place: Place, asked: Asked): AsyncGenerator<T> {
    let NextToken: string | undefined;
    do {
      const input = { ...asked.input, NextToken };
      const page: T = await this.ask(place, { ...asked, input });
      yield page;
      NextToken = page.NextToken || undefined;
    } while (NextToken);
  }
}
