import type { Instant } from '../domain/observation.ts';
import type { Calendar } from '../fleet/calendar-days.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { FleetWarning } from '../fleet/fleet-warning.ts';
import { dayNumber } from '../fleet/open-days.ts';
import { dayMs } from '../units.ts';
import { zoneNamed } from './zone.ts';

const warnDays = 60;

/** What to be warned of, and what to do about it. */
export interface CalendarWarning extends FleetWarning {
  readonly advice: string;
}

/** The calendars that recurring windows go by and that end soon, or have ended: nobody knows of the days after. */
export function calendarWarnings(fleet: Fleet, now: Instant): CalendarWarning[] {
  const today = Math.floor(zoneNamed(fleet.timeZone).wallAt(now) / dayMs);
  return Object.entries(fleet.calendars).flatMap(([name, calendar]) => {
    const windows = recurringWindows(fleet, name);
    const end = lastDay(calendar);
    if (windows.length === 0 || end === undefined || dayNumber(end) - today >= warnDays) return [];
    const whose = `${windows.slice(0, 3).join(', ')}${windows.length > 3 ? ', …' : ''}`;
    const message = `${dayNumber(end) < today ? 'ended' : 'ends'} on ${end}: what comes after is not known to ${whose}`;
    return [{ path: `calendars.${name}`, message, advice: advice(calendar) }];
  });
}

function advice({ knownUntil }: Calendar): string {
  return knownUntil === undefined
    ? 'Add the days that come, and deploy.'
    : 'Once they are announced, update what tells them (npm update chinese-days date-holidays, or the .ics file), and deploy.';
}

function lastDay({ days, knownUntil }: Calendar): string | undefined {
  if (knownUntil !== undefined) return knownUntil;
  const ends = days.map(({ to }) => to);
  return ends.sort().at(-1);
}

/** `business.lunch` */
function recurringWindows({ groups }: Fleet, calendar: string): string[] {
  return Object.entries(groups).flatMap(([group, { schedules }]) =>
    Object.entries(schedules).flatMap(([name, { start, only, except }]) =>
      'cron' in start && (only.includes(calendar) || except.includes(calendar)) ? [`${group}.${name}`] : [],
    ),
  );
}
