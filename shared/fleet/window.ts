import { z } from 'zod';
import { acrossFields } from './across-fields.ts';
import { calendarEntry } from './calendar.ts';
import { type CronFields, parseCron } from './cron.ts';
import { InvalidCron } from './cron-field.ts';
import { duration, pattern, size, timeZone } from './scalars.ts';

const localTimeHint = 'a local time like 2026-11-11T00:00';
const momentHint = `expected a cron of five fields like "0 11 * * MON-FRI", or ${localTimeHint}`;

/** A time of the wall clock that comes again and again, or once. */
export type Moment = { readonly cron: CronFields } | { readonly localTime: string };

/** A local time, with seconds or without, on a day that exists. */
function isLocalTime(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text)) return false;
  const wall = Date.parse(`${text}Z`);
  return !Number.isNaN(wall) && new Date(wall).toISOString().startsWith(text);
}

/** Read here once and for all, so that what runs reads no crons. */
const moment = z.string({ error: momentHint }).transform((text, context): Moment => {
  if (isLocalTime(text)) return { localTime: text };
  try {
    if (!/^\d{4}-/.test(text) && /[ @]/.test(text)) return { cron: parseCron(text) };
    context.addIssue({ code: 'custom', message: momentHint });
  } catch (error) {
    if (!(error instanceof InvalidCron)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
  }
  return z.NEVER;
});

const boostHint = 'expected servers to add, like 2, or a percentage, like 50%';
const boost = z.union(
  [
    z.int().min(1, { error: boostHint }).max(10_000, { error: boostHint }),
    pattern(/^[1-9]\d{0,3}%$/, boostHint),
  ],
  { error: boostHint },
);

const effects = ['scalingAdjustment', 'minSize', 'maxSize', 'lowerMinSizeTo'] as const;

/** Half-open `[start, end)`; the weekday and the calendars are judged at its start. */
export const scheduleWindow = acrossFields(
  z.strictObject({
    start: moment.describe(
      'When it opens: five cron fields (0 and 7 are Sunday; also 0/15, FRI-MON, ?, L, 15W, FRI#2), or once at a local time like 2026-11-11T00:00.',
    ),
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
    minSize: size.optional().describe('At least this many servers while it is open.'),
    maxSize: size.optional().describe('At most this many servers while it is open.'),
    lowerMinSizeTo: size
      .optional()
      .describe(
        "While it is open this is the group's minSize, below the usual one. With maxSize 0 the group is closed.",
      ),
    except: z
      .array(calendarEntry)
      .default([])
      .describe('Days on which it does not open: days, ranges of days, names of calendars.'),
    only: z.array(calendarEntry).default([]).describe('The only days on which it opens, in the same form.'),
  }),
  (window, complain) => {
    const { start, end, minSize, maxSize, lowerMinSizeTo } = window;
    if ('end' in window === 'duration' in window) complain('end', 'expected either end or duration');
    if (!effects.some((effect) => effect in window))
      complain('scalingAdjustment', `expected ${effects.join(', ')}, or the window does nothing`);
    if (lowerMinSizeTo !== undefined && minSize !== undefined)
      complain('lowerMinSizeTo', 'expected no minSize beside it: the one lowers, the other raises');
    if (lowerMinSizeTo !== undefined && maxSize !== undefined && maxSize < lowerMinSizeTo)
      complain('maxSize', `expected at least lowerMinSizeTo (${lowerMinSizeTo})`);
    if (minSize !== undefined && maxSize !== undefined && minSize > maxSize)
      complain('minSize', `expected at most maxSize (${maxSize})`);
    if (start === undefined || end === undefined) return;
    const [opens, closes] = [start, end].map((moment) => ('localTime' in moment ? moment.localTime : ''));
    if (!opens !== !closes)
      complain('end', 'expected the same kind as start, both a cron or both a local time');
    else if (opens && Date.parse(`${closes}Z`) <= Date.parse(`${opens}Z`))
      complain('end', `expected a time after start (${opens})`);
  },
);

export type ScheduleWindow = z.output<typeof scheduleWindow>;
