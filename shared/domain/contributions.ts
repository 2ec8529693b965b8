import { contextOf } from './decision-context.ts';
import { unwrittenLedger } from './first-contact.ts';
import type { Ledger } from './ledger.ts';
import type { Instant, Observation } from './observation.ts';
import { nameOf } from './party.ts';
import type { Policy } from './policy.ts';

/** Who asked for what. */
export interface Contribution {
  readonly layer: 'base' | 'granted' | 'tracked' | 'floor' | 'lifted' | 'maximum';
  readonly by: string;
  readonly servers: number;
}

/**
 * Who asks for what now, layer by layer. It is worked out where it is shown, and not with each decision: with a hundred open windows
 * it took a quarter of one.
 * @param ledger undefined: the group was not met yet, and what is there is its own
 * @returns nothing when the group does not exist
 */
export function contributions(
  policy: Policy,
  ledger: Ledger | undefined,
  observation: Observation,
  now: Instant,
): readonly Contribution[] {
  const { group } = observation;
  if (!group) return [];
  const before = ledger ?? unwrittenLedger(group.desired);
  const context = contextOf(policy, before, observation, group, { kind: 'sweep' }, now);
  const { own, tracked, floor, lifted, maximum } = context.layers;
  const list: Contribution[] = [{ layer: 'base', by: policy.name, servers: own }];
  for (const { name, servers } of context.ledger.grants) {
    if (servers !== 0) list.push({ layer: 'granted', by: name, servers });
  }
  if (context.ledger.tracked)
    list.push({ layer: 'tracked', by: context.ledger.tracked.by, servers: tracked });
  if (floor) list.push({ layer: 'floor', by: nameOf(floor.holder.who), servers: floor.servers });
  if (lifted > 0) list.push({ layer: 'lifted', by: policy.name, servers: lifted });
  list.push({ layer: 'maximum', by: nameOf(maximum.holder.who), servers: maximum.servers });
  return list;
}
