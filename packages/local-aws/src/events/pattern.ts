import { ServiceError } from '../service.ts';

/** Nested objects whose leaves are lists of values and matchers: any one of a list will do, every key must match. */
export type Pattern = { readonly [key: string]: Pattern | readonly unknown[] };

/**
 * Whether an event matches a pattern: exact values, `prefix`, `suffix`, `equals-ignore-case`, `wildcard`,
 * `anything-but`, `numeric`, `exists`, and `$or`.
 *
 * @throws ServiceError `InvalidEventPatternException` for a matcher that the local cloud does not know
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matches(pattern: Pattern, event: unknown): boolean {
  return Object.entries(pattern).every(([key, expected]) => {
    if (key === '$or') return (expected as unknown as Pattern[]).some((each) => matches(each, event));
    const actual = isRecord(event) ? event[key] : undefined;
    if (!Array.isArray(expected)) return isRecord(actual) && matches(expected as Pattern, actual);
    // A list in the event matches if one of its items does.
    const candidates = Array.isArray(actual) ? actual : [actual];
    return expected.some((matcher) => candidates.some((candidate) => matchesOne(matcher, candidate)));
  });
}

const maxCharacters = 2048;

/** Reads a pattern and tries it, so that a mistake shows when the rule is made. @throws ServiceError */
export function parsePattern(text: string): Pattern {
  if (text.length > maxCharacters) throw invalid(`Event pattern is longer than ${maxCharacters} characters`);
  let pattern: Pattern;
  try {
    pattern = JSON.parse(text);
  } catch {
    throw invalid('Event pattern is not valid JSON');
  }
  check(pattern);
  return pattern;
}

function check(pattern: Pattern): void {
  for (const [key, expected] of Object.entries(pattern)) {
    if (key === '$or') for (const each of expected as unknown as Pattern[]) check(each);
    else if (Array.isArray(expected)) for (const matcher of expected) matchesOne(matcher, '');
    else if (isRecord(expected)) check(expected as Pattern);
    else throw invalid(`"${key}" must be an object or an array`);
  }
}

function matchesOne(matcher: unknown, actual: unknown): boolean {
  if (!isRecord(matcher)) return actual !== undefined && matcher === actual;
  const [[kind, wanted] = [undefined, undefined]] = Object.entries(matcher);
  if (kind === 'exists') return (actual !== undefined) === wanted;
  if (kind === 'anything-but') return actual !== undefined && !anyOf(wanted, actual);
  if (kind === 'numeric') return typeof actual === 'number' && inRange(wanted as unknown[], actual);
  const compare = texts[kind ?? ''];
  if (!compare) throw invalid(`Unrecognized match type ${kind}`);
  return typeof actual === 'string' && compare(actual, wanted);
}

const texts: Readonly<Record<string, (actual: string, wanted: unknown) => boolean>> = {
  prefix: (actual, wanted) => folded(actual, wanted, (text, part) => text.startsWith(part)),
  suffix: (actual, wanted) => folded(actual, wanted, (text, part) => text.endsWith(part)),
  'equals-ignore-case': (actual, wanted) => actual.toLowerCase() === String(wanted).toLowerCase(),
  wildcard: (actual, wanted) => wildcard(String(wanted)).test(actual),
};

/**
 * `*` stands for any characters, `\*` for itself, `\\` for a backslash.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html "Matching using wildcards"
 * @throws ServiceError for `**` and for a backslash before anything else, as aws/event-ruler has it
 */
function wildcard(text: string): RegExp {
  const parts = text.match(/\\.?|\*+|[^\\*]+/gs) ?? [];
  const source = parts.map((part) => {
    if (part === '*') return '.*';
    if (part.startsWith('*')) throw invalid(`Consecutive wildcard characters in ${text}`);
    if (!part.startsWith('\\')) return escapeRegExp(part);
    if (part === '\\*' || part === '\\\\') return escapeRegExp(part[1]!);
    throw invalid(`Invalid escape character in ${text}`);
  });
  return new RegExp(`^${source.join('')}$`, 's');
}

/** `{"prefix": {"equals-ignore-case": "a"}}` ignores case. */
function folded(actual: string, wanted: unknown, compare: (text: string, part: string) => boolean): boolean {
  if (!isRecord(wanted)) return compare(actual, String(wanted));
  return compare(actual.toLowerCase(), String(wanted['equals-ignore-case']).toLowerCase());
}

function anyOf(wanted: unknown, actual: unknown): boolean {
  const list = Array.isArray(wanted) ? wanted : [wanted];
  return list.some((each) => {
    if (!isRecord(each)) return each === actual;
    return Object.entries(each).some(([kind, parts]) =>
      (Array.isArray(parts) ? parts : [parts]).some((part) => matchesOne({ [kind]: part }, actual)),
    );
  });
}

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '=': (a, b) => a === b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `[">", 0, "<=", 5]` */
function inRange(terms: readonly unknown[], actual: number): boolean {
  for (let index = 0; index < terms.length; index += 2) {
    const compare = comparisons[String(terms[index])];
    if (!compare) throw invalid(`Unrecognized numeric range operator: ${terms[index]}`);
    if (!compare(actual, Number(terms[index + 1]))) return false;
  }
  return true;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${message}`);
}
