import type { CronFields } from '../fleet/cron.ts';
import type { ScheduleWindow } from '../fleet/window.ts';
import { wallTimeOf } from './wall-times.ts';
import { zoneNamed } from './zone.ts';

/** `ScheduleExpression` and `ScheduleExpressionTimezone` of an EventBridge schedule. */
export interface SchedulerExpression {
  readonly expression: string;
  readonly timeZone: string;
}

/**
 * The EventBridge schedule that fires when a window opens or closes, at the same instants as the engine's own reading of
 * the fleet file, but for local times that daylight saving skips: there it does not fire, and the sweep finds the window
 * open or closed when the clock has jumped. undefined for the end of a recurring window that has a duration: no cron says "two hours later" across
 * midnight and daylight saving, so the sweep closes it.
 *
 * @param timeZone the fleet's, for a window that has none
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function schedulerExpression(
  window: ScheduleWindow,
  edge: 'start' | 'end',
  timeZone: string,
): SchedulerExpression | undefined {
  const zone = window.timeZone ?? timeZone;
  const moment = edge === 'start' ? window.start : window.end;
  if (moment && 'cron' in moment) return { expression: schedulerCron(moment.cron), timeZone: zone };
  const once = moment ?? window.start;
  if ('cron' in once) return undefined;
  const instant = zoneNamed(zone).instantFrom(wallTimeOf(once.localTime));
  const later = moment === undefined ? (window.duration ?? 0) * 1000 : 0;
  // In UTC, where no local time is skipped or repeated.
  return { expression: `at(${new Date(instant + later).toISOString().slice(0, 19)})`, timeZone: 'UTC' };
}

const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** As EventBridge's six fields: its numbers of weekdays begin at 1, and `?` is for the day field that is not used. */
function schedulerCron({ minutes, hours, daysOfMonth, months, daysOfWeek }: CronFields): string {
  const byWeek = 'weekday' in daysOfWeek || daysOfWeek.length < 7;
  return `cron(${[
    textOf(minutes, 60),
    textOf(hours, 24),
    byWeek ? '?' : dayOfMonthText(daysOfMonth),
    textOf(months, 12),
    byWeek ? dayOfWeekText(daysOfWeek) : '?',
    '*',
  ].join(' ')})`;
}

function dayOfMonthText(days: CronFields['daysOfMonth']): string {
  if (days === 'last') return 'L';
  return 'nearestTo' in days ? `${days.nearestTo}W` : textOf(days, 31);
}

function dayOfWeekText(days: CronFields['daysOfWeek']): string {
  if (!('weekday' in days)) return textOf(days, 7, weekdays);
  return `${days.weekday + 1}${days.week === 'last' ? 'L' : `#${days.week}`}`;
}

/**
 * A field's values as `*`, or as numbers and ranges: `0,15,30,45`, `9-17`, `MON-FRI`.
 * @param all how many values there could be
 */
function textOf(values: readonly number[], all: number, names?: readonly string[]): string {
  if (values.length === all) return '*';
  const text = (value: number) => names?.[value] ?? String(value);
  const parts: string[] = [];
  for (let from = 0; from < values.length; from++) {
    let to = from;
    while (values[to + 1] === values[to]! + 1) to++;
    if (to - from >= 2) parts.push(`${text(values[from]!)}-${text(values[to]!)}`);
    else parts.push(...values.slice(from, to + 1).map(text));
    from = to;
  }
  return parts.join(',');
}
