import { ServiceError } from '../service.ts';
import type { MetricName } from './metric-store.ts';

/** Whether a metric is meant. */
type Test = (metric: MetricName) => boolean;

const maxCharacters = 1024;
const token = /\s*(?:([(){}=,])|"((?:\\.|[^"\\])*)"|([^\s(){}=,"]+))/y;

interface Token {
  readonly text: string;
  readonly kind: 'sign' | 'exact' | 'word';
}

/**
 * Reads what stands between the quotes of `SEARCH('…', …)`: a schema in braces, terms by partial and exact match with or
 * without the property that they are about, `AND`, `OR`, `NOT`, parentheses.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 * @throws ServiceError ValidationError
 */
export function parseSearch(query: string): Test {
  if (query.length > maxCharacters)
    throw invalid(`a search is longer than ${maxCharacters} characters`, query);
  return new Parser(query).whole();
}

class Parser {
  readonly #query: string;
  readonly #tokens: Token[] = [];
  #position = 0;

  constructor(query: string) {
    this.#query = query;
    token.lastIndex = 0;
    const end = query.trimEnd().length;
    while (token.lastIndex < end) {
      const match = token.exec(query);
      if (!match) throw invalid('a quotation mark has no other', query);
      const [, sign, exact, word] = match;
      if (sign !== undefined) this.#tokens.push({ text: sign, kind: 'sign' });
      else if (exact !== undefined)
        this.#tokens.push({ text: exact.replace(/\\(.)/gs, '$1'), kind: 'exact' });
      else this.#tokens.push({ text: word!, kind: 'word' });
    }
  }

  whole(): Test {
    const tests: Test[] = [];
    if (this.#take('{')) tests.push(this.#schema());
    this.#take(',');
    if (this.#position < this.#tokens.length) tests.push(this.#alternatives());
    if (tests.length === 0 || this.#position < this.#tokens.length)
      throw invalid(`unexpected ${this.#tokens[this.#position]?.text ?? 'end'}`, this.#query);
    return (metric) => tests.every((test) => test(metric));
  }

  /** A namespace, and the names of all the dimensions if there are any. */
  #schema(): Test {
    const names: string[] = [];
    do names.push(this.#name());
    while (this.#take(','));
    if (!this.#take('}')) throw invalid('a brace is not closed', this.#query);
    const [namespace, ...wanted] = names;
    const key = wanted.sort().join('\n');
    return (metric) =>
      metric.namespace === namespace &&
      (wanted.length === 0 || Object.keys(metric.dimensions).sort().join('\n') === key);
  }

  #alternatives(): Test {
    const tests = [this.#conjunction()];
    while (this.#take('OR')) tests.push(this.#conjunction());
    return (metric) => tests.some((test) => test(metric));
  }

  #conjunction(): Test {
    const tests = [this.#factor()];
    while (this.#take('AND') || this.#startsTerm()) tests.push(this.#factor());
    return (metric) => tests.every((test) => test(metric));
  }

  #startsTerm(): boolean {
    const next = this.#tokens[this.#position];
    if (next === undefined) return false;
    return next.kind === 'sign' ? next.text === '(' : !(next.kind === 'word' && next.text === 'OR');
  }

  #factor(): Test {
    if (this.#take('NOT')) {
      const test = this.#factor();
      return (metric) => !test(metric);
    }
    if (!this.#take('(')) return this.#term();
    const inner = this.#alternatives();
    if (!this.#take(')')) throw invalid('a parenthesis is not closed', this.#query);
    return inner;
  }

  #term(): Test {
    const first = this.#next();
    const isProperty = this.#take('=');
    const { text, kind } = isProperty ? this.#next() : first;
    const matches = kind === 'exact' ? (value: string) => value === text : partly(text);
    const property = isProperty ? first.text : undefined;
    return (metric) => valuesOf(metric, property).some(matches);
  }

  #name(): string {
    return this.#next().text;
  }

  #next(): Token {
    const found = this.#tokens[this.#position++];
    if (!found || found.kind === 'sign') throw invalid(`unexpected ${found?.text ?? 'end'}`, this.#query);
    return found;
  }

  /** Operators are words in capitals, and not in quotation marks. */
  #take(text: string): boolean {
    const found = this.#tokens[this.#position];
    if (found?.text !== text || found.kind === 'exact') return false;
    this.#position += 1;
    return true;
  }
}

function valuesOf({ namespace, name, dimensions }: MetricName, property: string | undefined): string[] {
  if (property === undefined)
    return [name, namespace, ...Object.keys(dimensions), ...Object.values(dimensions)];
  if (property === 'MetricName') return [name];
  if (property === 'Namespace') return [namespace];
  return property in dimensions ? [dimensions[property]!] : [];
}

/**
 * A word matches one token whatever its case, or several in a row: in their case, unless signs stand between them.
 * `CustomCount1` is `Custom`, `Count`, `1`.
 */
function partly(term: string): (value: string) => boolean {
  const folds = /[^a-zA-Z0-9]/.test(term);
  const fold = (text: string) => (folds ? text.toLowerCase() : text);
  const wanted = tokensOf(term).map(fold);
  const joined = wanted.join('').toLowerCase();
  return (value) => {
    const tokens = tokensOf(value);
    if (tokens.join('').toLowerCase() === joined) return true;
    if (wanted.length === 1) return tokens.some((one) => one.toLowerCase() === joined);
    return tokens.some((_, at) => wanted.every((one, index) => fold(tokens[at + index] ?? '') === one));
  };
}

function tokensOf(text: string): string[] {
  return text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? [];
}

function invalid(why: string, query: string): ServiceError {
  return new ServiceError('ValidationError', `Error in expression 'SEARCH('${query}')': ${why}`);
}
