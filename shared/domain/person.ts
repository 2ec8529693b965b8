import type { CapacityRequest } from './capacity-request.ts';
import type { DecisionContext } from './decision-context.ts';
import type { Ledger } from './ledger.ts';
import type { Trigger } from './trigger.ts';

/** What somebody asks for by hand, with who, why and the id that makes a retry harmless. */
export type Manual = Extract<Trigger, { kind: 'manual' }>;

/** What every ask of a person has in common. */
export function personal({ owner, requestId }: Manual): Pick<CapacityRequest, 'cause' | 'by' | 'requestId'> {
  return { cause: 'manual', by: owner, requestId };
}

/** The same request is a duplicate from now on. */
export function withSeen(ledger: Ledger, { now }: DecisionContext, { requestId }: Manual): Ledger {
  return { ...ledger, seen: [...ledger.seen, [requestId, now]] };
}
