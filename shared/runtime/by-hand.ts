import type { ManualAsk } from '../domain/trigger.ts';
import { type Answer, answerOf } from '../engine/answer.ts';
import type { House } from '../engine/house.ts';
import { reconcile } from '../engine/reconcile.ts';
import type { Invocation } from './lambda.ts';

/** What goes with everything that a person asks for. */
export interface AskedByHand {
  readonly group: string;
  readonly reason: string;
  /** A claim: Lambda does not tell a function who invoked it. */
  readonly owner?: string | undefined;
  readonly requestId?: string | undefined;
}

/**
 * Carries out what a person asks for. Who that says to be goes into the log beside the invocation's id, by which CloudTrail
 * knows whose credentials it really was.
 * @throws UnknownGroup, PortError
 */
export async function carryOut(
  house: House,
  { group, reason, owner = 'operator', requestId }: AskedByHand,
  ask: ManualAsk,
  { awsRequestId }: Invocation,
): Promise<Answer> {
  const trigger = { kind: 'manual', requestId: requestId ?? awsRequestId, ask, reason, owner } as const;
  house.log.info('asked by hand', {
    group,
    ask: ask.kind,
    claimedOwner: owner,
    requestId: trigger.requestId,
    invocation: awsRequestId,
  });
  return answerOf(await reconcile(house, group, trigger));
}
