import { Cron } from 'croner';
import { type Instant, ServiceError } from '../service.ts';
import { instantOf, wallTimeAt } from './wall-clock.ts';

/** When something is due. */
export interface Schedule {
  /** The first instant after `after`, or undefined if there is none. */
  next(after: Instant): Instant | undefined;
}

/** More wall times than this in a row never fall into hours that do not exist or have been before. */
const maxSkips = 200;

/**
 * Reads `rate(5 minutes)`, `cron(0 11 * * ? *)` (minute, hour, day of month, month, day of week, year) and, for
 * EventBridge Scheduler, `at(2026-03-02T11:00:00)`. Local times that daylight saving skips are skipped, those that it
 * repeats count once.
 *
 * @param anchor from when a rate counts
 * @throws ServiceError `ValidationException`
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function parseSchedule(expression: string, timeZone: string, anchor: Instant): Schedule {
  checkTimeZone(timeZone);
  const [, kind, content] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  if (kind === 'rate') return rate(content!, anchor, expression);
  if (kind === 'cron') return cron(content!, timeZone, expression);
  if (kind === 'at') return once(content!, timeZone, expression);
  throw invalid(expression);
}

const units: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

function rate(content: string, anchor: Instant, expression: string): Schedule {
  const [, count, unit] = /^(\d+) (minute|hour|day)s?$/.exec(content) ?? [];
  if (!(Number(count) > 0)) throw invalid(expression);
  const periodMs = Number(count) * units[unit!]!;
  return { next: (after) => anchor + Math.max(0, Math.floor((after - anchor) / periodMs) + 1) * periodMs };
}

function once(content: string, timeZone: string, expression: string): Schedule {
  const wallTime = Date.parse(`${content}Z`);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(content) || Number.isNaN(wallTime)) throw invalid(expression);
  const instant = instantOf(wallTime, timeZone);
  return { next: (after) => (instant !== undefined && instant > after ? instant : undefined) };
}

function cron(content: string, timeZone: string, expression: string): Schedule {
  const pattern = patternOf(content, expression);
  let job: Cron;
  try {
    // The pattern is about the clock on the wall, which is why it is evaluated as if that were UTC.
    job = new Cron(pattern, { timezone: 'UTC', paused: true });
  } catch {
    throw invalid(expression);
  }
  return {
    next(after) {
      let wallTime = wallTimeAt(after, timeZone);
      for (let skips = 0; skips < maxSkips; skips += 1) {
        const next = job.nextRun(new Date(wallTime));
        if (!next) return undefined;
        wallTime = next.getTime();
        const instant = instantOf(wallTime, timeZone);
        if (instant !== undefined && instant > after) return instant;
      }
      return undefined;
    },
  };
}

/** AWS's six fields to croner's seven: seconds first, Sunday is 0 and not 1, `5/15` is spelled `5-59/15`. */
function patternOf(content: string, expression: string): string {
  const fields = content.trim().split(/\s+/);
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = fields;
  if (fields.length !== 6 || (dayOfMonth === '?') === (dayOfWeek === '?')) throw invalid(expression);
  const fromSunday = dayOfWeek!.replace(/(?<![#/\w])([1-7])(?=$|[-,#L])/g, (digit) =>
    String(Number(digit) - 1),
  );
  return [
    '0',
    steps(minute!, 59),
    steps(hour!, 23),
    steps(dayOfMonth!, 31),
    steps(month!, 12),
    fromSunday,
    steps(year!, 2199),
  ].join(' ');
}

function steps(field: string, last: number): string {
  return field.replace(/(^|,)(\d+)\//g, `$1$2-${last}/`);
}

function checkTimeZone(timeZone: string): void {
  try {
    wallTimeAt(0, timeZone);
    if (isMisspelled(timeZone)) throw new RangeError(timeZone);
  } catch {
    throw new ServiceError('ValidationException', `Invalid Schedule Expression Timezone: ${timeZone}.`);
  }
}

/** The service takes names as the IANA database has them, JavaScript in any case. */
function isMisspelled(timeZone: string): boolean {
  const known = Intl.supportedValuesOf('timeZone').find(
    (zone) => zone.toLowerCase() === timeZone.toLowerCase(),
  );
  return known === undefined ? timeZone === timeZone.toLowerCase() : known !== timeZone;
}

function invalid(expression: string): ServiceError {
  return new ServiceError('ValidationException', `Parameter ScheduleExpression is not valid: ${expression}.`);
}
