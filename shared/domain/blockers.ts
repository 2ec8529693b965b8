import type { CapacityRequest } from './capacity-request.ts';
import type { Blocked, Blocker } from './decision.ts';
import type { DecisionContext } from './decision-context.ts';
import { holdsBack, pauseSentence } from './pause.ts';
import type { ReasonCode } from './reason.ts';
import type { Moved, Sentence } from './sentence.ts';

/** More open activities than this would make the ledger's one item grow without bound. */
export const openAtMost = 8;

/** What a sentence that refuses tells of a request. */
interface Refusable extends Pick<CapacityRequest, 'by' | 'asker' | 'ended' | 'to' | 'cause'> {
  /** Tells of the value that moved it. */
  readonly why?: Sentence;
  /** The same, where there is no sentence yet. */
  readonly moved?: Moved | undefined;
}

/** "cpu-low (cpu 12) asks for 4, but …" */
export function blockerOf(
  request: Refusable,
  code: ReasonCode,
  but: Sentence,
  until?: number | undefined,
): Blocker {
  const { by, asker: who = { kind: 'other', name: by }, ended, to, cause, why } = request;
  const moved = request.moved ?? (why?.key === 'alarmScales' ? why.moved : undefined);
  return { code, why: { key: 'asksBut', who, moved, to, ended, but }, by, cause, until };
}

export function blocked(blocker: Blocker): Blocked {
  return { kind: 'blocked', blocker };
}

/** What forbids any change in this direction, also by a person; undefined: nothing. */
export function blockerTo(context: DecisionContext, request: CapacityRequest): Blocker | undefined {
  const { policy, group, ledger } = context;
  const { pause } = ledger;
  const out = request.to > group.desired;
  if (policy.observeOnly) {
    const why = { key: 'observesOnly', from: group.desired, to: request.to, why: request.why } as const;
    return { code: 'ObserveOnly', why, by: request.by, cause: request.cause };
  }
  if (pause && holdsBack(pause, out)) {
    return blockerOf(request, 'GroupPaused', pauseSentence(pause), pause.until);
  }
  if (request.attach && group.deploying)
    return blockerOf(request, 'GroupDeploying', { key: 'groupDeploying' });
  const process = out ? 'launching' : 'terminating';
  if (!request.attach && !request.detach && group.suspended.includes(process))
    return blockerOf(request, 'ProcessSuspended', { key: 'processSuspended', process });
  if (request.to > group.maxSize)
    return blockerOf(request, 'AtMaximum', { key: 'groupMaximum', servers: group.maxSize });
  if (ledger.open.length >= openAtMost)
    return blockerOf(request, 'TooManyOpenActivities', { key: 'activitiesAreOpen', activities: openAtMost });
  return out ? launchHold(context, request) : undefined;
}

/** Failed launches stop every scale-out but a person's: more of the same would fail too. */
function launchHold({ ledger, now }: DecisionContext, request: CapacityRequest): Blocker | undefined {
  const { launchHold: hold } = ledger;
  if (!hold || now >= hold.retryAt || request.cause === 'manual') return undefined;
  const { failure, retryAt } = hold;
  return blockerOf(request, 'LaunchesFailing', { key: 'launchesHeld', failure, retryAt }, retryAt);
}
