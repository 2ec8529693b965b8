import { InvalidCron } from './cron-field.ts';

const expected = 'expected a cron of five fields';

/**
 * What to write instead of six fields: AWS's form ends with a year and counts weekdays from 1, others begin with seconds.
 * @param parse reads five fields, or throws InvalidCron
 */
export function sixFieldsHint(text: string, parse: (five: string) => unknown): string {
  const parts = text
    .trim()
    .replace(/^cron\((.*)\)$/i, '$1')
    .trim()
    .split(/\s+/);
  const isAws = parts.length === 6 && (parts[2] === '?') !== (parts[4] === '?');
  const five = isAws ? fiveOfAws(parts) : parts.length === 6 && parts[0] === '0' ? parts.slice(1) : undefined;
  if (!five || !isReadable(five.join(' '), parse))
    return `${expected} (minute, hour, day of month, month, day of week), without seconds or a year`;
  const why = isAws ? "six are AWS's form, where 1 is Sunday" : 'the first of six is seconds';
  return `${expected} (${why}): "${five.join(' ')}"`;
}

/**
 * AWS's six fields as the five of cron.
 * @param written a weekday, of which 0 is Sunday
 * @returns undefined: it names a year, which no cron of five fields can
 */
export function fiveOfAws(
  parts: readonly string[],
  written: (weekday: number) => string = String,
): string[] | undefined {
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = parts as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (year !== '*') return undefined;
  // The number after # counts weeks, and the one after / is a step: neither is a weekday. L alone is Saturday.
  const fromSunday = dayOfWeek
    .replace(/^L$/i, 'SAT')
    .replace(/(?<![#/\w])([1-7])(?=$|[-,#/L])/gi, (digit) => written(Number(digit) - 1));
  return [minute, hour, dayOfMonth, month, fromSunday].map((field) => (field === '?' ? '*' : field));
}

function isReadable(five: string, parse: (five: string) => unknown): boolean {
  try {
    parse(five);
    return true;
  } catch (error) {
    if (error instanceof InvalidCron) return false;
    throw error;
  }
}
