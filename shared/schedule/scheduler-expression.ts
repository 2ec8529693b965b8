import { CronPattern } from 'croner';
import type { ScheduleWindow } from '../fleet/window.ts';
import { instantOfLocalTime } from './moments.ts';
import { isLocalTime } from './occurrences.ts';
import { zoneNamed } from './zone.ts';

/** `ScheduleExpression` and `ScheduleExpressionTimezone` of an EventBridge schedule. */
export interface SchedulerExpression {
  readonly expression: string;
  readonly timeZone: string;
}

/**
 * The EventBridge schedule that fires when a window opens or closes, at the same instants as the engine's own reading of
 * the fleet file. undefined for the end of a recurring window that has a duration: no cron says "two hours later" across
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
  if (moment !== undefined && !isLocalTime(moment)) {
    return { expression: schedulerCron(moment), timeZone: zone };
  }
  if (moment === undefined && !isLocalTime(window.start)) return undefined;
  const instant = instantOfLocalTime(moment ?? window.start, zoneNamed(zone));
  const later = moment === undefined ? (window.duration ?? 0) * 1000 : 0;
  // In UTC, where no local time is skipped or repeated.
  return { expression: `at(${new Date(instant + later).toISOString().slice(0, 19)})`, timeZone: 'UTC' };
}

const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Five cron fields as EventBridge's six: weekdays by name (its numbers start at 1), and `?` for the day field not used. */
function schedulerCron(cron: string): string {
  const fields = new CronPattern(cron, undefined, { mode: '5-part' });
  const dayOfMonth = fields.lastDayOfMonth ? 'L' : valuesOf(fields.day, 1);
  const dayOfWeek = valuesOf(fields.dayOfWeek, 0, weekdays);
  return `cron(${[
    valuesOf(fields.minute, 0),
    valuesOf(fields.hour, 0),
    fields.starDOM && dayOfWeek !== '*' ? '?' : dayOfMonth,
    valuesOf(fields.month, 1),
    fields.starDOM && dayOfWeek !== '*' ? dayOfWeek : '?',
    '*',
  ].join(' ')})`;
}

/** A field's values as `*`, or as numbers and ranges: `0,15,30,45`, `9-17`, `MON-FRI`. */
function valuesOf(field: readonly number[], first: number, names?: readonly string[]): string {
  if (field.every((set) => set)) return '*';
  const text = (index: number) => names?.[index] ?? String(index + first);
  const parts: string[] = [];
  for (let from = 0; from < field.length; from++) {
    if (!field[from]) continue;
    let to = from;
    while (field[to + 1]) to++;
    if (to - from >= 2) parts.push(`${text(from)}-${text(to)}`);
    else for (let index = from; index <= to; index++) parts.push(text(index));
    from = to;
  }
  return parts.join(',');
}
