import { z } from 'zod';

/** Where something else was expected, and what. */
export interface Expectation {
  readonly path: readonly PropertyKey[];
  /** `expected a whole number of servers between 0 and 10000` */
  readonly expected: string;
  /** `value`: another value; `key`: another key or none. */
  readonly about: 'value' | 'key';
}

/** What the schema expected of a value and did not find, each mistake once. */
export function expectations(schema: z.ZodType, value: unknown): Expectation[] {
  const { error } = schema.safeParse(value, { error: expectationOf });
  const reported = new Set<string>();
  return (error?.issues ?? [])
    .flatMap((issue) => unfold(issue, []))
    .filter(({ path, expected }) => {
      const identity = JSON.stringify([path, expected]);
      return !reported.has(identity) && reported.add(identity);
    });
}

const typeWords: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys and values',
  record: 'keys and values',
};

/** zod's error map for what the schema has no words of its own: all in one form, and a line for each unknown key. */
function expectationOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${typeWords[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `expected one of ${issue.values.join(', ')}`;
    case 'unrecognized_keys':
      return issue.keys.map((key) => otherKey(key, knownKeys(issue.inst))).join('\n');
    case 'too_small':
      return `expected at least ${issue.minimum}`;
    case 'too_big':
      return `expected at most ${issue.maximum}`;
    default:
      return undefined;
  }
}

function knownKeys(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function otherKey(key: string, known: readonly string[]): string {
  const likely = known.find((name) => areAlike(name.toLowerCase(), key.toLowerCase()));
  return likely ? `expected no such key; ${likely} is one` : `expected one of ${known.join(', ')}`;
}

/** The same but for one letter that is missing, added, changed, or swapped with its neighbour. */
function areAlike(one: string, other: string): boolean {
  let from = 0;
  while (from < one.length && one[from] === other[from]) from++;
  const [rest, otherRest] = [one.slice(from), other.slice(from)];
  const swapped = `${rest[1] ?? ''}${rest[0] ?? ''}${rest.slice(2)}`;
  return (
    rest.slice(1) === otherRest ||
    rest === otherRest.slice(1) ||
    rest.slice(1) === otherRest.slice(1) ||
    swapped === otherRest
  );
}

function unfold(issue: z.core.$ZodIssue, parent: readonly PropertyKey[]): Expectation[] {
  const path = [...parent, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const lines = issue.message.split('\n');
      return issue.keys.map((key, index) => ({
        path: [...path, key],
        expected: lines[index]!,
        about: 'key',
      }));
    }
    case 'invalid_key':
      return [{ path, expected: issue.issues[0]?.message ?? issue.message, about: 'key' }];
    case 'invalid_union': {
      const meant = meantAlternative(issue.errors);
      if (meant) return meant.flatMap((inner) => unfold(inner, path));
    }
  }
  return [{ path, expected: issue.message, about: 'value' }];
}

/** Of several forms the one whose kind it is and that it misses least; undefined when it is of none's kind. */
function meantAlternative(
  alternatives: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  return alternatives
    .filter((issues) => issues.every(({ code, path }) => path.length > 0 || code === 'unrecognized_keys'))
    .sort((one, other) => one.length - other.length)[0];
}
