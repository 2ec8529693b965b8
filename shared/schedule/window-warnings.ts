import type { Instant } from '../domain/observation.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { FleetWarning } from '../fleet/fleet-warning.ts';
import type { ScheduleWindow } from '../fleet/window.ts';
import { dayMs, hourMs, minuteMs, minutesPerDay } from '../units.ts';
import { type Occurrence, Occurrences } from './occurrences.ts';
import { Timetable } from './timetable.ts';
import { zoneNamed } from './zone.ts';

const aheadMs = 400 * dayMs;

/** What the fleet file says of its windows and probably does not mean, as far as that depends on when they are open. */
export function windowWarnings(fleet: Fleet, now: Instant): FleetWarning[] {
  return Object.keys(fleet.groups).flatMap((group) => [
    ...overWarnings(fleet, group, now),
    ...lengthWarnings(fleet, group, now),
    ...conflictWarnings(fleet, group, now),
    ...swallowedWarnings(fleet, group, now),
  ]);
}

function overWarnings({ groups, calendars, timeZone }: Fleet, group: string, now: Instant): FleetWarning[] {
  return Object.entries(groups[group]!.schedules)
    .filter(([, window]) => {
      const occurrences = new Occurrences(window, calendars, timeZone);
      return !occurrences.openAt(now) && !occurrences.after(now);
    })
    .map(([name]) => ({
      path: `groups.${group}.schedules.${name}`,
      message: 'is over: it will not open again',
    }));
}

/** Longer than any night: who has swapped the ends of a working day gets the rest of it. */
const longestNightMs = 15 * hourMs;
/** Starts that are looked at: a week of a window that opens each hour. */
const startsAhead = 170;

/** A window that opens again before it has closed, and one whose ends were probably swapped. */
function lengthWarnings({ groups, calendars, timeZone }: Fleet, group: string, now: Instant): FleetWarning[] {
  return Object.entries(groups[group]!.schedules).flatMap(([name, window]) => {
    const all = nextOccurrences(new Occurrences(window, calendars, timeZone), now);
    const found = window.end ? longWarning(window, all) : cutWarning(window, all);
    return found === undefined ? [] : [{ ...found, path: `groups.${group}.schedules.${name}.${found.path}` }];
  });
}

function nextOccurrences(occurrences: Occurrences, now: Instant): Occurrence[] {
  const all: Occurrence[] = [];
  for (let at = now; all.length < startsAhead; at = all.at(-1)!.start) {
    const next = occurrences.after(at);
    if (!next) break;
    all.push(next);
  }
  return all;
}

/** What a duration says beyond the next start is not obeyed. */
function cutWarning({ duration = 0 }: ScheduleWindow, all: readonly Occurrence[]): FleetWarning | undefined {
  const gaps = all.slice(1).map(({ start }, index) => start - all[index]!.start);
  const gap = gaps.find((each) => each < duration * 1000);
  if (gap === undefined) return undefined;
  const message = `is ${hours(duration * 1000)}, but it opens again ${hours(gap)} after its start: what is longer than that is cut`;
  return { path: 'duration', message };
}

function longWarning({ start, end }: ScheduleWindow, all: readonly Occurrence[]): FleetWarning | undefined {
  const longest = Math.max(...all.map((each) => each.end - each.start));
  if (!end || !('cron' in start) || !('cron' in end) || !(longest > longestNightMs)) return undefined;
  const daily = JSON.stringify(start.cron.daysOfWeek) === JSON.stringify(end.cron.daysOfWeek);
  if (daily && (end.cron.hours[0] ?? 0) >= (start.cron.hours[0] ?? 0)) return undefined;
  const why = daily ? ': were start and end swapped?' : ', as they are on different days';
  return { path: 'end', message: `comes up to ${hours(longest)} after the start${why}` };
}

function hours(milliseconds: number): string {
  const minutes = Math.round(milliseconds / minuteMs);
  if (minutes % minutesPerDay === 0)
    return minutes === minutesPerDay ? 'a day' : `${minutes / minutesPerDay} days`;
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The narrowest maximum wins over every floor. */
function conflictWarnings(fleet: Fleet, group: string, now: Instant): FleetWarning[] {
  const windows = Object.entries(fleet.groups[group]!.schedules);
  return windows.flatMap(([name, { minSize = 0 }]) =>
    windows.flatMap(([other, { maxSize = minSize }]) => {
      const at = maxSize < minSize ? firstBothOpen(fleet, group, [name, other], now) : undefined;
      if (at === undefined) return [];
      const message = `is ${minSize}, but where ${other} is open too (first at ${wallClock(fleet, at)}) its maxSize of ${maxSize} wins`;
      return [{ path: `groups.${group}.schedules.${name}.minSize`, message }];
    }),
  );
}

/**
 * A floor is no sum: what another window adds comes on top of the group's own servers, and does not show below the floor. Told where
 * the group at its least would not rise above it.
 */
function swallowedWarnings(fleet: Fleet, group: string, now: Instant): FleetWarning[] {
  const { schedules, minSize } = fleet.groups[group]!;
  const windows = Object.entries(schedules);
  return windows.flatMap(([name, window]) =>
    windows.flatMap(([other, { minSize: floor = 0 }]) => {
      const added = addedAtLeast(window, minSize);
      if (added === undefined || minSize + added > floor) return [];
      const at = firstBothOpen(fleet, group, [name, other], now);
      if (at === undefined) return [];
      const message = `adds ${added} to the group's own servers, at least ${minSize}, and ${other}, open too (first at ${wallClock(fleet, at)}), keeps ${floor} anyway: a floor is no sum, so that the group gets nothing of it unless its own are more than ${floor - added}. To have both, write minSize: ${floor + added} here, or a scalingAdjustment there`;
      return [{ path: `groups.${group}.schedules.${name}.scalingAdjustment`, message }];
    }),
  );
}

/** Servers that a window adds to a group at its minimum; undefined: it adds none, as one with a minimum of its own. */
function addedAtLeast({ scalingAdjustment, minSize }: ScheduleWindow, own: number): number | undefined {
  if (scalingAdjustment === undefined || minSize !== undefined) return undefined;
  if (typeof scalingAdjustment === 'number') return scalingAdjustment;
  return Math.floor((own * Number.parseInt(scalingAdjustment, 10)) / 100);
}

function wallClock({ timeZone }: Fleet, at: Instant): string {
  return new Date(zoneNamed(timeZone).wallAt(at)).toISOString().slice(0, 16);
}

function firstBothOpen(
  fleet: Fleet,
  group: string,
  names: readonly string[],
  now: Instant,
): Instant | undefined {
  const timetable = timetableOf(fleet, group, names);
  const starts = timetable.next(now, now + aheadMs).filter(({ edge }) => edge === 'start');
  return [now, ...starts.map(({ at }) => at)].find((at) => timetable.openAt(at).length === names.length);
}

function timetableOf(
  { groups, calendars, timeZone }: Fleet,
  group: string,
  names: readonly string[],
): Timetable {
  const { schedules } = groups[group]!;
  return new Timetable(
    Object.fromEntries(names.map((name) => [name, schedules[name]!])),
    calendars,
    timeZone,
  );
}
