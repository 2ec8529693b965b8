import { batches } from '../aws/batches.ts';
import type { AlibabaAccount, Place } from './account.ts';
import type { ServerGroupRecord } from './records.ts';

/** Balancers that forward to groups of servers: application (ALB) and network ones (NLB). */
export type BalancerKind = 'alb' | 'nlb';

/** What listens before a group of servers. */
export interface Listener {
  readonly ListenerId: string;
  readonly LoadBalancerId: string;
  readonly ListenerProtocol?: string;
  readonly ListenerPort?: number;
}

/** Ids in a call, and entries of its answer. */
const idsAtOnce = 20;
const entriesAtOnce = 100;

/** Looks up what stands before groups of servers. A listener of the same balancer that forwards elsewhere is among what is found. */
export class AlibabaListeners {
  readonly #account: AlibabaAccount;

  constructor(account: AlibabaAccount) {
    this.#account = account;
  }

  /** @throws PortError */
  async before(place: Place, kind: BalancerKind, serverGroups: readonly string[]): Promise<Listener[]> {
    const groups = await this.#all<ServerGroupRecord>(
      place,
      { kind, action: 'ListServerGroups', key: 'ServerGroups', filter: 'ServerGroupIds' },
      serverGroups,
    );
    const balancers = new Set(groups.flatMap((one) => one.RelatedLoadBalancerIds ?? []));
    return this.#all<Listener>(
      place,
      { kind, action: 'ListListeners', key: 'Listeners', filter: 'LoadBalancerIds' },
      [...balancers],
    );
  }

  async #all<T>(
    place: Place,
    {
      kind,
      action,
      key,
      filter,
    }: Readonly<Record<'action' | 'key' | 'filter', string>> & { kind: BalancerKind },
    ids: readonly string[],
  ): Promise<T[]> {
    const found: T[] = [];
    for (const some of batches(ids, idsAtOnce)) {
      const asked = {
        what: `look what stands before or at ${some.join(', ')}`,
        service: kind,
        action,
        input: { [filter]: some, MaxResults: entriesAtOnce },
      };
      for await (const page of this.#account.pages<Readonly<Record<string, unknown>>>(place, asked))
        found.push(...((page[key] as T[] | null | undefined) ?? []));
    }
    return found;
  }
}
