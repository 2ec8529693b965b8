import type { Instant } from '../service.ts';
import { type Observation, Sample } from './sample.ts';
import { Series } from './series.ts';
import { usualUnit } from './units.ts';

const minuteMs = 60_000;

/** A metric's identity: a different set of dimensions is a different metric. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

interface Published {
  readonly metric: MetricName;
  /** As first published; the local cloud does not keep a metric apart by its units. */
  readonly unit: string;
  readonly series: Series;
  isFine: boolean;
}

/** Every datapoint that was published, at a resolution of one minute: finer ones of a minute are as that minute. */
export class MetricStore {
  readonly #published = new Map<string, Published>();

  record(
    metric: MetricName,
    at: Instant,
    observation: Observation,
    { unit = usualUnit(metric.name), isFine = false }: { unit?: string | undefined; isFine?: boolean } = {},
  ): void {
    const published = this.#open(metric, unit);
    published.isFine ||= isFine;
    published.series.add(Math.floor(at / minuteMs), observation);
  }

  /**
   * Everything observed in `[from, to)`; undefined when nothing was. Less than a minute of a metric that is published once a minute
   * has something only where the minute begins.
   * @param withValues false: no percentile is asked of it
   */
  window(metric: MetricName, from: Instant, to: Instant, withValues = true): Sample | undefined {
    const { series, isFine } = this.#published.get(keyOf(metric)) ?? {};
    if (!series) return undefined;
    if (!isFine && Math.ceil(from / minuteMs) * minuteMs >= to) return undefined;
    const whole = new Sample();
    let isEmpty = true;
    for (let minute = Math.floor(from / minuteMs); minute * minuteMs < to; minute++)
      if (series.addTo(whole, minute, withValues)) isEmpty = false;
    return isEmpty ? undefined : whole;
  }

  /** Every metric that has data, in the order of its first datapoint. */
  metrics(): MetricName[] {
    return [...this.#published.values()].map(({ metric }) => metric);
  }

  /** The start of the minute of the last datapoint, by which ListMetrics finds what is recently active. */
  lastRecorded(metric: MetricName): Instant | undefined {
    const last = this.#published.get(keyOf(metric))?.series.last;
    return last === undefined ? undefined : last * minuteMs;
  }

  unitOf(metric: MetricName): string | undefined {
    return this.#published.get(keyOf(metric))?.unit;
  }

  #open(metric: MetricName, unit: string): Published {
    const key = keyOf(metric);
    let published = this.#published.get(key);
    if (!published) {
      published = { metric, unit, series: new Series(), isFine: false };
      this.#published.set(key, published);
    }
    return published;
  }
}

/** Names and values hold no control characters. Thousands of metrics are named anew each minute: this is quick. */
function keyOf({ namespace, name, dimensions }: MetricName): string {
  const names = Object.keys(dimensions);
  if (names.length > 1) names.sort();
  let key = `${namespace}\u0000${name}`;
  for (const dimension of names) key += `\u0000${dimension}\u0000${dimensions[dimension]}`;
  return key;
}
