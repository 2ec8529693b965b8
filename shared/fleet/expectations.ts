import { z } from 'zod';
import { didYouMean } from './did-you-mean.ts';

/** Where something else was expected, and what. */
export interface Expectation {
  readonly path: readonly PropertyKey[];
  /** `expected a whole number of servers between 0 and 10000` */
  readonly expected: string;
  /** `value`: another value; `key`: another key or none. */
  readonly about: 'value' | 'key';
}

/** What a schema makes of a value, or what it expected and did not find. */
export type Checked<T> =
  | { readonly kind: 'valid'; readonly value: T }
  | { readonly kind: 'invalid'; readonly expectations: readonly Expectation[] };

/** Checks a value in one pass of the schema; each mistake is reported once. */
export function checked<T>(schema: z.ZodType<T>, value: unknown): Checked<T> {
  const { data, error } = schema.safeParse(value, { error: expectationOf });
  if (!error) return { kind: 'valid', value: data };
  const reported = new Set<string>();
  const all = withoutMisspelt(error.issues.flatMap((issue) => unfold(issue, [])));
  const expectations = all.filter(({ path, expected }) => {
    const identity = JSON.stringify([path, expected]);
    return !reported.has(identity) && reported.add(identity);
  });
  return { kind: 'invalid', expectations };
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
      return oneOf(issue.values.map(String), issue.input);
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

/** @param found what is there instead, of which it may be a slip */
export function oneOf(known: readonly string[], found: unknown, more = ''): string {
  const likely = typeof found === 'string' ? didYouMean(found, known) : undefined;
  const all = `expected one of ${known.join(', ')}${more}`;
  return likely === undefined ? all : `${all} (did you mean ${likely}?)`;
}

function knownKeys(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function otherKey(key: string, known: readonly string[]): string {
  const likely = didYouMean(key, known);
  return likely === undefined ? `expected one of ${known.join(', ')}` : `${noSuchKey}${likely} is one`;
}

const noSuchKey = 'expected no such key; ';

/** A key that is there under another name is not missing too. */
function withoutMisspelt(all: readonly Expectation[]): Expectation[] {
  const meant = new Set(
    all.flatMap(({ path, expected, about }) => {
      const likely =
        about === 'key' && expected.startsWith(noSuchKey) ? /; (\w+) is one$/.exec(expected)?.[1] : undefined;
      return likely === undefined ? [] : [JSON.stringify([...path.slice(0, -1), likely])];
    }),
  );
  return all.filter(({ path, about }) => about === 'key' || !meant.has(JSON.stringify(path)));
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
      return [
        { path, expected: keyHint(issue.issues[0]?.message ?? issue.message, path.at(-1)), about: 'key' },
      ];
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

/** Names here are in lower case, and those of variables in upper case. */
function keyHint(expected: string, key: PropertyKey | undefined): string {
  const word = String(key)
    .trim()
    .replaceAll(/[_ ]+/g, expected.includes('variable') ? '_' : '-');
  const likely = expected.includes('variable') ? word.toUpperCase() : word.toLowerCase();
  return likely !== key && /^[a-z][a-z0-9-]{0,30}$|^[A-Z][A-Z0-9_]*$/.test(likely)
    ? `${expected} (did you mean ${likely}?)`
    : expected;
}
