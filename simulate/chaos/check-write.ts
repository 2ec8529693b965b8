import type { Grant, OpenActivity } from '../../shared/domain/ledger.ts';
import type { OpenWindow } from '../../shared/domain/observation.ts';
import { checkEnd } from './check-end.ts';
import { checkPause, noteFound } from './check-holds.ts';
import { checkJudged } from './check-judged.ts';
import { checkRequest } from './check-request.ts';
import type { Checker } from './checker.ts';
import { grantedBy, maximumOf, minimumOf } from './goal.ts';
import { seenIn } from './seen-in.ts';
import { titleOf } from './title-of.ts';
import type { Write } from './write.ts';

/** More would make the item grow without bound. */
const openAtMost = 8;

/** What one write may change of a ledger. */
export function checkWrite(checker: Checker, write: Write): void {
  const { group, before, after, by } = write;
  // Once people were told that a group is gone, what comes is another one.
  const another = before?.missing?.state === 'told' && !after.missing;
  if (another) checker.meetAnother(group.name);
  const past = checker.pastOf(group.name);
  // What is met for the first time is taken as it was seen.
  if (!before || another) past.outsideSeen = by.told.outside.get(group.scalingGroup) ?? 0;
  if (after.version !== (before?.version ?? 0) + 1)
    checker.violate(6, `${by.id} writes version ${after.version} over version ${before?.version ?? 0}`);
  if (after.open.length > openAtMost)
    checker.violate(6, `${group.name}: ${after.open.length} activities are open`);
  const known = new Set(before?.open.map(({ activityId }) => activityId));
  const opens = after.open.filter(({ activityId }) => !known.has(activityId));
  for (const activity of opens) {
    if (past.opened.has(activity.activityId))
      checker.violate(2, `${titleOf(activity)}: happens a second time`);
    const seen = by.told.groups.get(group.scalingGroup)?.servers ?? [];
    past.there.set(activity.activityId, new Set(seen.map(({ id }) => id)));
    checkRequest(checker, write, activity);
  }
  noteAdopted(checker, write);
  noteFound(checker, write, opens);
  checkPause(checker, write);
  checkJudged(checker, write);
  checkGrants(checker, write);
  checkDesired(checker, write, known);
  for (const activity of after.open) {
    checkEnd(checker, write, activity, past.opened.get(activity.activityId));
    past.opened.set(activity.activityId, activity);
  }
}

function noteAdopted(checker: Checker, { group, after }: Write): void {
  const { adopted } = checker.pastOf(group.name);
  for (const id of after.adopted) adopted.add(id);
  for (const { phase, detach = [] } of after.open)
    if (phase === 'acted') for (const id of detach) adopted.delete(id);
}

/** An occurrence of a window, or a bump, is granted once, and what is granted only ever becomes less. */
function checkGrants(checker: Checker, write: Write): void {
  const { group, before, after } = write;
  const past = checker.pastOf(group.name);
  const known = new Map(before?.grants.map((grant) => [grant.key, grant]));
  for (const grant of after.grants) {
    const { key, servers } = grant;
    const earlier = known.get(key);
    if (!earlier && before && key.startsWith('window:')) checkGranted(checker, write, grant);
    if (!earlier && past.granted.has(key)) checker.violate(2, `${key} is granted a second time`);
    if (earlier && Math.abs(servers) > Math.abs(earlier.servers))
      checker.violate(4, `${key} grows from ${earlier.servers} to ${servers}`);
    past.granted.add(key);
  }
}

/** A window gets what it asks for as far as own + Σ granted leave room: no floor and no load takes any of it. */
function checkGranted(checker: Checker, write: Write, grant: Grant): void {
  const { by, group, after } = write;
  const seen = seenIn(write);
  const own = Math.max(after.base, minimumOf(group, seen));
  const owned = own + grantedBy(after) - grant.servers;
  const instants = [by.startedAt, by.startedAt + by.skewMs, checker.world.now, checker.world.now + by.skewMs];
  const cases = instants.flatMap((at) => {
    const open = group.timetable.openAt(at);
    const window = open.find(({ name, start }) => name === grant.name && start === grant.start);
    if (!window) return [];
    const room = Math.max(0, maximumOf(group, seen, open) - owned);
    return [{ asked: askedBy(window, own), room }];
  });
  if (cases.length === 0 || cases.some(({ asked, room }) => grant.servers === Math.min(asked, room))) return;
  const [{ asked, room }] = cases as [(typeof cases)[0]];
  checker.violate(4, `${grant.key} is granted ${grant.servers} of ${asked}, with room for ${room}`);
}

/** So many servers, or a percentage of what the group owns: at least one, and otherwise rounded towards none. */
function askedBy({ boost }: OpenWindow, own: number): number {
  if (boost?.type !== 'PercentChangeInCapacity') return boost?.value ?? 0;
  const exact = (own * boost.value) / 100;
  return Math.abs(exact) < 1 ? Math.sign(exact) : Math.trunc(exact);
}

/** What the ledger knows as desired moves only with an activity that was carried out, or that somebody else has begun. */
function checkDesired(checker: Checker, { group, before, after }: Write, known: ReadonlySet<string>): void {
  if (!before || before.missing || before.desired === after.desired) return;
  if (after.desired < before.desired) checker.pastOf(group.name).fellAt = checker.world.now;
  const phases = new Map(before.open.map(({ activityId, phase }) => [activityId, phase]));
  const explains = ({ activityId, phase, from, to }: OpenActivity) =>
    phase === 'acted' &&
    from === before.desired &&
    to === after.desired &&
    (!known.has(activityId) || phases.get(activityId) === 'intended');
  if (!after.open.some(explains))
    checker.violate(6, `${group.name} ${before.desired} → ${after.desired}: no activity explains it`);
}
