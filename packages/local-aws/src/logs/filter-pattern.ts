import { ServiceError } from '../service.ts';

/**
 * Reads a filter pattern: terms that must all be there (`ERROR "out of"`), `?a ?b` for any, `-a` for none, or
 * comparisons of JSON fields (`{ $.level = "ERROR" && $.count >= 3 }`).
 * @throws ServiceError `InvalidParameterException` for what the local cloud does not understand.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function filterPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (text === '') return () => true;
  if (text.startsWith('{') && text.endsWith('}')) return jsonPattern(text.slice(1, -1));
  return termPattern(text);
}

function termPattern(text: string): (message: string) => boolean {
  const terms = [...text.matchAll(/([?-]?)(?:"([^"]*)"|(\S+))/g)].map(([, mark, quoted, plain]) => ({
    mark,
    term: quoted ?? plain ?? '',
  }));
  const of = (wanted: string) => terms.filter(({ mark }) => mark === wanted).map(({ term }) => term);
  const [all, any, none] = [of(''), of('?'), of('-')];
  return (message) =>
    all.every((term) => message.includes(term)) &&
    (any.length === 0 || any.some((term) => message.includes(term))) &&
    !none.some((term) => message.includes(term));
}

const comparisons: Readonly<Record<string, (actual: unknown, expected: string) => boolean>> = {
  '=': (actual, expected) => equals(actual, expected),
  '!=': (actual, expected) => !equals(actual, expected),
  '>': (actual, expected) => Number(actual) > Number(expected),
  '>=': (actual, expected) => Number(actual) >= Number(expected),
  '<': (actual, expected) => Number(actual) < Number(expected),
  '<=': (actual, expected) => Number(actual) <= Number(expected),
};

function jsonPattern(expression: string): (message: string) => boolean {
  const alternatives = expression.split('||').map((part) => part.split('&&').map(comparison));
  return (message) => {
    let value: unknown;
    try {
      value = JSON.parse(message);
    } catch {
      return false;
    }
    return alternatives.some((comparisonsOfOne) => comparisonsOfOne.every((holds) => holds(value)));
  };
}

function comparison(text: string): (value: unknown) => boolean {
  const match = /^\s*\$((?:\.\w+)+)\s*(=|!=|>=|<=|>|<)\s*(?:"([^"]*)"|(\S+))\s*$/.exec(text);
  if (!match) throw new ServiceError('InvalidParameterException', `Invalid filter pattern: ${text}`);
  const [, path = '', operator = '', quoted, plain] = match;
  const expected = quoted ?? plain ?? '';
  return (value) => {
    const actual = path
      .slice(1)
      .split('.')
      .reduce<unknown>((object, key) => fieldOf(object, key), value);
    return actual !== undefined && comparisons[operator]!(actual, expected);
  };
}

function fieldOf(object: unknown, key: string): unknown {
  return object !== null && typeof object === 'object' ? (object as Record<string, unknown>)[key] : undefined;
}

/** `*` in the expected value stands for any characters. */
function equals(actual: unknown, expected: string): boolean {
  if (!expected.includes('*')) return String(actual) === expected;
  const source = expected.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`).test(String(actual));
}
