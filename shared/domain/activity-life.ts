import { hourMs } from '../units.ts';
import type { ActivityStatus } from './activity-status.ts';
import { withAttached, withJoined, withRefused } from './adoption.ts';
import { openAtMost } from './blockers.ts';
import { actOf } from './change.ts';
import type { Decision } from './decision.ts';
import type { DecisionContext } from './decision-context.ts';
import { fleetFileAsks } from './fleet-file-asks.ts';
import { withLaunchesFailed, withLaunchesSucceeded } from './launch-hold.ts';
import type { Ledger, OpenActivity, RuleRecord } from './ledger.ts';
import type { ScalingGroup } from './observation.ts';
import { decided, undecided } from './outcome.ts';
import { groupIsUntouchable } from './pause.ts';
import { goneBeforeRelease, withReleased, withUnreleased } from './release.ts';
import type { Sentence } from './sentence.ts';
import {
  isHeldByHook,
  keptByProtection,
  readyCapacity,
  stayingIds,
  surplusIsGone,
  surplusIsLeaving,
} from './servers.ts';
import { areTargetsInUse } from './unhealthy-targets.ts';

/** Activities whose end was committed leave the ledger, once their rows are in the log. */
export function forgetEnded(context: DecisionContext): Decision | undefined {
  const { ledger } = context;
  const ended = ledger.open.filter(({ endedAt }) => endedAt !== undefined);
  if (ended.length === 0) return undefined;
  const open = ledger.open.filter(({ endedAt }) => endedAt === undefined);
  const forgotten = ended.map(({ to, statusCode: status }) => ({ to, status }));
  const why = { key: 'activitiesForgotten', ended: forgotten } as const;
  return decided(context, { reason: 'ActivityEnded', why, ledger: { ...ledger, open }, forgets: ended });
}

/**
 * Carries out what was committed. An earlier look may have died between its commit and its act, or between its act
 * and its note of it; desired shows which.
 */
export function finishIntended(context: DecisionContext): Decision | undefined {
  const { ledger, group, observation, now } = context;
  const activity = ledger.open.find(({ phase, endedAt }) => phase === 'intended' && endedAt === undefined);
  if (!activity) return undefined;
  const { from, to } = activity;
  const isShown = group.desired !== from && isDone(activity, group);
  if (observation.carriedOut && !isShown && !group.neverLate) return again(context, activity);
  if (wasAttachedBefore(activity, group))
    return ended(withJoined(context, activity), activity, 'Cancelled', { key: 'serversWereThere' });
  const gone = goneBeforeRelease(activity, group);
  if (gone.length > 0) return undone(context, activity, 'Cancelled', whoWasGone(activity, gone));
  if (isDone(activity, group)) return acted(context, activity);
  if (observation.refused !== undefined)
    return undone(context, activity, 'Failed', refusalFor(activity, observation.refused));
  if (groupIsUntouchable(context))
    return undone(context, activity, 'Cancelled', { key: 'groupIsUntouchable' });
  if (group.desired !== from)
    return undone(context, activity, 'Cancelled', { key: 'setByOthers', servers: group.desired });
  if (isOutOfBounds(activity, group))
    return undone(context, activity, 'Cancelled', outOfBounds(activity, group));
  if (now >= activity.deadline)
    return undone(context, activity, 'Failed', { key: 'couldNotBeSet', servers: to });
  return again(context, activity);
}

/** What is intended is still to be done. Who has done it already does not do it twice (see `Run.isRepeated`): the next look sees it. */
function again(context: DecisionContext, activity: OpenActivity): Decision {
  const { from, to, trigger: cause } = activity;
  const why = { key: 'activityRetried', from, to } as const;
  return decided(context, { reason: 'ActivityRetried', why, to, cause, act: actOf(activity) });
}

/** It ends without having been carried out. */
function undone(
  context: DecisionContext,
  activity: OpenActivity,
  statusCode: 'Cancelled' | 'Failed',
  detail: Sentence,
): Decision {
  const left = withJoined(withUnreleased(context, activity), activity);
  return ended(withoutAdopted(left, activity, statusCode), activity, statusCode, detail);
}

/** The cloud says what it minds, the doctor what to do about it. */
function refusalFor({ by, attach }: OpenActivity, refused: string): Sentence {
  const doctor = attach && by === fleetFileAsks ? true : undefined;
  return { key: 'providerSays', says: refused, doctor };
}

function outOfBounds({ to }: OpenActivity, { minSize, maxSize }: ScalingGroup): Sentence {
  return { key: 'outOfBounds', servers: to, minSize, maxSize };
}

/** Servers that were not attached are nobody's to protect. Those of the fleet file that were refused are told of once. */
function withoutAdopted(
  context: DecisionContext,
  activity: OpenActivity,
  statusCode: 'Cancelled' | 'Failed',
): DecisionContext {
  if (!activity.attach) return context;
  const { ledger, group } = context;
  // They may have been attached in several calls: those before the refusal are in the group.
  const here = new Set(group.servers.map(({ id }) => id));
  const missing = activity.attach.filter((id) => !here.has(id));
  const adoptedByHand = ledger.adoptedByHand.filter((id) => !missing.includes(id));
  const without = { ...ledger, adoptedByHand };
  if (statusCode === 'Cancelled') return { ...context, ledger: without };
  return { ...context, ledger: withRefused(without, { ...activity, attach: missing }) };
}

/** An earlier look did not see them yet: attaching them once more has raised nothing. */
function wasAttachedBefore({ from, attach }: OpenActivity, group: ScalingGroup): boolean {
  if (attach === undefined || group.desired !== from) return false;
  // One that is on its way out is to come again: it was attached once more.
  const here = stayingIds(group);
  return attach.every((id) => here.has(id));
}

/** Those that are left are asked for again, without them. */
function whoWasGone({ detach = [] }: OpenActivity, gone: readonly string[]): Sentence {
  return gone.length < detach.length ? { key: 'someWereGone', ids: gone } : { key: 'serversWereGone' };
}

function isDone({ to, attach, detach }: OpenActivity, group: ScalingGroup): boolean {
  const here = stayingIds(group);
  // A server that was attached may have died since; that desired has risen by it still shows.
  if (attach) return attach.every((id) => here.has(id)) || group.desired === to;
  if (detach) return !detach.some((id) => here.has(id));
  return group.desired === to;
}

/** Somebody moved the bounds after the decision: AWS would refuse, and the goal is another one now. */
function isOutOfBounds({ to, attach, detach }: OpenActivity, { minSize, maxSize }: ScalingGroup): boolean {
  return (to < minSize && !attach) || (to > maxSize && !detach);
}

/** Servers that were attached or let go are the group's own from now on; other asks are in the layers since they were made. */
function acted(context: DecisionContext, activity: OpenActivity): Decision {
  const { ledger, policy, now } = context;
  const moved: OpenActivity = { ...activity, phase: 'acted', statusCode: 'InProgress' };
  const delta = activity.to - activity.from;
  const adopts = activity.attach !== undefined || activity.detach !== undefined;
  return decided(context, {
    reason: 'ActivityMoved',
    why: { key: 'activityBegan', from: activity.from, to: activity.to, why: activity.why },
    cause: activity.trigger,
    ledger: {
      ...withReleased(withAttached(replaced(ledger, moved), activity), activity),
      base: adopts ? Math.max(0, Math.max(ledger.base, policy.minSize) + delta) : ledger.base,
      desired: activity.to,
      changes: [...ledger.changes, [now, delta]],
    },
    activities: [moved],
  });
}

/** Follows what is under way until servers have come or gone: desired reached is not capacity ready. */
export function followActivities(context: DecisionContext): Decision | undefined {
  for (const activity of context.ledger.open) {
    const decision = activity.to > activity.from ? followOut(context, activity) : followIn(context, activity);
    if (decision) return decision;
  }
  return undefined;
}

/** It is done when the servers that came since are ready; those that were there before need only go on serving. */
function followOut(context: DecisionContext, activity: OpenActivity): Decision | undefined {
  const { group, observation, now } = context;
  const { to } = activity;
  if (group.desired < to)
    return ended(context, activity, 'Cancelled', { key: 'superseded', desired: group.desired });
  const there = new Set(activity.there);
  let ready = readyCapacity(group, there, undefined);
  if (ready >= to && areTargetsInUse(group)) {
    if (observation.healthy === undefined) return undecided(context, 'healthy');
    ready = readyCapacity(group, there, observation.healthy ?? noServers);
  }
  if (ready >= to) return ended(context, activity, 'Successful', undefined);
  if (now >= activity.deadline) {
    return ended(context, activity, 'Failed', { key: 'readyTooFew', ready, to, why: activity.detail });
  }
  if (observation.launchFailure === undefined) return undecided(context, 'launchFailure');
  return noticeLaunchFailure(context, activity);
}

const noServers: ReadonlySet<string> = new Set();

/**
 * The group itself goes on trying; what we can do is say so, once for each kind of failure, and not ask it for still more.
 * The row gets what AWS says last when the activity ends.
 */
function noticeLaunchFailure(context: DecisionContext, activity: OpenActivity): Decision | undefined {
  const { ledger, observation, now } = context;
  const { launchFailure: failure } = observation;
  const { launchHold: hold } = ledger;
  if (failure === 'unreadable' || failure === undefined) return undefined;
  if (failure === null) return launchesSucceedAgain(context, activity);
  const counted = Math.max(activity.startedAt - 1, hold?.failedAt ?? 0);
  if (failure.at <= counted) return undefined;
  const { kind, message: says } = failure;
  const detail = { key: 'launchesFail', kind, says } as const;
  const troubled = { ...activity, detail };
  const isKnown = hold?.kinds?.includes(failure.kind) ?? false;
  const failed = { failure: detail, kind };
  return decided(context, {
    reason: 'LaunchesFailing',
    why: { key: 'launchesStillFail', to: activity.to, failure: detail },
    cause: activity.trigger,
    ledger: withLaunchesFailed(replaced(ledger, troubled), failure.at, failed, now),
    activities: isKnown ? [] : [troubled],
  });
}

/** A failure of this activity's launches that one has followed that succeeded is past, and holds nobody. */
function launchesSucceedAgain(context: DecisionContext, activity: OpenActivity): Decision | undefined {
  const { ledger } = context;
  const { launchHold: hold } = ledger;
  if (!hold || hold.failedAt < activity.startedAt || activity.detail === undefined) return undefined;
  const well = { ...activity, detail: undefined };
  return decided(context, {
    reason: 'ActivityMoved',
    why: { key: 'launchesSucceed' },
    cause: activity.trigger,
    ledger: { ...replaced(ledger, well), launchHold: undefined },
  });
}

/** The longest time that heartbeats can keep a termination hook waiting, and that ECS protects a task from scale-in. */
const longestHeldMs = 48 * hourMs;

function followIn(context: DecisionContext, activity: OpenActivity): Decision | undefined {
  const { group, ledger, now } = context;
  const { startedAt, deadline } = activity;
  // What the provider's own scaler keeps above desired is nothing that would have to go.
  const to = Math.max(activity.to, group.tracked ?? 0);
  if (surplusIsGone(group, to)) return ended(context, activity, 'Successful', undefined);
  if (group.desired > activity.to)
    return ended(context, activity, 'Cancelled', { key: 'superseded', desired: group.desired });
  if (surplusIsLeaving(group, to) && ledger.open.length >= openAtMost)
    return ended(context, activity, 'Cancelled', notFollowedAnyMore);
  const kept = keptByProtection(group, to);
  const isHeld = isHeldByHook(group) || kept > 0;
  if (now >= deadline && !(isHeld && now < startedAt + longestHeldMs))
    return ended(context, activity, 'Failed', { key: 'stillLeaving' });
  return kept > 0 && activity.detail === undefined ? noticeProtection(context, activity, kept) : undefined;
}

/** Said once, while the provider keeps what is protected. */
function noticeProtection(context: DecisionContext, activity: OpenActivity, servers: number): Decision {
  const detail = { key: 'keptByProtection', servers } as const;
  const told = { ...activity, detail };
  return decided(context, {
    reason: 'ActivityMoved',
    why: detail,
    cause: activity.trigger,
    ledger: replaced(context.ledger, told),
    activities: [told],
  });
}
const notFollowedAnyMore: Sentence = { key: 'notFollowed', activities: openAtMost };

/**
 * Makes room for a change that has happened already: stops following the activity that only takes its time, or else
 * the oldest.
 */
export function followOneLess(context: DecisionContext): Decision {
  const { ledger, group } = context;
  const leaving = ledger.open.find(({ from, to }) => to < from && surplusIsLeaving(group, to));
  return ended(context, leaving ?? ledger.open[0]!, 'Cancelled', notFollowedAnyMore);
}

/** The end stays in the ledger until its row is in the log (see `forgetEnded`). Two commits survive any crash. */
function ended(
  context: DecisionContext,
  activity: OpenActivity,
  statusCode: ActivityStatus,
  detail: Sentence | undefined,
): Decision {
  const { ledger, policy, now } = context;
  const end: OpenActivity = { ...activity, statusCode, endedAt: now, detail };
  const { from, to, why } = activity;
  const recorded = withCompletion(replaced(ledger, end), end, now);
  return decided(context, {
    reason: 'ActivityEnded',
    why: { key: 'activityEnded', from, to, status: statusCode, why, detail },
    cause: activity.trigger,
    ledger: end.to > end.from ? afterLaunches(recorded, end, policy.warmupMs, now) : recorded,
    activities: [end],
  });
}

function afterLaunches(ledger: Ledger, end: OpenActivity, warmupMs: number, now: number): Ledger {
  if (end.phase === 'intended' || end.statusCode === 'Cancelled') return ledger;
  return end.statusCode === 'Successful'
    ? withLaunchesSucceeded(ledger, end.to - end.from, now + warmupMs)
    : withLaunchesFailed(
        ledger,
        now,
        { failure: end.detail ?? { key: 'couldNotBeSet', servers: end.to } },
        now,
      );
}

function replaced(ledger: Ledger, activity: OpenActivity): Ledger {
  const open = ledger.open.map((other) => (other.activityId === activity.activityId ? activity : other));
  return { ...ledger, open };
}

/** A rule's cooldown runs from here; what was never set in the cloud starts none, and may be asked for again. */
function withCompletion(ledger: Ledger, activity: OpenActivity, now: number): Ledger {
  const { rule, phase, statusCode, from, to } = activity;
  const record = rule === undefined ? undefined : ledger.rules[rule];
  if (rule === undefined || record === undefined) return ledger;
  // A rule with steps may have climbed meanwhile.
  const other = ledger.open.findLast((one) => one.rule === rule && one.endedAt === undefined);
  const openActivityId = other?.activityId;
  const next: RuleRecord =
    phase === 'intended' && statusCode === 'Cancelled'
      ? { openActivityId, lastCompletedAt: record.lastCompletedAt, lastDirection: record.lastDirection }
      : {
          openActivityId,
          lastCompletedAt: now,
          lastDirection: to > from ? 'out' : 'in',
          firedEpisode: record.firedEpisode,
          episodeOver: record.episodeOver,
        };
  return { ...ledger, rules: { ...ledger.rules, [rule]: next } };
}
