import type { Activity } from '../../shared/domain/activity.ts';
import type { Grant, Ledger } from '../../shared/domain/ledger.ts';
import type { ManualRequest } from '../../shared/domain/trigger.ts';

const undoPrefix = 'undo-';

/** A request's own id, of the activity that it made. */
function requestIdOf({ activityId, group }: Activity): string {
  return activityId.slice(group.length + 1);
}

/** The id of the request that undoes an activity: who asks twice undoes it once. */
export function undoIdOf(activity: Activity): string {
  return undoPrefix + requestIdOf(activity);
}

export function isUndo(requestId: string): boolean {
  return requestId.startsWith(undoPrefix);
}

/** What a person can take back. */
const undoable: ReadonlySet<string> = new Set(['ManualChange', 'Paused', 'Resumed', 'ServersAdopted']);

/**
 * The last change by hand that is no undo and has not been undone.
 * @param activities of one group, newest first
 */
export function lastChangeByHand(activities: readonly Activity[]): Activity | undefined {
  const undone = new Set<string>();
  return activities.find((activity) => {
    if (activity.trigger !== 'manual' || !undoable.has(activity.reason)) return false;
    const requestId = requestIdOf(activity);
    if (isUndo(requestId)) {
      undone.add(requestId.slice(undoPrefix.length));
      return false;
    }
    return !undone.has(requestId);
  });
}

/** Why a change cannot be taken back, and what to do instead. */
export interface NotUndoable {
  readonly kind: 'not undoable';
  readonly message: string;
  readonly advice?: string;
}

/**
 * The request that takes a change back. What a timed bump granted is taken back for as long as the bump would still last,
 * so that its end changes nothing any more; what alarms and others did meanwhile stays.
 * @param later activities of the group since, in any order
 * @param now epoch milliseconds
 */
export function oppositeOf(
  activity: Activity,
  ledger: Ledger | undefined,
  later: readonly Activity[],
  now: number,
): ManualRequest | NotUndoable {
  const { group, reason, from, to } = activity;
  switch (reason) {
    case 'Paused':
      return ledger?.pause ? { kind: 'resume' } : refused(`${group} is not paused any more`);
    case 'Resumed':
      return refused(
        'A pause that was ended cannot be brought back',
        `Pause it anew: rushhour pause ${group} --reason …`,
      );
    case 'ServersAdopted':
      return refused(
        'Servers that were adopted serve',
        'To let one go: aws autoscaling detach-instances, or take it out of instances in the fleet file and deploy.',
      );
  }
  if (from === to) return refused('It changed nothing');
  const adjustment = from - to;
  const grant = ledger?.grants.find(({ key }) => key === `bump:${requestIdOf(activity)}`);
  if (grant)
    return isOver(grant, now) ? over(activity) : { kind: 'adjust', adjustment, ...forRestOf(grant, now) };
  // Its grant is forgotten some time after it has ended; the history still knows.
  const ended = later.some((each) => each.reason === 'ManualGrantEnded' && each.by === activity.by);
  return ended ? over(activity) : { kind: 'adjust', adjustment };
}

function isOver({ until, servers }: Grant, now: number): boolean {
  return servers === 0 || until <= now;
}

function forRestOf({ until }: Grant, now: number): { forSeconds: number } {
  return { forSeconds: Math.ceil((until - now) / 1000) };
}

function over({ by }: Activity): NotUndoable {
  return refused(`The bump of ${by} has ended by itself: there is nothing left of it`);
}

function refused(message: string, advice?: string): NotUndoable {
  return { kind: 'not undoable', message, ...(advice && { advice }) };
}
