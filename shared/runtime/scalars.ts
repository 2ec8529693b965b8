import * as z from 'zod/mini';
import { parseDuration } from '../fleet/parse-duration.ts';
import { isPrintable } from '../fleet/printable.ts';

/** The name of something in the fleet file. */
export function name(what: string) {
  return z
    .string({ error: `expected the name of ${what}` })
    .check(z.regex(/^[a-z][a-z0-9-]{0,30}$/, { error: `expected the name of ${what}` }));
}

/** Some words by a person, which end up on terminals and in histories: what is not seen in them is refused. */
export function words(what: string, maxLength: number) {
  const error = `expected ${what}, at most ${maxLength} characters`;
  const hidden = `expected ${what} without control, direction or zero-width characters`;
  return z
    .string({ error })
    .check(
      z.trim(),
      z.minLength(1, { error }),
      z.maxLength(maxLength, { error }),
      z.refine(isPrintable, { error: hidden }),
    );
}

/** Why a person asks for something. */
export const reason = words('a reason', 200);
/** Who asks. */
export const owner = words('a name', 100);

const instantError = 'expected an instant like 2026-03-04T03:00:00Z';

/** An ISO-8601 instant, as epoch milliseconds. CloudWatch writes its offsets without a colon. */
export const instant = z.pipe(
  z.string({ error: instantError }).check(
    z.regex(/^(19|20)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/, { error: instantError }),
    z.refine((text) => isInCalendar(text) && !Number.isNaN(toInstant(text)), { error: instantError }),
  ),
  z.transform(toInstant),
);

/** `Date` takes the 30th of February for the 2nd of March. */
function isInCalendar(text: string): boolean {
  const day = text.slice(0, 10);
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}

function toInstant(text: string): number {
  return Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
}

const durationError = 'expected a duration like 90s, 30m, 2h, 1d, up to 366d';
const longestSeconds = 366 * 86_400;

/** Seconds, written as a number or as `90s`, `30m`, `2h`, `1d`. */
export const duration = z.pipe(
  z.union([z.number(), z.pipe(z.string(), z.transform(parseDuration))], { error: durationError }),
  z
    .number({ error: durationError })
    .check(z.positive({ error: durationError }), z.lte(longestSeconds, { error: durationError })),
);

/** A number of servers to have. */
export const size = z
  .int({ error: 'expected a whole number of servers' })
  .check(
    z.gte(0, { error: 'expected 0 or more servers' }),
    z.lte(10_000, { error: 'expected at most 10000 servers' }),
  );

/** Makes a retry of the same request harmless. */
export const requestId = z.string({ error: 'expected a request id' }).check(
  z.regex(/^[\w.:-]{1,128}$/, {
    error: 'expected a request id of at most 128 letters, digits, . : - and _',
  }),
);
