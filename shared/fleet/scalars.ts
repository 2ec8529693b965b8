import { z } from 'zod';
import { parseDuration } from './parse-duration.ts';
import { isPrintable } from './printable.ts';
import { zoneProblem } from './time-zone.ts';

const durationHint = 'expected seconds or a duration like 90s, 30m, 2h, 1d';

const longestSeconds = 366 * 86400;

/** Seconds, from a number or from words like `90s`, `30m`, `2h`, `1d`. */
export const duration = durationWhere((seconds) => seconds > 0);

/** Likewise, and 0: at once. */
export const durationOrNone = durationWhere((seconds) => seconds >= 0);

function durationWhere(isLongEnough: (seconds: number) => boolean) {
  return z.union([z.number(), z.string()], { error: durationHint }).transform((value, context) => {
    const seconds = typeof value === 'number' ? value : parseDuration(value);
    if (seconds === undefined || !(isLongEnough(seconds) && seconds <= longestSeconds)) {
      context.addIssue({
        code: 'custom',
        message: seconds === undefined ? durationHint : `${durationHint}, up to 366d`,
      });
      return z.NEVER;
    }
    return seconds;
  });
}

const shareHint = 'expected a share above 0 and below 100%, like 0.1% or 0.001';

/** A share between 0 and 1, written `0.1%` or as a fraction. */
export const share = z
  .union([z.number(), pattern(/^\d+(\.\d+)?%$/, shareHint)], { error: shareHint })
  .transform((value) => (typeof value === 'number' ? value : Number(value.slice(0, -1)) / 100))
  .refine((value) => value > 0 && value < 1, { error: shareHint });

/** Names become part of AWS names and of metric dimensions, and keys of plain objects, where `constructor` is taken. */
export const identifier = pattern(
  /^(?!constructor$)[a-z][a-z0-9-]{0,30}$/,
  'expected a name of lower-case letters, digits and hyphens, at most 31, starting with a letter',
);

/** A server's id at any provider; which form it has there, `provider-kind.ts` knows. */
export const instanceId = pattern(
  /^(i|ins)-[0-9a-z]{8,32}$/,
  'expected an instance id like i-0123456789abcdef0',
);

/** Servers. An omitted size is an error: AWS would read it as 0. */
export const size = wholeNumber(0, 10_000, ' of servers');

/** @param of what is counted, for the message: ` of seconds` */
export function wholeNumber(least: number, most: number, of = ''): z.ZodInt {
  const error = `expected a whole number${of} between ${least} and ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

export const timeZone = z
  .string({ error: 'expected a time zone like Asia/Shanghai' })
  .superRefine((name, context) => {
    const message = zoneProblem(name);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

/** A day that exists, `2026-10-01`. */
export const day = z.iso.date({ error: 'expected a day like 2026-10-01' });

const positiveHint = 'expected a number above 0';
export const positive = z.number({ error: positiveHint }).positive({ error: positiveHint });

const fractionHint = 'expected a number between 0 and 1';
export const fraction = z
  .number({ error: fractionHint })
  .min(0, { error: fractionHint })
  .max(1, { error: fractionHint });

/** One line that looks like what it is. @param most the number of characters that AWS takes */
export function text(most: number): z.ZodString {
  return words(most).refine(isPrintable, { error: `expected no ${hiddenKinds}` });
}

/** Several lines. @param most the number of characters that AWS takes */
export function lines(most: number): z.ZodString {
  const arePrintable = (text: string) => text.split(/[\n\t]/).every(isPrintable);
  return words(most, 0).refine(arePrintable, {
    error: `expected no ${hiddenKinds} but line breaks and tabs`,
  });
}

const hiddenKinds = 'control, direction or zero-width characters';

function words(most: number, least = 1): z.ZodString {
  const error = `expected ${least} to ${most} characters`;
  return z.string({ error }).min(least, { error }).max(most, { error });
}

/** Names end in policies, where some characters stand for any others. */
export const scalingGroup = pattern(
  /^[!-#%-)+-9;->@-z|~]{1,255}$/,
  'expected the name of one scaling group: 1 to 255 characters of ASCII without blanks, and none of : * ? $ { }',
);

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html */
export const secretName = pattern(
  /^[\w/+=.@-]{1,512}$/,
  'expected the name of one secret: 1 to 512 letters, digits or /_+=.@-',
);

export const arn = pattern(
  /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d*:[\w/:.@+=,-]+$/,
  'expected an ARN like arn:aws:…, of one resource',
);

/** @param expected said of what does not match, and of what is no text at all */
export function pattern(regex: RegExp, expected: string): z.ZodString {
  return z.string({ error: expected }).regex(regex, { error: expected });
}
