import type { CronFields } from '../fleet/cron.ts';
import type { ScheduleWindow } from '../fleet/window.ts';
import { fieldTexts } from './cron-text.ts';
import { wallTimeOf } from './wall-times.ts';
import { zoneNamed } from './zone.ts';

/** `ScheduleExpression` and `ScheduleExpressionTimezone` of an EventBridge schedule. */
export interface SchedulerExpression {
  readonly expression: string;
  readonly timeZone: string;
  /** The instant at which it fires, if it does so once. */
  readonly at?: number;
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
  const at = instant + later;
  return { expression: `at(${new Date(at).toISOString().slice(0, 19)})`, timeZone: 'UTC', at };
}

/** As EventBridge's six fields: its numbers of weekdays begin at 1, and `?` is for the day field that is not used. */
function schedulerCron(cron: CronFields): string {
  const { minutes, hours, daysOfMonth, months, daysOfWeek } = fieldTexts(cron);
  const special = 'weekday' in cron.daysOfWeek ? cron.daysOfWeek : undefined;
  const byWeek = special || daysOfWeek !== '*';
  const weekdays = special
    ? `${special.weekday + 1}${special.week === 'last' ? 'L' : `#${special.week}`}`
    : daysOfWeek;
  return `cron(${[minutes, hours, byWeek ? '?' : daysOfMonth, months, byWeek ? weekdays : '?', '*'].join(' ')})`;
}
