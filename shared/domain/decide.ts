import { finishIntended, followActivities, forgetEnded } from './activity-life.ts';
import { adoptServers } from './adoption.ts';
import { correctLateDescription } from './correct-late-description.ts';
import type { Decision } from './decision.ts';
import { contextOf, type DecisionContext } from './decision-context.ts';
import { endEpisodes } from './episodes.ts';
import { noteFailedRollout } from './failed-rollout.ts';
import { firstContact } from './first-contact.ts';
import type { Ledger } from './ledger.ts';
import { noteLostServers } from './lost-servers.ts';
import { answerPerson } from './manual.ts';
import { findAgain, isAnother, missGroup } from './missing-group.ts';
import { noChange } from './no-change.ts';
import type { Instant, Observation } from './observation.ts';
import { noticeOutsideChange } from './outside.ts';
import { endPause } from './pause.ts';
import type { Policy } from './policy.ts';
import { fallToGoal, scaleInByAlarm, scaleInByTarget } from './scale-in.ts';
import { fallToMaximum, riseToFloor, scaleOutByAlarm, scaleOutByTarget } from './scale-out.ts';
import { notifyOfStaleAlarms } from './stale-alarms.ts';
import { noteStaleEvent } from './stale-event.ts';
import type { Trigger } from './trigger.ts';
import { leaveUnhealthyServers, notifyOfUnhealthyServers } from './unhealthy-servers.ts';
import { notifyOfUnhealthyTargets } from './unhealthy-targets.ts';
import { closeGrants, followEnds, openWindows } from './windows.ts';

/** Asks in this order; the first that changes something is the decision. */
function firstChange(context: DecisionContext): Decision | undefined {
  return (
    findAgain(context) ??
    forgetEnded(context) ??
    finishIntended(context) ??
    followActivities(context) ??
    noticeOutsideChange(context) ??
    noteStaleEvent(context) ??
    endPause(context) ??
    answerPerson(context) ??
    adoptServers(context) ??
    leaveUnhealthyServers(context) ??
    notifyOfUnhealthyServers(context) ??
    notifyOfStaleAlarms(context) ??
    notifyOfUnhealthyTargets(context) ??
    noteFailedRollout(context) ??
    fallToMaximum(context) ??
    followEnds(context) ??
    openWindows(context) ??
    closeGrants(context) ??
    riseToFloor(context) ??
    endEpisodes(context) ??
    scaleOutByAlarm(context) ??
    scaleOutByTarget(context) ??
    scaleInByAlarm(context) ??
    scaleInByTarget(context) ??
    fallToGoal(context) ??
    noteLostServers(context)
  );
}

/**
 * Decides once: what to do now, and why, also when that is nothing.
 *
 * Pure: no clock, no randomness, no I/O. Of several asks the first in a fixed order is answered; call again after
 * committing and acting until a decision changes nothing. After a decision whose `ledger.seen` holds a manual request, go on with
 * a `sweep` trigger: the same request again is a duplicate.
 * @param ledger undefined: the group is met for the first time (or its ledger was lost)
 * @param now epoch milliseconds
 * @param seenAt when the look at the group was begun: what is described may be as old as that, however long other reads took
 */
export function decide(
  policy: Policy,
  ledger: Ledger | undefined,
  observation: Observation,
  trigger: Trigger,
  now: Instant,
  seenAt: Instant = now,
): Decision {
  const described = observation.group;
  if (!described) return missGroup(policy, ledger, now);
  if (!ledger || isAnother(ledger)) return firstContact(policy, ledger, observation, described, now);
  const group = correctLateDescription(described, ledger, seenAt, observation.set);
  const context = contextOf(policy, ledger, observation, group, trigger, now);
  return firstChange(context) ?? noChange(context);
}
