import type { Ledger, OpenActivity } from '../../shared/domain/ledger.ts';
import { minuteMs } from '../../shared/units.ts';
import type { Checker } from './checker.ts';
import { ownOf } from './goal.ts';
import { titleOf } from './title-of.ts';
import type { Write } from './write.ts';

/** Launches that have failed are not asked for again sooner. */
const firstWaitMs = minuteMs;
const skewMs = 5_000;

/** Scale-ins that wait for nothing: people, and maxima that somebody has set. */
const waitForNothing = new Set(['ManualChange', 'MaximumLowered']);

/** What must hold a change back though nobody forbids it: an instance refresh, launches that fail, what a window has found. */
export function checkHolds(checker: Checker, write: Write, activity: OpenActivity): void {
  if (activity.to < activity.from) checkRefresh(checker, write, activity);
  else checkLaunches(checker, write, activity);
  if (activity.reason === 'AlarmScaleIn') checkLeastBase(checker, write, activity);
}

function checkRefresh(checker: Checker, { group, by }: Write, activity: OpenActivity): void {
  const { reason } = activity;
  const message = titleOf(activity);
  if (waitForNothing.has(reason) || !by.scaler.ports.refresh) return;
  const status = by.told.refreshes.get(group.scalingGroup);
  if (status === undefined)
    checker.violate(5, `${message}: nobody looked whether servers are being replaced`);
  else if (status !== null) checker.violate(5, `${message}: though an instance refresh is ${status}`);
}

/** While servers of a scale-out are coming, nobody but people climbs further without a look at what became of them. */
function checkLaunches(checker: Checker, { group, by, before }: Write, activity: OpenActivity): void {
  const { trigger, startedAt } = activity;
  const message = titleOf(activity);
  if (trigger === 'manual') return;
  const { failedAt } = checker.pastOf(group.name);
  if (failedAt !== undefined && startedAt < failedAt + firstWaitMs - skewMs)
    checker.violate(5, `${message}: right after a scale-out that failed`);
  const coming = before?.open.find(
    ({ phase, from, to, endedAt }) => phase === 'acted' && to > from && endedAt === undefined,
  );
  if (!coming || !by.scaler.ports.launchFailures) return;
  const failure = by.told.launchFailures.get(group.scalingGroup);
  if (failure === undefined) checker.violate(5, `${message}: nobody looked whether launches fail`);
  else if (failure && failure.at >= coming.startedAt && startedAt < failure.at + firstWaitMs - skewMs)
    checker.violate(5, `${message}: right after a launch that failed`);
}

/** While a window is open, alarms take back what alarms have added since, and no more. */
function checkLeastBase(checker: Checker, { group, before, after }: Write, activity: OpenActivity): void {
  const message = titleOf(activity);
  const first = after.grants.find(({ releasing }) => !releasing);
  const least = first && checker.pastOf(group.name).found.get(first.key);
  const left = ownOf(after, 0);
  if (least !== undefined && before && left < Math.min(least, ownOf(before, 0)))
    checker.violate(4, `${message}: takes base to ${left}, and the window has found ${least}`);
}

/** What each window has found there; less when somebody else than an alarm has made it less since. */
export function noteFound(
  checker: Checker,
  { group, before, after }: Write,
  opens: readonly OpenActivity[],
): void {
  const { found } = checker.pastOf(group.name);
  const fell = Math.max(0, (before ? ownOf(before, 0) : 0) - ownOf(after, 0));
  if (fell > 0 && !opens.some(({ reason }) => reason === 'AlarmScaleIn'))
    for (const [key, base] of found) found.set(key, base - fell);
  const there = Math.min(ownOf(before ?? after, 0), ...inherited(checker, group.name, before, after));
  for (const { key } of after.grants) if (!found.has(key)) found.set(key, there);
}

/** What those have found whose servers go over to one that opens. */
function inherited(checker: Checker, group: string, before: Ledger | undefined, after: Ledger): number[] {
  const { found } = checker.pastOf(group);
  const left = new Map(after.grants.map(({ key, servers }) => [key, servers]));
  const givers = (before?.grants ?? []).filter(({ key, servers }) => (left.get(key) ?? 0) < servers);
  return givers.flatMap(({ key }) => found.get(key) ?? []);
}

/** A pause that somebody has asked for ends when it was to end. */
export function checkPause(checker: Checker, { by, before, after }: Write): void {
  const { pause } = after;
  if (!pause || pause.since === before?.pause?.since) return;
  const { for: seconds } = by.payload as { for?: number };
  const until = seconds === undefined ? undefined : pause.since + seconds * 1000;
  if (pause.until !== until)
    checker.violate(7, `${by.id}: its pause ends at ${pause.until}, not at ${until}`);
}
