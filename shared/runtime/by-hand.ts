import type { ManualRequest } from '../domain/trigger.ts';
import { type Answer, answerOf } from '../engine/answer.ts';
import { reconcile } from '../engine/reconcile.ts';
import type { Scaler } from '../engine/scaler.ts';
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
  scaler: Scaler,
  { group, reason, owner = 'operator', requestId }: AskedByHand,
  request: ManualRequest,
  { awsRequestId }: Invocation,
): Promise<Answer> {
  const trigger = { kind: 'manual', requestId: requestId ?? awsRequestId, request, reason, owner } as const;
  scaler.log.info('asked by hand', {
    group,
    request: request.kind,
    claimedOwner: owner,
    requestId: trigger.requestId,
    invocation: awsRequestId,
  });
  return answerOf(scaler, await reconcile(scaler, group, trigger));
}
