import type { CapacityRequest } from './capacity-request.ts';
import type { Blocked, Blocker } from './decision.ts';
import type { DecisionContext } from './decision-context.ts';
import { pauseSentence } from './pause.ts';
import type { ReasonCode } from './reason.ts';

/** More open activities than this would make the ledger's one item grow without bound. */
export const openAtMost = 8;

/** "cpu-low asks for 4, but …" */
export function blockerOf(
  request: Pick<CapacityRequest, 'by' | 'asker' | 'to' | 'cause'>,
  code: ReasonCode,
  why: string,
  until?: number | undefined,
): Blocker {
  const { by, asker = by, to, cause } = request;
  return { code, message: `${asker} asks for ${to}, but ${why}`, by, cause, until };
}

export function blocked(blocker: Blocker): Blocked {
  return { kind: 'blocked', blocker };
}

/** What forbids any change in this direction, whoever asks; undefined: nothing. */
export function blockerTo(context: DecisionContext, request: CapacityRequest): Blocker | undefined {
  const { policy, group, ledger } = context;
  const { pause } = ledger;
  const out = request.to > group.desired;
  if (policy.observeOnly) {
    const message = `would go ${group.desired} → ${request.to}: ${request.why}; it only observes`;
    return { code: 'ObserveOnly', message, by: request.by, cause: request.cause };
  }
  if (pause && (pause.direction === 'both' || (pause.direction === 'out') === out)) {
    return blockerOf(request, 'GroupPaused', pauseSentence(context, pause), pause.until);
  }
  if (request.attach && group.deploying)
    return blockerOf(
      request,
      'GroupDeploying',
      'its stack is still being deployed, and could not let servers go',
    );
  const process = out ? 'launching' : 'terminating';
  if (!request.attach && !request.detach && group.suspended.includes(process))
    return blockerOf(request, 'ProcessSuspended', `${process} servers is suspended`);
  if (request.to > group.maxSize)
    return blockerOf(request, 'AtMaximum', `the group's maximum is ${group.maxSize}`);
  if (ledger.open.length >= openAtMost)
    return blockerOf(request, 'TooManyOpenActivities', `${openAtMost} activities are still under way`);
  return out ? launchHold(context, request) : undefined;
}

/** Failed launches stop every scale-out but a person's: more of the same would fail too. */
function launchHold({ ledger, policy, now }: DecisionContext, request: CapacityRequest): Blocker | undefined {
  const { launchHold: hold } = ledger;
  if (!hold || now >= hold.retryAt || request.cause === 'manual') return undefined;
  const nextTry = policy.formatTime(hold.retryAt, now);
  return blockerOf(
    request,
    'LaunchesFailing',
    `${hold.message}; the next try is at ${nextTry}`,
    hold.retryAt,
  );
}
