import { ServiceError } from '../service.ts';

/** A statistic set, which is how a publisher reports many values at once. */
export interface StatisticSet {
  readonly sampleCount: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** What was seen: one value, values with how often each was seen, or their statistic set. */
export type Observation =
  | number
  | { readonly values: readonly number[]; readonly counts?: readonly number[] }
  | StatisticSet;

const percentile = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/;
const plain = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'];

/** How a sample is packed. */
const kinds = { values: 0, weighted: 1, summary: 2 } as const;

/** Everything observed of one metric in one stretch of time. */
export class Sample {
  count = 0;
  sum = 0;
  minimum = Number.POSITIVE_INFINITY;
  maximum = Number.NEGATIVE_INFINITY;
  #values: number[] = [];
  #weights: number[] = [];
  /** A statistic set does not say how its values were distributed, so percentiles are then unknown. */
  #distributionKnown = true;

  static of(observation: Observation): Sample {
    const sample = new Sample();
    sample.add(observation);
    return sample;
  }

  /** What `packed` has made of a sample; more may follow it. */
  static unpacked(numbers: Float64Array): Sample {
    const [kind, length = 0, ...summary] = numbers.subarray(0, 6);
    const sample = new Sample();
    const from = kind === kinds.values ? 2 : 6;
    for (let index = from; index < from + length; index++) {
      const weight = kind === kinds.values ? 1 : numbers[length + index]!;
      if (kind === kinds.summary) sample.#remember(numbers[index]!, weight);
      else sample.#addValue(numbers[index]!, weight);
    }
    if (kind !== kinds.summary) return sample;
    sample.#distributionKnown = false;
    const [count = 0, sum = 0, minimum = 0, maximum = 0] = summary;
    sample.#include(count, sum, minimum, maximum);
    return sample;
  }

  /** As numbers in a row, a tenth of the size: values that were seen once each, values with weights, or the summary too. */
  packed(): readonly number[] {
    const values = this.#values;
    if (this.#distributionKnown && this.#weights.every((weight) => weight === 1))
      return [kinds.values, values.length, ...values];
    const kind = this.#distributionKnown ? kinds.weighted : kinds.summary;
    const summary = [this.count, this.sum, this.minimum, this.maximum];
    return [kind, values.length, ...summary, ...values, ...this.#weights];
  }

  add(observation: Observation): void {
    if (typeof observation === 'number') {
      this.#addValue(observation, 1);
    } else if ('values' in observation) {
      observation.values.forEach((value, i) => {
        this.#addValue(value, observation.counts?.[i] ?? 1);
      });
    } else if (observation.minimum === observation.maximum) {
      this.#addValue(observation.minimum, observation.sampleCount);
    } else {
      this.#distributionKnown = false;
      this.#include(observation.sampleCount, observation.sum, observation.minimum, observation.maximum);
    }
  }

  /** What another sample holds is part of this one from now on. */
  take(other: Sample): void {
    this.#include(other.count, other.sum, other.minimum, other.maximum);
    for (const value of other.#values) this.#values.push(value);
    for (const weight of other.#weights) this.#weights.push(weight);
    this.#distributionKnown &&= other.#distributionKnown;
  }

  /** As `take`, of what `packed` has made of a sample. Without its values it can give every statistic but percentiles. */
  takePacked(numbers: Float64Array, withValues: boolean): void {
    const [kind, length = 0] = numbers;
    if (withValues || kind !== kinds.values) {
      this.take(Sample.unpacked(numbers));
      return;
    }
    let sum = 0;
    let minimum = Number.POSITIVE_INFINITY;
    let maximum = Number.NEGATIVE_INFINITY;
    for (let index = 2; index < 2 + length; index++) {
      const value = numbers[index]!;
      sum += value;
      if (value < minimum) minimum = value;
      if (value > maximum) maximum = value;
    }
    this.#include(length, sum, minimum, maximum);
    this.#distributionKnown = false;
  }

  /** @returns the statistic, or undefined where the data cannot give it (a percentile of statistic sets). */
  statistic(name: string): number | undefined {
    switch (name) {
      case 'SampleCount':
        return this.count;
      case 'Sum':
        return this.sum;
      case 'Average':
        return this.sum / this.count;
      case 'Minimum':
        return this.minimum;
      case 'Maximum':
        return this.maximum;
      default:
        return this.#percentile(Number(name.slice(1)));
    }
  }

  #percentile(percent: number): number | undefined {
    if (!this.#distributionKnown) return undefined;
    const order = this.#values.map((_, i) => i).sort((a, b) => this.#values[a]! - this.#values[b]!);
    const rank = (percent / 100) * this.count;
    let below = 0;
    for (const i of order) {
      below += this.#weights[i]!;
      if (below >= rank) return this.#values[i];
    }
    return this.maximum;
  }

  #addValue(value: number, weight: number): void {
    this.#include(weight, value * weight, value, value);
    this.#remember(value, weight);
  }

  #remember(value: number, weight: number): void {
    this.#values.push(value);
    this.#weights.push(weight);
  }

  #include(count: number, sum: number, minimum: number, maximum: number): void {
    this.count += count;
    this.sum += sum;
    if (minimum < this.minimum) this.minimum = minimum;
    if (maximum > this.maximum) this.maximum = maximum;
  }
}

/** Whether a statistic can only be told from every single value. */
export function needsValues(statistic: string): boolean {
  return !plain.includes(statistic);
}

/** Throws InvalidParameterValue unless the statistic is one that CloudWatch (and this store) knows. */
export function assertStatistic(name: string): void {
  if (!plain.includes(name) && !percentile.test(name))
    throw new ServiceError('InvalidParameterValue', `The value ${name} for parameter Stat is not supported.`);
}
