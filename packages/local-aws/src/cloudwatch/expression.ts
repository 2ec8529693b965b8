import { ServiceError } from '../service.ts';

/** A parsed metric-math expression. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'negate'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    };

const tokenPattern =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_][A-Za-z0-9_]*)|('[^']*')|(==|!=|<=|>=|&&|\|\||[-+*/^()[\],<>]))/y;

/** Binding strength, weakest first; `^` binds tightest. */
const levels = [
  ['||', 'OR'],
  ['&&', 'AND'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/'],
  ['^'],
];

/**
 * Parses CloudWatch metric math.
 * @throws ServiceError ValidationError naming the expression
 */
export function parseExpression(text: string): Expression {
  const tokens = tokenize(text);
  let position = 0;
  const fail = (): never => {
    throw new ServiceError(
      'ValidationError',
      `Error in expression '${text}': syntax error at '${tokens[position] ?? 'end'}'`,
    );
  };
  const take = (expected: string): void => {
    if (tokens[position] !== expected) fail();
    position++;
  };
  const list = (end: string): Expression[] => {
    const items: Expression[] = [];
    while (tokens[position] !== end) {
      items.push(binary(0));
      if (tokens[position] !== end) take(',');
    }
    position++;
    return items;
  };
  const binary = (level: number): Expression => {
    const operators = levels[level];
    if (!operators) return unary();
    let left = binary(level + 1);
    while (position < tokens.length && operators.includes(tokens[position]!)) {
      const operator = tokens[position++]!;
      left = { kind: 'binary', operator, left, right: binary(level + 1) };
    }
    return left;
  };
  const unary = (): Expression => {
    if (tokens[position] !== '-') return primary();
    position++;
    return { kind: 'negate', operand: unary() };
  };
  const primary = (): Expression => {
    const token = tokens[position++];
    if (token === undefined) return fail();
    if (/^\d/.test(token)) return { kind: 'number', value: Number(token) };
    if (token.startsWith("'")) return { kind: 'text', text: token.slice(1, -1) };
    if (token === '[') return { kind: 'list', items: list(']') };
    if (token === '(') {
      const inner = binary(0);
      take(')');
      return inner;
    }
    if (!/^[A-Za-z_]/.test(token)) return fail();
    if (tokens[position] !== '(') return { kind: 'name', name: token };
    position++;
    return { kind: 'call', name: token.toUpperCase(), args: list(')') };
  };
  const whole = binary(0);
  if (position < tokens.length) fail();
  return whole;
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  tokenPattern.lastIndex = 0;
  const end = text.trimEnd().length;
  while (tokenPattern.lastIndex < end) {
    const match = tokenPattern.exec(text);
    if (!match)
      throw new ServiceError('ValidationError', `Error in expression '${text}': unexpected character`);
    tokens.push((match[1] ?? match[2] ?? match[3] ?? match[4])!);
  }
  return tokens;
}
