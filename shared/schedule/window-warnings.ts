import type { Instant } from '../domain/observation.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { FleetWarning } from '../fleet/warnings.ts';
import { Occurrences } from './occurrences.ts';
import { Timetable } from './timetable.ts';
import { dayMs, zoneNamed } from './zone.ts';

const aheadMs = 400 * dayMs;

/** What the fleet file says of its windows and probably does not mean, as far as that depends on when they are open. */
export function windowWarnings(fleet: Fleet, now: Instant): FleetWarning[] {
  return Object.keys(fleet.groups).flatMap((group) => [
    ...overWarnings(fleet, group, now),
    ...conflictWarnings(fleet, group, now),
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

/** The narrowest maximum wins over every floor. */
function conflictWarnings(fleet: Fleet, group: string, now: Instant): FleetWarning[] {
  const windows = Object.entries(fleet.groups[group]!.schedules);
  return windows.flatMap(([name, { minSize = 0 }]) =>
    windows.flatMap(([other, { maxSize = minSize }]) => {
      const at = maxSize < minSize ? firstBothOpen(fleet, group, [name, other], now) : undefined;
      if (at === undefined) return [];
      const when = new Date(zoneNamed(fleet.timeZone).wallAt(at)).toISOString().slice(0, 16);
      const message = `is ${minSize}, but where ${other} is open too (first at ${when}) its maxSize of ${maxSize} wins`;
      return [{ path: `groups.${group}.schedules.${name}.minSize`, message }];
    }),
  );
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
