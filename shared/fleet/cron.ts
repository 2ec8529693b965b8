import { type CronField, type FieldName, fieldOf, InvalidCron } from './cron-field.ts';
import { sixFieldsHint } from './six-field-cron.ts';

/** Which minutes a cron names, field by field; a day must be in both lists of days. */
export interface CronFields {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: readonly number[] | 'last' | NearestWorkday;
  /** From 1. */
  readonly months: readonly number[];
  /** Sunday is 0. */
  readonly daysOfWeek: readonly number[] | WeekdayOfMonth;
}

/** `15W`: the day from Monday to Friday that is nearest to the 15th, in the same month. */
export interface NearestWorkday {
  readonly nearestTo: number;
}

/** `FRI#2`, the second Friday of the month, or `FRIL`, its last. */
export interface WeekdayOfMonth {
  /** Sunday is 0. */
  readonly weekday: number;
  /** 1 to 5. */
  readonly week: number | 'last';
}

const monthNames = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
/** As cron counts them, with Sunday as 0 and as 7. */
const weekdayNames = 'SUN MON TUE WED THU FRI SAT'.split(' ');

const fields: Readonly<Record<FieldName, CronField>> = {
  minute: { name: 'minute', least: 0, most: 59, names: [] },
  hour: { name: 'hour', least: 0, most: 23, names: [] },
  'day of month': { name: 'day of month', least: 1, most: 31, names: [] },
  month: { name: 'month', least: 1, most: 12, names: monthNames },
  'day of week': { name: 'day of week', least: 0, most: 6, names: weekdayNames, also: 7 },
};

/** What crontab(5) takes for five fields; here they are written out, so that everybody sees the hour. */
const nicknames = new Map(
  Object.entries({
    '@hourly': '0 * * * *',
    '@daily': '0 0 * * *',
    '@midnight': '0 0 * * *',
    '@weekly': '0 0 * * 0',
    '@monthly': '0 0 1 * *',
    '@yearly': '0 0 1 1 *',
    '@annually': '0 0 1 1 *',
  }),
);

/**
 * Five cron fields, as crontab(5) has them, that EventBridge Scheduler can say too. Beyond crontab(5): `0/15` from 0 on,
 * ranges that run over the end (`FRI-MON`, `22-2`), `?` for any day, `L`, `W` and `#` as Quartz has them, but with cron's own
 * numbers of weekdays.
 *
 * @throws InvalidCron that says what was expected
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
export function parseCron(text: string): CronFields {
  const meant = nicknames.get(text.trim().toLowerCase());
  if (meant) throw new InvalidCron(`expected a cron of five fields: "${meant}"`);
  const parts = text.trim().split(/\s+/);
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = parts;
  if (parts.length === 6 || /^cron\(/i.test(text)) throw new InvalidCron(sixFieldsHint(text, parseCron));
  if (parts.length !== 5)
    throw new InvalidCron('expected a cron of five fields, minute, hour, day of month, month, day of week');
  const anyDay = (field: string) => field === '*' || field === '?';
  if (!anyDay(dayOfMonth) && !anyDay(dayOfWeek))
    throw new InvalidCron(
      'expected * for day of month or for day of week: EventBridge cannot say both in one schedule',
    );
  const cron: CronFields = {
    minutes: fieldOf(minute, fields.minute),
    hours: fieldOf(hour, fields.hour),
    daysOfMonth: dayOfMonthOf(dayOfMonth),
    months: fieldOf(month, fields.month),
    daysOfWeek: dayOfWeekOf(dayOfWeek),
  };
  if (Array.isArray(cron.daysOfMonth) && !everComes(cron.daysOfMonth, cron.months))
    throw new InvalidCron('expected a day that comes: none of these months has it');
  return cron;
}

function dayOfMonthOf(text: string): CronFields['daysOfMonth'] {
  const field = fields['day of month'];
  if (/^L$/i.test(text)) return 'last';
  if (text === '?') return fieldOf('*', field);
  if (!/[LW]/i.test(text)) return fieldOf(text, field);
  const nearestTo = Number(/^(\d{1,2})W$/i.exec(text)?.[1]);
  if (nearestTo >= 1 && nearestTo <= 28) return { nearestTo };
  throw new InvalidCron(
    'expected L alone (the last day) or W after one day from 1 to 28 (15W: the nearest Monday to Friday) as day of month',
  );
}

function dayOfWeekOf(text: string): CronFields['daysOfWeek'] {
  const field = fields['day of week'];
  if (text === '?') return fieldOf('*', field);
  if (!/#|L/i.test(text)) return fieldOf(text, field);
  const [, day = '', week] = /^(\w+?)(?:#([1-5])|L)$/i.exec(text) ?? [];
  const [weekday, ...more] = /^[0-7]$|^[A-Z]{3}$/i.test(day) ? fieldOf(day, field) : [];
  if (weekday !== undefined && more.length === 0)
    return { weekday, week: week === undefined ? 'last' : Number(week) };
  throw new InvalidCron(
    'expected L after one weekday (FRIL or 5L: the last Friday) or # between a weekday and 1 to 5 (FRI#2: the second Friday) as day of week, alone',
  );
}

const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function everComes(daysOfMonth: readonly number[], months: readonly number[]): boolean {
  return months.some((month) => daysOfMonth.some((day) => day <= longestMonths[month - 1]!));
}
