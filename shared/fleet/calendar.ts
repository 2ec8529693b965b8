import { z } from 'zod';
import type { Calendar } from './calendar-days.ts';
import { InvalidCalendar } from './invalid-calendar.ts';
import { daysOf } from './open-days.ts';
import { day, identifier, pattern } from './scalars.ts';

function isDayRange(text: string): boolean {
  const [from, to = from, ...rest] = text.split('..');
  return rest.length === 0 && day.safeParse(from).success && day.safeParse(to).success && from! <= to!;
}

const dayRangeHint = 'expected a day like 2026-10-01 or a range like 2026-10-01..2026-10-07';

/** A day, or a range of days `2026-10-01..2026-10-07`, both ends included. */
const dayRange = z.string({ error: dayRangeHint }).refine(isDayRange, { error: dayRangeHint });

/** A day, a range of days, or the name of a calendar of the fleet. */
export const calendarEntry = z.union([dayRange, identifier], {
  error: 'expected a day, a range of days, or the name of a calendar',
});

/** Which days of a country. */
const countryDays = ['holidays', 'workdays', 'restDays', 'makeUpWorkdays'] as const;

/** Days of a country, by names that are spelled right. */
export interface CountryDays {
  readonly country: string;
  readonly region?: string | undefined;
  readonly days: (typeof countryDays)[number];
}

/** Who knows the days that a fleet file only names. Throws InvalidCalendar where nobody does. */
export interface CalendarSources {
  readonly country: (named: CountryDays) => Calendar;
  /** @param file named from the fleet file's folder */
  readonly ics: (file: string) => Calendar;
}

const listed = z
  .array(dayRange)
  .transform(
    (ranges): Calendar => ({
      days: ranges.map(daysOf).sort((one, other) => one.from.localeCompare(other.from)),
    }),
  )
  .describe('Days and ranges of days.');

/** @param found a code in small letters was meant as it is said */
function countryExpected(found: string): string {
  const meant = /^[a-z]{2}$/i.test(found) ? ` (did you mean ${found.toUpperCase()}?)` : '';
  return `expected a country of two letters like CN, KR or DE${meant}`;
}

const country = (sources: CalendarSources) =>
  z
    .strictObject({
      country: z
        .string()
        .regex(/^[A-Z]{2}$/, { error: ({ input }) => countryExpected(String(input)) })
        .describe('Whose public holidays, by ISO 3166 code.'),
      region: pattern(
        /^[A-Z0-9]{1,5}(-[A-Z0-9]{1,6})?$/,
        'expected a region like BY, or one of its own like BY-A',
      )
        .optional()
        .describe(
          'A part of the country with holidays of its own, as date-holidays names it: BY for Bavaria.',
        ),
      days: z
        .enum(countryDays)
        .default('holidays')
        .describe(
          'The holidays; or, for CN, the workdays (weekend days that are worked included), the rest days (the others), or only the weekend days that are worked.',
        ),
    })
    .transform((value, context) => laid(context, () => sources.country(value)))
    .describe(
      'Or the public holidays of a country, by name; until when they are known, plan says, and what comes after are ordinary days.',
    );

const icsFile = (sources: CalendarSources) =>
  z
    .strictObject({
      ics: pattern(
        /\.ics$/,
        'expected the path of an .ics file beside the fleet file, like holidays.ics',
      ).describe('An iCalendar file beside the fleet file, with events that last whole days.'),
    })
    .transform(({ ics }, context) => laid(context, () => sources.ics(ics)))
    .describe('Or an iCalendar file.');

/** A calendar's days, laid out. */
export function calendarOf(sources: CalendarSources): z.ZodType<Calendar> {
  return z.union([listed, country(sources), icsFile(sources)], {
    error: 'expected a list of days, a country like { country: CN }, or a file like { ics: holidays.ics }',
  });
}

function laid(context: z.core.$RefinementCtx, calendar: () => Calendar): Calendar {
  try {
    return calendar();
  } catch (error) {
    if (!(error instanceof InvalidCalendar)) throw error;
    context.issues.push({ code: 'custom', path: [error.key], message: error.message, input: context.value });
    return z.NEVER;
  }
}
