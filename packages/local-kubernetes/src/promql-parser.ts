/** What of PromQL is understood: selectors, `rate` and its like, aggregations with `by`, and arithmetic. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'selector'; readonly matchers: readonly Matcher[]; readonly rangeSeconds?: number }
  | { readonly kind: 'call'; readonly name: RangeFunction; readonly of: Expression }
  | {
      readonly kind: 'aggregation';
      readonly name: Aggregation;
      readonly by: readonly string[];
      readonly of: Expression;
    }
  | {
      readonly kind: 'operation';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    };

export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

const rangeFunctions = [
  'rate',
  'irate',
  'increase',
  'avg_over_time',
  'max_over_time',
  'min_over_time',
] as const;
const aggregations = ['sum', 'avg', 'min', 'max', 'count'] as const;
const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

export type RangeFunction = (typeof rangeFunctions)[number];
export type Aggregation = (typeof aggregations)[number];
export type Operator = '+' | '-' | '*' | '/';

/** Says where a query cannot be understood, in the words of Prometheus. */
export class ParseError extends Error {}

const token =
  /\s*(\d+(?:\.\d+)?(?:e[+-]?\d+)?|[A-Za-z_:][\w:]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|=~|!~|!=|[-+*/(){}[\],=])/iy;

/** @throws ParseError */
export function parsePromQl(query: string): Expression {
  const parser = new Parser(tokensOf(query));
  const expression = parser.sum();
  parser.end();
  return expression;
}

function tokensOf(query: string): string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < query.trimEnd().length) {
    const at = token.lastIndex;
    const match = token.exec(query);
    if (!match) throw new ParseError(`1:${at + 1}: parse error: unexpected character: ${query[at]}`);
    found.push(match[1]!);
  }
  return found;
}

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  end(): void {
    if (this.#at < this.#tokens.length) this.#fail();
  }

  sum(): Expression {
    let left = this.#product();
    while (this.#peek() === '+' || this.#peek() === '-')
      left = { kind: 'operation', operator: this.#take() as Operator, left, right: this.#product() };
    return left;
  }

  #product(): Expression {
    let left = this.#one();
    while (this.#peek() === '*' || this.#peek() === '/')
      left = { kind: 'operation', operator: this.#take() as Operator, left, right: this.#one() };
    return left;
  }

  #one(): Expression {
    const next = this.#peek();
    if (next === '(') {
      this.#expect('(');
      const inner = this.sum();
      this.#expect(')');
      return inner;
    }
    if (next !== undefined && /^\d/.test(next)) return { kind: 'number', value: Number(this.#take()) };
    if (next === '{') return this.#selector(undefined);
    if (next === undefined || !/^[A-Za-z_:]/.test(next)) this.#fail();
    const name = this.#take();
    const aggregation = aggregations.find((one) => one === name);
    if (aggregation) return this.#aggregation(aggregation);
    const call = rangeFunctions.find((one) => one === name);
    if (call && this.#peek() === '(') return { kind: 'call', name: call, of: this.#one() };
    if (this.#peek() === '(') throw new ParseError(`1:1: parse error: unknown function with name "${name}"`);
    return this.#selector(name);
  }

  #aggregation(name: Aggregation): Expression {
    const before = this.#grouping();
    this.#expect('(');
    const of = this.sum();
    this.#expect(')');
    return { kind: 'aggregation', name, by: before ?? this.#grouping() ?? [], of };
  }

  #grouping(): string[] | undefined {
    if (this.#peek() !== 'by') return undefined;
    this.#take();
    this.#expect('(');
    const labels: string[] = [];
    while (this.#peek() !== ')') {
      labels.push(this.#take());
      if (this.#peek() === ',') this.#take();
    }
    this.#expect(')');
    return labels;
  }

  #selector(name: string | undefined): Expression {
    const matchers: Matcher[] = name === undefined ? [] : [{ label: '__name__', operator: '=', value: name }];
    if (this.#peek() === '{') {
      this.#take();
      while (this.#peek() !== '}') {
        const label = this.#take();
        const operator = this.#take() as Matcher['operator'];
        matchers.push({ label, operator, value: unquoted(this.#take()) });
        if (this.#peek() === ',') this.#take();
      }
      this.#expect('}');
    }
    if (this.#peek() !== '[') return { kind: 'selector', matchers };
    this.#take();
    const [count, unit] = [Number(this.#take()), units[this.#take()]];
    if (unit === undefined) throw new ParseError('parse error: bad duration');
    this.#expect(']');
    return { kind: 'selector', matchers, rangeSeconds: count * unit };
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #take(): string {
    return this.#tokens[this.#at++] ?? this.#fail();
  }

  #expect(wanted: string): void {
    if (this.#take() !== wanted) this.#fail();
  }

  #fail(): never {
    const next = this.#tokens[this.#at] ?? 'end of input';
    throw new ParseError(`parse error: unexpected ${next}`);
  }
}

function unquoted(text: string): string {
  if (!/^["']/.test(text)) throw new ParseError(`parse error: unexpected ${text}, expected string`);
  return text.slice(1, -1).replace(/\\(.)/g, '$1');
}
