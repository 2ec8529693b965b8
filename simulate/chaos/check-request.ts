import type { Ledger, OpenActivity } from '../../shared/domain/ledger.ts';
import type { ScalingGroup } from '../../shared/domain/observation.ts';
import { checkAlarm, checkData } from './check-alarm.ts';
import { checkHolds } from './check-holds.ts';
import type { Checker } from './checker.ts';
import { goalOf, minimumOf, ownOf } from './goal.ts';
import { seenIn } from './seen-in.ts';
import { titleOf } from './title-of.ts';
import type { Write } from './write.ts';

/** A new activity: whether what it is going to do may be done. */
export function checkRequest(checker: Checker, write: Write, activity: OpenActivity): void {
  checkStep(checker, write, activity);
  if (activity.phase === 'acted') checkOutside(checker, write, activity);
  else checkIntent(checker, write, activity);
}

function checkIntent(checker: Checker, write: Write, activity: OpenActivity): void {
  checkPermission(checker, write, activity);
  checkDeadline(checker, write, activity);
  checkLayers(checker, write, activity);
  if (activity.attach || activity.detach) return;
  checkBounds(checker, write, activity);
  checkDirection(checker, write, activity);
  checkHolds(checker, write, activity);
  if (activity.reason === 'AlarmScaleOut' || activity.reason === 'AlarmScaleIn')
    checkAlarm(checker, write, activity);
  if (activity.reason === 'AlarmScaleIn' || activity.reason === 'TargetScaleIn')
    checkData(checker, write, activity);
}

/** Others are only blamed for what others have done. */
function checkOutside(checker: Checker, { group, by }: Write, activity: OpenActivity): void {
  const message = titleOf(activity);
  const past = checker.pastOf(group.name);
  const happened = by.told.outside.get(group.scalingGroup) ?? 0;
  if (past.outsideSeen === happened) checker.violate(6, `${message}, but nobody has changed it`);
  past.outsideSeen = happened;
}

function checkPermission(checker: Checker, { group, before }: Write, activity: OpenActivity): void {
  const { from, to, startedAt } = activity;
  const message = titleOf(activity);
  const { pause } = before ?? {};
  const direction = to > from ? 'out' : 'in';
  const paused = pause && (pause.until === undefined || startedAt < pause.until);
  if (paused && (pause.direction === 'both' || pause.direction === direction))
    checker.violate(7, `${message}: the group is paused`);
  if (group.config.mode === 'observe') checker.violate(7, `${message}: it is only observed`);
}

/** Behind target groups that others have made servers may take an hour to deregister. */
const longestLeaveSeconds = 3600;

/** Nothing is under way for longer than that. */
function checkDeadline(checker: Checker, { group, by }: Write, activity: OpenActivity): void {
  const { config, scalingGroup } = group;
  const { startedAt, deadline, from, to } = activity;
  const message = titleOf(activity);
  const isBalanced = (by.told.groups.get(scalingGroup)?.trafficSources.length ?? 0) > 0;
  const leave = isBalanced ? longestLeaveSeconds : 0;
  const seconds = config.activityTimeout + (to > from ? config.healthCheckGracePeriod : leave);
  if (deadline !== startedAt + seconds * 1000)
    checker.violate(6, `${message}: has ${(deadline - startedAt) / 1000} s, not ${seconds}`);
}

/** Desired is never set outside the bounds that the scaler has read, and never below the protected servers. */
function checkBounds(checker: Checker, write: Write, activity: OpenActivity): void {
  const { group } = write;
  const { to } = activity;
  const message = titleOf(activity);
  const seen = seenIn(write);
  const minimum = minimumOf(group, seen);
  const maximum = Math.max(Math.min(group.config.maxSize, seen.maxSize), minimum);
  if (to < minimum || to > maximum) checker.violate(1, `${message}: outside ${minimum}…${maximum}`);
}

/** What a step may add to what the group owns: nobody makes a floor its own. */
const takesSteps = new Set(['AlarmScaleOut', 'ManualChange', 'ExternalChange']);

/** A step is a step, also on top of a floor: what it leaves behind for good is never more than what it moved. */
function checkStep(checker: Checker, write: Write, activity: OpenActivity): void {
  const { reason, from, to } = activity;
  const message = titleOf(activity);
  if (!write.before || !takesSteps.has(reason) || to <= from) return;
  const rise = riseOf(write);
  if (rise > to - from) checker.violate(4, `${message}: a step of ${to - from} leaves ${rise} for good`);
}

/** By how much more the group owns after a write than before it. */
function riseOf(write: Write): number {
  const { group, before, after } = write;
  const minimum = minimumOf(group, seenIn(write));
  return before ? ownOf(after, minimum) - ownOf(before, minimum) : 0;
}

/** As the last description that arrived has it, and as the truest has: one that was held up may show what is past. */
function leadersOf({ group, by }: Write): readonly (ScalingGroup | undefined)[] {
  if (!group.leader) return [undefined];
  const { scalingGroup } = group.leader;
  return [by.told.groups.get(scalingGroup), by.told.truest.get(scalingGroup)?.group];
}

/** Desired approaches the goal, and never overshoots it; a step on top of what still waits to be given back is one all the same. */
function checkDirection(checker: Checker, write: Write, activity: OpenActivity): void {
  const { from, to, startedAt } = activity;
  const message = titleOf(activity);
  const { group, by, after } = write;
  const seen = seenIn(write);
  const goals = [startedAt, by.startedAt + by.skewMs].flatMap((at) => {
    const windows = group.timetable.openAt(at);
    const { need } = checker.world.forecastAt(group.name, at);
    return leadersOf(write).map((leader) => goalOf(group, after, seen, windows, leader, need));
  });
  const approaches = goals.some((goal) => (to > from ? to <= goal : to >= goal));
  const steps = to > from && riseOf(write) >= to - from;
  if (!approaches && !steps) checker.violate(3, `${message}: away from the goal, ${goals[0]}`);
}

const leavesBase = new Set([
  'WindowOpened',
  'WindowClosed',
  'ManualGrantEnded',
  'FloorRaised',
  'MaximumLowered',
  'LeaderScaleOut',
  'LeaderScaleIn',
]);
const leavesGrants = new Set([
  'AlarmScaleOut',
  'AlarmScaleIn',
  'TargetScaleOut',
  'TargetScaleIn',
  'FloorRaised',
  'MaximumLowered',
  'LeaderScaleOut',
  'LeaderScaleIn',
]);

/** Each reason may write its own layer only, and a window that closes takes its own share and nothing else. */
function checkLayers(checker: Checker, write: Write, activity: OpenActivity): void {
  const { reason, by, from, to } = activity;
  const message = titleOf(activity);
  const { before, after } = write;
  if (!before) return;
  const joins = (before.lifted ?? 0) > (after.lifted ?? 0) && riseOf(write) === 0;
  if (leavesBase.has(reason) && !joins && (after.base !== before.base || after.lifted !== before.lifted))
    checker.violate(4, `${message}: base was ${shown(before)} and is ${shown(after)}`);
  const shrunk = shrinkage(before, after);
  if (leavesGrants.has(reason) && shrunk.length > 0)
    checker.violate(4, `${message}: takes from ${shrunk[0]!.name}`);
  if (reason !== 'WindowClosed' && reason !== 'ManualGrantEnded') return;
  const others = shrunk.filter(({ name }) => name !== by);
  if (others.length > 0) checker.violate(4, `${message}: takes from ${others[0]!.name} too`);
  const given = shrunk.reduce((sum, { servers }) => sum + servers, 0);
  if (shrunk.length > 0 && Math.abs(from - to) > Math.abs(given))
    checker.violate(4, `${message}: its share was ${given}`);
}

function shown({ base, lifted }: Ledger): string {
  return lifted ? `${base} + ${lifted}` : `${base}`;
}

/** Grants that have become less, and by how much. */
function shrinkage(before: Ledger, after: Ledger): { name: string; servers: number }[] {
  const left = new Map(after.grants.map(({ key, servers }) => [key, servers]));
  return before.grants
    .map(({ key, name, servers }) => ({ name, servers: servers - (left.get(key) ?? 0) }))
    .filter(({ servers }) => servers !== 0);
}
