import { Cron } from 'croner';
import { z } from 'zod';
import { acrossFields } from './across-fields.ts';
import { day, duration, identifier, pattern, size, timeZone } from './scalars.ts';

const cronHint =
  'expected a cron of five fields like "0 11 * * MON-FRI", with * for day of month or for day of week';
const momentHint = `${cronHint}, or a local time like 2026-11-11T00:00`;

const names = new Set(
  'SUN MON TUE WED THU FRI SAT JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' '),
);

/**
 * Five cron fields that EventBridge Scheduler can say too: day of month and day of week not both restricted, and of the
 * extensions only `L`, the last day of the month. One that never comes is none.
 */
function isCron(text: string): boolean {
  const fields = text.split(' ');
  const [, , dayOfMonth, , dayOfWeek] = fields;
  if (fields.length !== 5 || !/^[-\d*/,A-Za-z ]+$/.test(text)) return false;
  if (dayOfMonth !== '*' && dayOfWeek !== '*') return false;
  const words = fields.flatMap((field, index) => (index === 2 && field === 'L' ? [] : wordsOf(field)));
  if (!words.every((word) => names.has(word.toUpperCase()))) return false;
  try {
    return new Cron(text, { mode: '5-part', utcOffset: 0 }).nextRun(new Date(0)) !== null;
  } catch {
    return false;
  }
}

function wordsOf(field: string): string[] {
  return field.match(/[A-Za-z]+/g) ?? [];
}

/** A local time, with seconds or without, on a day that exists. */
function isLocalTime(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text)) return false;
  const wall = Date.parse(`${text}Z`);
  return !Number.isNaN(wall) && new Date(wall).toISOString().startsWith(text);
}

const moment = z
  .string({ error: momentHint })
  .refine((text) => isCron(text) || isLocalTime(text), { error: momentHint });

const boostHint = 'expected servers to add, like 2, or a percentage, like 50%';
const boost = z.union(
  [
    z.int().min(1, { error: boostHint }).max(10_000, { error: boostHint }),
    pattern(/^[1-9]\d{0,3}%$/, boostHint),
  ],
  { error: boostHint },
);

function isDayRange(text: string): boolean {
  const [from, to = from, ...rest] = text.split('..');
  return rest.length === 0 && day.safeParse(from).success && day.safeParse(to).success && from! <= to!;
}

const dayRangeHint = 'expected a day like 2026-10-01 or a range like 2026-10-01..2026-10-07';
const dayRange = z.string({ error: dayRangeHint }).refine(isDayRange, { error: dayRangeHint });

/** Days and ranges of days `2026-10-01..2026-10-07`, both ends included. */
export const calendar = z.array(dayRange);

const calendarEntry = z.union([dayRange, identifier], {
  error: 'expected a day, a range of days, or the name of a calendar',
});

/** Half-open `[start, end)`; the weekday and the calendars are judged at its start. */
export const scheduleWindow = acrossFields(
  z.strictObject({
    start: moment.describe('When it opens: five cron fields, or once at a local time like 2026-11-11T00:00.'),
    end: moment
      .optional()
      .describe('When it closes, in the same form: the first such time after the start. Or give a duration.'),
    duration: duration.optional().describe('How long it stays open, instead of an end: 90m, 2h, or seconds.'),
    timeZone: timeZone.optional().describe("Whose clock start and end mean. Default: the fleet's."),
    scalingAdjustment: boost
      .optional()
      .describe(
        "Servers on top while it is open, given back when it closes; or a percentage of the group's own.",
      ),
    minSize: size.optional().describe('At least so many servers while it is open.'),
    maxSize: size.optional().describe('At most so many servers while it is open.'),
    except: z
      .array(calendarEntry)
      .default([])
      .describe('Days on which it does not open: days, ranges of days, names of calendars.'),
    only: z.array(calendarEntry).default([]).describe('The only days on which it opens, in the same form.'),
  }),
  (window, complain) => {
    const { start, end, minSize, maxSize } = window;
    if ('end' in window === 'duration' in window) complain('end', 'expected either end or duration');
    if (!['scalingAdjustment', 'minSize', 'maxSize'].some((effect) => effect in window)) {
      complain(
        'scalingAdjustment',
        'expected scalingAdjustment, minSize or maxSize, or the window does nothing',
      );
    }
    if (minSize !== undefined && maxSize !== undefined && minSize > maxSize)
      complain('minSize', `expected at most maxSize (${maxSize})`);
    if (start === undefined || end === undefined) return;
    if (isLocalTime(start) !== isLocalTime(end))
      complain('end', 'expected the same kind as start, both a cron or both a local time');
    else if (isLocalTime(start) && Date.parse(`${end}Z`) <= Date.parse(`${start}Z`))
      complain('end', `expected a time after start (${start})`);
  },
);

export type ScheduleWindow = z.output<typeof scheduleWindow>;
