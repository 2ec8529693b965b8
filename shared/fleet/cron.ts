import { Cron, CronPattern } from 'croner';

/** Which minutes a cron names, field by field; a day must be in both lists of days. */
export interface CronFields {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: readonly number[] | 'last';
  /** From 1. */
  readonly months: readonly number[];
  /** Sunday is 0. */
  readonly daysOfWeek: readonly number[];
}

const names = new Set(
  'SUN MON TUE WED THU FRI SAT JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' '),
);
const mode = '5-part';

/**
 * Five cron fields that EventBridge Scheduler can say too: day of month and day of week not both restricted, and of the
 * extensions only `L`, the last day of the month.
 * @returns undefined when it is none, or one that never comes
 */
export function parseCron(text: string): CronFields | undefined {
  const fields = text.split(' ');
  const [, , dayOfMonth, , dayOfWeek] = fields;
  if (fields.length !== 5 || !/^[-\d*/,A-Za-z ]+$/.test(text)) return undefined;
  if (dayOfMonth !== '*' && dayOfWeek !== '*') return undefined;
  const words = fields.flatMap((field, index) => (index === 2 && field === 'L' ? [] : wordsOf(field)));
  if (!words.every((word) => names.has(word.toUpperCase()))) return undefined;
  try {
    if (!new Cron(text, { mode, utcOffset: 0 }).nextRun(new Date(0))) return undefined;
    const pattern = new CronPattern(text, undefined, { mode });
    return {
      minutes: valuesOf(pattern.minute, 0),
      hours: valuesOf(pattern.hour, 0),
      daysOfMonth: pattern.lastDayOfMonth ? 'last' : valuesOf(pattern.day, 1),
      months: valuesOf(pattern.month, 1),
      daysOfWeek: valuesOf(pattern.dayOfWeek, 0),
    };
  } catch {
    return undefined;
  }
}

function wordsOf(field: string): string[] {
  return field.match(/[A-Za-z]+/g) ?? [];
}

/** The library has a flag for each value, from the field's first on. */
function valuesOf(flags: readonly number[], first: number): number[] {
  return flags.flatMap((flag, index) => (flag ? [index + first] : []));
}
