import { createRequire } from 'node:module';
import type ICAL from 'ical.js';
import type { Calendar, CalendarDays } from './calendar-days.ts';
import { readBeside, UnusableFile } from './file-beside.ts';
import { InvalidCalendar } from './invalid-calendar.ts';
import { laidYears } from './laid-years.ts';

const require = createRequire(import.meta.url);
const mostBytes = 1_000_000;
/** A few lines may repeat each day for ever. */
const mostDays = 10_000;
const firstDay = `${laidYears.from}-01-01`;
const lastDay = `${laidYears.to}-12-31`;

/**
 * The days of an iCalendar file's events, those that repeat laid out for the laid years. In a calendar of Apple's that marks
 * both days of rest and days of work, only days of rest count.
 * @throws InvalidCalendar when it cannot be read, or has an event that does not last whole days
 * @see https://www.rfc-editor.org/rfc/rfc5545
 */
export function icsCalendar(directory: string, file: string): Calendar {
  const ical = require('ical.js') as typeof ICAL;
  const events = eventsOf(ical, textOf(directory, file));
  const special = (event: ICAL.Component) => String(event.getFirstPropertyValue('x-apple-special-day') ?? '');
  const tellsRest = events.some((event) => special(event) === 'WORK-HOLIDAY');
  const meant = events
    .filter((event) => event.getFirstPropertyValue('status') !== 'CANCELLED')
    .filter((event) => !tellsRest || special(event) === 'WORK-HOLIDAY')
    .filter((event) => !event.hasProperty('recurrence-id'));
  const days: CalendarDays[] = [];
  for (const event of meant) {
    days.push(...daysOrRefusal(ical, event, events));
    if (days.length > mostDays) throw new InvalidCalendar('ics', `expected at most ${mostDays} days`);
  }
  const ends = days.map(({ to }) => to).sort();
  return {
    days: days.sort((one, other) => one.from.localeCompare(other.from)),
    ...(ends.length > 0 && { knownUntil: ends.at(-1)! }),
  };
}

function textOf(directory: string, file: string): string {
  try {
    return readBeside(directory, file, mostBytes);
  } catch (cause) {
    if (!(cause instanceof UnusableFile)) throw cause;
    throw new InvalidCalendar('ics', cause.message, { cause });
  }
}

function eventsOf(ical: typeof ICAL, text: string): ICAL.Component[] {
  try {
    // A file may hold several calendars, one after the other.
    const parsed: unknown[] = ical.parse(text) as unknown[];
    const calendars = (typeof parsed[0] === 'string' ? [parsed] : parsed) as never[];
    return calendars.flatMap((calendar) => new ical.Component(calendar).getAllSubcomponents('vevent'));
  } catch (cause) {
    throw new InvalidCalendar('ics', 'expected a file in the iCalendar format', { cause });
  }
}

function daysOrRefusal(
  ical: typeof ICAL,
  component: ICAL.Component,
  all: readonly ICAL.Component[],
): CalendarDays[] {
  try {
    refuseStrangeRules(component);
    return daysOfEvent(ical, component, all);
  } catch (cause) {
    if (cause instanceof InvalidCalendar) throw cause;
    throw new InvalidCalendar('ics', `expected events that can be read, which ${nameOf(component)} cannot`, {
      cause,
    });
  }
}

function nameOf(component: ICAL.Component): string {
  const name = component.getFirstPropertyValue('summary') ?? component.getFirstPropertyValue('uid');
  return String(name ?? 'one')
    .trim()
    .slice(0, 100);
}

/** Of the rules that RFC 5545 allows, those that are sure to be read right: the library finds a 30 February, or looks for it for ever. */
function refuseStrangeRules(component: ICAL.Component): void {
  const rules = component.getAllProperties('rrule').map((rule) => rule.getFirstValue() as ICAL.Recur);
  const isPlain = ({ freq, parts }: ICAL.Recur) =>
    ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY'].includes(freq) &&
    Object.keys(parts).every((part) =>
      freq === 'YEARLY' ? part === 'BYMONTH' || part === 'BYDAY' : freq === 'WEEKLY' && part === 'BYDAY',
    );
  if (rules.length > 1 || !rules.every(isPlain))
    throw new InvalidCalendar(
      'ics',
      `expected events that repeat by year (BYMONTH and BYDAY), week (BYDAY), month or day, unlike ${nameOf(component)}`,
    );
}

function daysOfEvent(
  ical: typeof ICAL,
  component: ICAL.Component,
  all: readonly ICAL.Component[],
): CalendarDays[] {
  const uid = component.getFirstPropertyValue('uid');
  const exceptions = all.filter(
    (other) => other.hasProperty('recurrence-id') && other.getFirstPropertyValue('uid') === uid,
  );
  const event = new ical.Event(component, { exceptions: [...exceptions], strictExceptions: true });
  const name = event.summary?.trim() || undefined;
  if (!event.startDate?.isDate)
    throw new InvalidCalendar(
      'ics',
      `expected events that last whole days, which ${nameOf(component)} does not`,
    );
  if (!event.isRecurring()) return [daysFrom(event.startDate, event.endDate, name)];
  const days: CalendarDays[] = [];
  const occurrences = event.iterator();
  for (let next = occurrences.next(); next && next.toString() <= lastDay; next = occurrences.next()) {
    const { startDate, endDate, item } = event.getOccurrenceDetails(next);
    const cancelled = item.component.getFirstPropertyValue('status') === 'CANCELLED';
    const named = daysFrom(startDate, endDate, item.summary?.trim() || undefined);
    if (!cancelled && named.to >= firstDay) days.push(named);
  }
  return days;
}

/** @param end the day after the last; without one the event lasts a day */
function daysFrom(start: ICAL.Time, end: ICAL.Time, name: string | undefined): CalendarDays {
  const last = end.clone();
  last.adjust(-1, 0, 0, 0);
  const from = start.toString().slice(0, 10);
  const to = last.toString().slice(0, 10);
  return { from, to: to < from ? from : to, ...(name !== undefined && { name: name.slice(0, 100) }) };
}
