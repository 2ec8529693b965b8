import { didYouMean } from './did-you-mean.ts';
import type { Expectation } from './expectations.ts';
import { parseDuration } from './parse-duration.ts';

/** What was expected at a place of a fleet file, what was found there, and how to write what was probably meant. */
export function expectedAndFound({ path, expected, about }: Expectation, value: unknown): string {
  if (about === 'key') return expected;
  let found = value;
  for (const segment of path) found = (found as Record<PropertyKey, unknown> | null | undefined)?.[segment];
  const remedy = remedyFor(expected, found);
  return `${expected}, found ${countOf(expected, found) ?? described(found)}${remedy === undefined ? '' : `: ${remedy}`}`;
}

/** Of what is too much in number. */
function countOf(expected: string, found: unknown): string | undefined {
  const isCounted = /\d (keys|entries|groups)$/.test(expected) && typeof found === 'object' && found !== null;
  return isCounted ? String(Object.keys(found).length) : undefined;
}

function described(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 1 ? 'a list of one' : `a list of ${value.length}`;
  if (typeof value === 'object') return 'keys and values';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** For values of the right meaning in the wrong form. */
function remedyFor(expected: string, found: unknown): string | undefined {
  if (typeof found === 'number' || typeof found === 'boolean')
    return /characters|text|name/.test(expected) ? `put it in quotes, "${found}"` : undefined;
  if (typeof found !== 'string') return undefined;
  if (/^\$\{?\w+\}?$/.test(found)) return 'nothing fills in variables here';
  if (expected.startsWith('expected a list')) return `write [${found}]`;
  if (expected.startsWith('expected Average')) {
    const likely = didYouMean(found, ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount']);
    return likely && `did you mean ${likely}?`;
  }
  const time = /^(\d{1,2}):(\d\d)$/.exec(found);
  if (time && expected.startsWith('expected a cron'))
    return `did you mean "${Number(time[2])} ${Number(time[1])} * * *"?`;
  return /number|seconds|percentage/.test(expected) ? numberIn(found, expected) : undefined;
}

function numberIn(text: string, expected: string): string | undefined {
  const number = /^(-?\d+(?:\.\d+)?) *%?$/.exec(text)?.[1];
  if (number !== undefined)
    return `did you mean ${number}, without quotes${text.endsWith('%') ? ' and %' : ''}?`;
  const words = /^(\d+) *(s|m|h|d)[a-z]*$/.exec(text);
  const seconds = words && parseDuration(`${words[1]}${words[2]}`);
  if (seconds === undefined || seconds === null) return undefined;
  return expected.includes('duration')
    ? `did you mean ${words![1]}${words![2]}?`
    : `did you mean ${seconds}?`;
}
