export type FieldName = 'minute' | 'hour' | 'day of month' | 'month' | 'day of week';

/** What one field of a cron may hold. */
export interface CronField {
  readonly name: FieldName;
  readonly least: number;
  readonly most: number;
  /** What the values may be called, from the least on. */
  readonly names: readonly string[];
  /** One more number for the least value: Sunday is 0 and 7. */
  readonly also?: number;
}

/** The text is no cron that can be deployed. The message says what was expected. */
export class InvalidCron extends Error {
  override readonly name = 'InvalidCron';
}

/**
 * The values that a list of values, ranges and steps names, in ascending order: `0,30`, `MON-FRI`, `22-2`, `5/20`.
 * @throws InvalidCron
 */
export function fieldOf(text: string, field: CronField): number[] {
  const values = new Set(text.split(',').flatMap((part) => partOf(part, field)));
  return [...values].sort((one, other) => one - other);
}

function partOf(part: string, field: CronField): number[] {
  const [, range = '', step] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(part) ?? [];
  const [from = '', to, ...more] = range.split('-');
  const size = field.most - field.least + 1;
  const every = step === undefined ? 1 : Number(step);
  if (every < 1 || every >= size || more.length > 0) throw unexpected(field, part);
  const [first, last] = endsOf(from, to, step !== undefined, field, part);
  // What runs over the end goes on at the least value: 22-2 is 22, 23, 0, 1, 2.
  const count = last < first ? last + size - first : last - first;
  const values: number[] = [];
  for (let offset = 0; offset <= count; offset += every)
    values.push(field.least + ((first - field.least + offset) % size));
  return values;
}

/** A value alone is itself, and with a step all from it on. */
function endsOf(
  from: string,
  to: string | undefined,
  hasStep: boolean,
  field: CronField,
  part: string,
): [number, number] {
  if (from === '*' && to === undefined) return [field.least, field.most];
  const first = numberOf(from, field, part);
  if (to !== undefined) {
    const last = numberOf(to, field, part);
    // From 7 on is from Sunday on, and to 7 is to the Sunday after: 7-7 is Sunday alone, 0-7 the whole week.
    return first === field.also ? [field.least, last === field.also ? field.least : last] : [first, last];
  }
  return [first, hasStep ? Math.max(first, field.most) : first];
}

function numberOf(text: string, field: CronField, part: string): number {
  const { least, most, names, also = most } = field;
  const named = names.indexOf(text.toUpperCase());
  if (named >= 0) return least + named;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && (value <= most || value === also)) return value;
  throw unexpected(field, part);
}

function unexpected({ name, least, most, also = most, names }: CronField, part: string): InvalidCron {
  const called = names.length > 0 ? ` or ${names[0]} to ${names.at(-1)}` : '';
  return new InvalidCron(
    `expected ${least} to ${also}${called}, a range, or a step like */2 as ${name} of a cron, not "${part.slice(0, 20)}"`,
  );
}
