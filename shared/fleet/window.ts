import { Cron } from 'croner';
import { z } from 'zod';
import { day, duration, identifier, size, timeZone } from './scalars.ts';

const cronHint = 'expected a cron of five fields like "0 11 * * MON-FRI"';
const momentHint = `${cronHint} or a local time like 2026-11-11T00:00`;

/** Five cron fields as croner reads them; day-of-month and day-of-week must not both be restricted. */
function isCron(text: string): boolean {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5 || !/^[-\d*/,A-Za-z\s]+$/.test(text)) return false;
  if (fields[2] !== '*' && fields[4] !== '*') return false;
  try {
    return new Cron(text, { paused: true, timezone: 'UTC' }).nextRun(new Date(0)) !== null;
  } catch {
    return false;
  }
}

const cron = z.string().refine(isCron, { error: `${cronHint}, with * for day of month or for day of week` });
const localTime = z.iso.datetime({ local: true, offset: false, error: momentHint });
const moment = z.union([localTime, cron], { error: momentHint });

/** `+n` servers, or a percentage of the group's own capacity when the window opens. */
const boost = z.union([z.int().min(1).max(10_000), z.string().regex(/^[1-9]\d{0,3}%$/)], {
  error: 'expected servers to add, like 2, or a percentage, like 50%',
});

/** A calendar's name, a day, or a range of days `2026-10-01..2026-10-07`, both ends included. */
const dayRange = z.string().refine(
  (text) => {
    const [from, to, ...rest] = text.split('..');
    return (
      rest.length === 0 &&
      day.safeParse(from).success &&
      (to === undefined || (day.safeParse(to).success && from! <= to))
    );
  },
  { error: 'expected a day like 2026-10-01 or a range like 2026-10-01..2026-10-07' },
);

export const calendar = z.array(dayRange);

const calendarEntry = z.union([dayRange, identifier], {
  error: 'expected a day, a range of days, or the name of a calendar',
});

/** Half-open `[start, end)`; the weekday and the calendars are judged at its start. */
export const scheduleWindow = z
  .strictObject({
    start: moment,
    end: moment.optional(),
    duration: duration.optional(),
    timeZone: timeZone.optional(),
    scalingAdjustment: boost.optional(),
    minSize: size.optional(),
    maxSize: size.optional(),
    except: z.array(calendarEntry).default([]),
    only: z.array(calendarEntry).default([]),
  })
  .superRefine((window, context) => {
    const complain = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if ((window.end === undefined) === (window.duration === undefined))
      complain('end', 'expected either end or duration');
    if (
      window.scalingAdjustment === undefined &&
      window.minSize === undefined &&
      window.maxSize === undefined
    ) {
      complain(
        'scalingAdjustment',
        'expected scalingAdjustment, minSize or maxSize: the window does nothing',
      );
    }
    if ((window.minSize ?? 0) > (window.maxSize ?? Number.POSITIVE_INFINITY))
      complain('minSize', 'expected at most maxSize');
    const once = localTime.safeParse(window.start).success;
    if (window.end !== undefined && localTime.safeParse(window.end).success !== once) {
      complain('end', 'expected the same kind as start: both a cron or both a local time');
    } else if (once && window.end !== undefined && window.end <= window.start) {
      complain('end', 'expected a time after start');
    }
  });

export type ScheduleWindow = z.output<typeof scheduleWindow>;
