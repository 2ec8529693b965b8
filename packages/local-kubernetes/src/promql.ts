import type { Aggregation, Expression, Matcher, Operator, RangeFunction } from './promql-parser.ts';
import type { Instant } from './timeline.ts';

export type Labels = Readonly<Record<string, string>>;

/** One series of samples, oldest first. */
export interface TimeSeries {
  readonly labels: Labels;
  readonly samples: readonly { readonly at: Instant; readonly value: number }[];
}

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** A scalar, or a vector of samples. */
export type Value = number | readonly Sample[];

/** How long a sample counts. */
const lookbackMs = 300_000;

/** @throws RangeError for what an expression cannot be */
export function evaluate(expression: Expression, all: readonly TimeSeries[], at: Instant): Value {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'selector':
      if (expression.rangeSeconds !== undefined)
        throw new RangeError(
          'invalid expression type "range vector" for range query, must be Scalar or instant Vector',
        );
      return selected(expression.matchers, all).flatMap(({ labels, samples }) => {
        const newest = samples.findLast((sample) => sample.at <= at && sample.at > at - lookbackMs);
        return newest ? [{ labels, value: newest.value }] : [];
      });
    case 'call':
      return called(expression.name, expression.of, all, at);
    case 'aggregation': {
      const of = evaluate(expression.of, all, at);
      if (typeof of === 'number')
        throw new RangeError(`expected type instant vector in aggregation expression, got scalar`);
      return aggregated(expression.name, expression.by, of);
    }
    case 'operation': {
      const { operator, left, right } = expression;
      return operated(operator, evaluate(left, all, at), evaluate(right, all, at));
    }
  }
}

function selected(matchers: readonly Matcher[], all: readonly TimeSeries[]): TimeSeries[] {
  return all.filter(({ labels }) =>
    matchers.every(({ label, operator, value }) => {
      const given = labels[label] ?? '';
      const same = operator.endsWith('~') ? new RegExp(`^(?:${value})$`).test(given) : given === value;
      return same === !operator.startsWith('!');
    }),
  );
}

function called(name: RangeFunction, of: Expression, all: readonly TimeSeries[], at: Instant): Sample[] {
  if (of.kind !== 'selector' || of.rangeSeconds === undefined)
    throw new RangeError(`expected type range vector in call to function "${name}"`);
  const rangeMs = of.rangeSeconds * 1000;
  return selected(of.matchers, all).flatMap((series) => {
    const samples = series.samples.filter((sample) => sample.at > at - rangeMs && sample.at <= at);
    const value = overRange(name, samples, at - rangeMs, at);
    const { __name__: _, ...labels } = series.labels;
    return value === undefined ? [] : [{ labels, value }];
  });
}

function overRange(
  name: RangeFunction,
  samples: TimeSeries['samples'],
  from: Instant,
  to: Instant,
): number | undefined {
  const values = samples.map(({ value }) => value);
  if (values.length === 0) return undefined;
  switch (name) {
    case 'avg_over_time':
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    case 'max_over_time':
      return Math.max(...values);
    case 'min_over_time':
      return Math.min(...values);
    case 'increase':
      return increase(samples, from, to);
    case 'rate': {
      const rise = increase(samples, from, to);
      return rise === undefined ? undefined : rise / ((to - from) / 1000);
    }
    case 'irate': {
      const last = samples.slice(-2);
      const rise = last.length < 2 ? undefined : rises(last);
      return rise === undefined ? undefined : rise / ((last[1]!.at - last[0]!.at) / 1000);
    }
  }
}

/** What a counter has risen by; where it falls it began anew. */
function rises(samples: TimeSeries['samples']): number {
  return samples.slice(1).reduce((sum, { value }, index) => {
    const before = samples[index]!.value;
    return sum + (value < before ? value : value - before);
  }, 0);
}

/**
 * Extrapolated to the ends of the range where the samples come close to them.
 * @see https://prometheus.io/docs/prometheus/latest/querying/functions/#increase
 */
function increase(samples: TimeSeries['samples'], from: Instant, to: Instant): number | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (samples.length < 2 || !first || !last) return undefined;
  const covered = last.at - first.at;
  const between = covered / (samples.length - 1);
  const rise = rises(samples);
  const close = between * 1.1;
  let toStart = first.at - from < close ? first.at - from : between / 2;
  // A counter was never below zero.
  if (rise > 0) toStart = Math.min(toStart, covered * (first.value / rise));
  const toEnd = to - last.at < close ? to - last.at : between / 2;
  return rise * ((covered + toStart + toEnd) / covered);
}

function aggregated(name: Aggregation, by: readonly string[], samples: readonly Sample[]): Sample[] {
  const keyOf = ({ labels }: Sample) => JSON.stringify(by.map((label) => labels[label] ?? ''));
  return [...Map.groupBy(samples, keyOf).values()].map((some) => {
    const values = some.map(({ value }) => value);
    const sum = values.reduce((total, value) => total + value, 0);
    const labels = Object.fromEntries(by.map((label) => [label, some[0]!.labels[label] ?? '']));
    const of = {
      sum,
      avg: sum / values.length,
      min: Math.min(...values),
      max: Math.max(...values),
      count: values.length,
    };
    return { labels, value: of[name] };
  });
}

function operated(operator: Operator, left: Value, right: Value): Value {
  if (typeof left === 'number' && typeof right === 'number') return calculated(operator, left, right);
  if (typeof right === 'number')
    return (left as readonly Sample[]).map(({ labels, value }) => ({
      labels: unnamed(labels),
      value: calculated(operator, value, right),
    }));
  if (typeof left === 'number')
    return right.map(({ labels, value }) => ({
      labels: unnamed(labels),
      value: calculated(operator, left, value),
    }));
  return left.flatMap((one) => {
    const labels = unnamed(one.labels);
    const other = right.find(
      (candidate) => JSON.stringify(sorted(unnamed(candidate.labels))) === JSON.stringify(sorted(labels)),
    );
    return other ? [{ labels, value: calculated(operator, one.value, other.value) }] : [];
  });
}

function unnamed({ __name__: _, ...labels }: Labels): Labels {
  return labels;
}

function sorted(labels: Labels): [string, string][] {
  return Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function calculated(operator: Operator, left: number, right: number): number {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  return operator === '*' ? left * right : left / right;
}
