import type { Instant } from '../shared/domain/observation.ts';
import type { Fleet } from '../shared/fleet/fleet.ts';
import { dayNumber } from '../shared/fleet/open-days.ts';
import { unitsOf } from '../shared/fleet/unit-of.ts';
import { Timetable } from '../shared/schedule/timetable.ts';
import { windowEffect } from '../shared/schedule/window-effect.ts';
import { zoneNamed } from '../shared/schedule/zone.ts';
import { english } from '../shared/sentences/en.ts';
import { speaker } from '../shared/sentences/speaker.ts';
import { dayMs, minuteMs } from '../shared/units.ts';

/** What the windows do on one day of the fleet's calendar. */
export interface PlannedDay {
  /** `2026-03-08` */
  readonly day: string;
  /** By how many minutes the clocks are put forward on this day, or back if below 0. */
  readonly clockChangeMinutes: number;
  /** The fleet's calendars that hold this day, but for the ordinary days of one that is laid out from a country. */
  readonly calendars: readonly PlannedHoliday[];
  /** Open at its beginning, or opened on it; in the order in which they open. */
  readonly windows: readonly PlannedWindow[];
}

export interface PlannedHoliday {
  readonly calendar: string;
  /** What the day is called. */
  readonly name?: string;
}

export interface PlannedWindow {
  readonly group: string;
  readonly window: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly effect: string;
}

/** @param from any instant of the first day */
export function planDays(fleet: Fleet, groups: readonly string[], from: Instant, days: number): PlannedDay[] {
  const zone = zoneNamed(fleet.timeZone);
  const firstDay = Math.floor(zone.wallAt(from) / dayMs);
  const midnight = (day: number) => zone.instantFrom(day * dayMs);
  const span = [midnight(firstDay), midnight(firstDay + days)] as const;
  const planned = groups
    .flatMap((group) => occurrences(fleet, group, ...span))
    .sort((one, other) => one.start - other.start);
  return Array.from({ length: days }, (_, index) => {
    const day = firstDay + index;
    const [begin, end] = [midnight(day), midnight(day + 1)];
    return {
      day: new Date(day * dayMs).toISOString().slice(0, 10),
      clockChangeMinutes: (dayMs - (end - begin)) / minuteMs,
      calendars: calendarsOn(fleet, day),
      windows: planned.filter(({ start }) => start < end && (start >= begin || index === 0)),
    };
  });
}

function occurrences(fleet: Fleet, group: string, from: Instant, until: Instant): PlannedWindow[] {
  const { sentence } = speaker(english, fleet.timeZone, unitsOf(fleet)).of(group);
  const timetable = new Timetable(fleet.groups[group]!.schedules, fleet.calendars, fleet.timeZone);
  const opening = timetable.next(from - 1, until - 1).filter(({ edge }) => edge === 'start');
  const open = timetable.openAt(from - 1).filter(({ end }) => end > from);
  return [...open, ...opening.map(({ window }) => window)].map((window) => ({
    group,
    window: window.name,
    start: window.start,
    end: window.end,
    effect: sentence(windowEffect(window), window.start),
  }));
}

function calendarsOn({ calendars }: Fleet, day: number): PlannedHoliday[] {
  return Object.entries(calendars).flatMap(([calendar, { days, knownUntil }]) => {
    const holding = days.filter(({ from, to }) => dayNumber(from) <= day && day <= dayNumber(to));
    const names = [...new Set(holding.flatMap(({ name }) => name ?? []))];
    if (names.length > 0) return [{ calendar, name: names.join(', ') }];
    return holding.length > 0 && knownUntil === undefined ? [{ calendar }] : [];
  });
}
