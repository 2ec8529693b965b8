import { type Instant, ServiceError } from '../service.ts';
import type { Expression } from './expression.ts';
import type { MetricName } from './metric-store.ts';

/** Values by the start of their period. */
export type Series = ReadonlyMap<Instant, number>;
type Value = number | Series | Series[];

/** A metric that was searched for. */
export interface Found {
  readonly metric: MetricName;
  readonly series: Series;
}

/** What an expression may refer to, and the grid on which it is computed. */
export interface MathScope {
  readonly series: ReadonlyMap<string, Series>;
  /** Ids that are metrics rather than expressions, which is what METRICS() stands for. */
  readonly metricIds: readonly string[];
  readonly periodSeconds: number;
  /** What searches by their own ids have found. */
  readonly found: ReadonlyMap<string, readonly Found[]>;
  search(query: string, statistic: string, periodSeconds: number): Found[];
  /** Starts of all periods asked for, present or missing, ascending. */
  readonly grid: readonly Instant[];
}

/**
 * Computes a metric-math expression. Arithmetic takes a missing value of a series for 0, as long as another series of the
 * same operation has one; a datapoint that would divide by zero is dropped.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html "Basic arithmetic functions"
 * @throws ServiceError ValidationError for what the math of the local cloud does not know
 */
export function evaluate(expression: Expression, scope: MathScope): Series {
  const value = compute(expression, scope);
  if (typeof value === 'number') return new Map(scope.grid.map((at) => [at, value]));
  if (Array.isArray(value)) throw invalid('an expression must return a single time series');
  return value;
}

/** What a search finds; undefined for an expression that is none. @throws ServiceError ValidationError */
export function searched(expression: Expression, scope: MathScope): Found[] | undefined {
  return expression.kind === 'call' && expression.name === 'SEARCH'
    ? search(expression.args, scope)
    : undefined;
}

function search(args: readonly Expression[], scope: MathScope): Found[] {
  const [query, statistic, period] = args;
  if (query?.kind !== 'text' || statistic?.kind !== 'text' || args.length > 3)
    throw invalid('SEARCH takes a search and a statistic in single quotation marks, and a period');
  if (period !== undefined && period.kind !== 'number')
    throw invalid('the period of SEARCH must be a number');
  return scope.search(query.text, statistic.text, period?.value ?? scope.periodSeconds);
}

function compute(expression: Expression, scope: MathScope): Value {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'name':
      return named(expression.name, scope);
    case 'text':
      throw invalid(`unexpected '${expression.text}'`);
    case 'list':
      return expression.items.map((item) => evaluate(item, scope));
    case 'negate':
      return combine(0, compute(expression.operand, scope), (a, b) => a - b);
    case 'binary':
      return combine(
        compute(expression.left, scope),
        compute(expression.right, scope),
        operatorOf(expression.operator),
      );
    case 'call':
      return call(expression.name, expression.args, scope);
  }
}

function named(name: string, scope: MathScope): Series | Series[] {
  const found = scope.found.get(name);
  if (found) return found.map(({ series }) => series);
  const series = scope.series.get(name);
  if (!series) throw invalid(`'${name}' is not the id of a query`);
  return series;
}

function call(name: string, args: readonly Expression[], scope: MathScope): Value {
  switch (name) {
    case 'METRICS':
      return scope.metricIds.map((id) => scope.series.get(id)!);
    case 'SEARCH':
      return search(args, scope).map(({ series }) => series);
    case 'PERIOD':
      return scope.periodSeconds;
    case 'FILL':
      return fill(compute(argument(args, 0, name), scope), argument(args, 1, name), scope);
    case 'IF':
      return choose(args, scope);
    case 'ABS':
    case 'CEIL':
    case 'FLOOR': {
      const rounded = { ABS: Math.abs, CEIL: Math.ceil, FLOOR: Math.floor }[name];
      return combine(compute(argument(args, 0, name), scope), 0, (a) => rounded(a));
    }
    case 'SUM':
    case 'AVG':
    case 'MIN':
    case 'MAX':
      return aggregate(name, compute(argument(args, 0, name), scope));
    default:
      throw invalid(`unknown function '${name}'`);
  }
}

function argument(args: readonly Expression[], index: number, name: string): Expression {
  const found = args[index];
  if (!found) throw invalid(`${name} misses an argument`);
  return found;
}

/** `FILL(m, 0)`, `FILL(m, REPEAT)`: also a series without a single value is filled, as the request's range is known. */
function fill(value: Value, filler: Expression, scope: MathScope): Value {
  if (typeof value === 'number') return value;
  if (Array.isArray(value)) return value.map((series) => fill(series, filler, scope) as Series);
  const repeat = filler.kind === 'name' && filler.name === 'REPEAT';
  const constant = repeat ? undefined : compute(filler, scope);
  if (typeof constant === 'object')
    throw invalid('FILL of one time series takes a number or REPEAT as its filler');
  const filled = new Map<Instant, number>();
  let last: number | undefined;
  for (const at of scope.grid) {
    last = value.get(at) ?? (repeat ? last : undefined);
    const found = last ?? constant;
    if (found !== undefined) filled.set(at, found);
  }
  return filled;
}

function choose(args: readonly Expression[], scope: MathScope): Value {
  const condition = compute(argument(args, 0, 'IF'), scope);
  const yes = compute(argument(args, 1, 'IF'), scope);
  const no = args[2] ? compute(args[2], scope) : undefined;
  const chosen = new Map<Instant, number>();
  for (const at of scope.grid) {
    const test = valueAt(condition, at);
    if (test === undefined) continue;
    const branch = test !== 0 ? yes : no;
    const value = branch === undefined ? undefined : valueAt(branch, at);
    if (value !== undefined) chosen.set(at, value);
  }
  return chosen;
}

function aggregate(name: string, value: Value): Value {
  if (typeof value === 'number') return value;
  // Of one series SUM, AVG, MIN and MAX are scalars, of several they are a series.
  if (!Array.isArray(value)) return reduce(name, [...value.values()]) ?? 0;
  const instants = new Set(value.flatMap((series) => [...series.keys()]));
  return new Map(
    [...instants]
      .sort((a, b) => a - b)
      .map((at) => [
        at,
        reduce(
          name,
          // An average takes a missing value for 0, like arithmetic.
          value.flatMap((series) => series.get(at) ?? (name === 'AVG' ? 0 : [])),
        )!,
      ]),
  );
}

function reduce(name: string, values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  if (name === 'MIN') return Math.min(...values);
  if (name === 'MAX') return Math.max(...values);
  const sum = values.reduce((a, b) => a + b, 0);
  return name === 'SUM' ? sum : sum / values.length;
}

function combine(left: Value, right: Value, operator: (a: number, b: number) => number): Value {
  if (Array.isArray(left)) return left.map((one) => combine(one, right, operator) as Series);
  if (Array.isArray(right)) return right.map((one) => combine(left, one, operator) as Series);
  if (typeof left === 'number' && typeof right === 'number') return operator(left, right);
  const result = new Map<Instant, number>();
  for (const at of instantsOf(left, right)) {
    const value = operator(valueAt(left, at) ?? 0, valueAt(right, at) ?? 0);
    // A division by zero gives no datapoint.
    if (Number.isFinite(value)) result.set(at, value);
  }
  return result;
}

/** Of either, in order. */
function instantsOf(left: number | Series, right: number | Series): Instant[] {
  const [a, b] = [left, right].map((value) => (typeof value === 'number' ? [] : [...value.keys()]));
  if (b!.length === 0) return a!;
  return a!.length === 0 ? b! : [...new Set([...a!, ...b!])].sort((one, other) => one - other);
}

function valueAt(value: Value, at: Instant): number | undefined {
  if (typeof value === 'number') return value;
  return Array.isArray(value) ? undefined : value.get(at);
}

function operatorOf(operator: string): (a: number, b: number) => number {
  const found = operators[operator];
  if (!found) throw invalid(`unknown operator '${operator}'`);
  return found;
}

const operators: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  '&&': (a, b) => Number(a !== 0 && b !== 0),
  AND: (a, b) => Number(a !== 0 && b !== 0),
  '||': (a, b) => Number(a !== 0 || b !== 0),
  OR: (a, b) => Number(a !== 0 || b !== 0),
};

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationError', `Error in expression: ${message}`);
}
