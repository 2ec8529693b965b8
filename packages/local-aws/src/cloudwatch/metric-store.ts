import type { Instant } from '../service.ts';
import { type Observation, Sample } from './sample.ts';
import { usualUnit } from './units.ts';

const minuteMs = 60_000;
/** One-minute datapoints are kept for fifteen days, as CloudWatch keeps them. */
const retainedMinutes = 15 * 1440;

/** A metric's identity: a different set of dimensions is a different metric. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

interface Series {
  readonly metric: MetricName;
  /** As first published; the local cloud does not keep a metric apart by its units. */
  readonly unit: string;
  /** By the epoch minute in which they were observed, oldest first. */
  readonly minutes: Map<number, Sample>;
}

/** Every datapoint that was published, at a resolution of one minute. */
export class MetricStore {
  readonly #series = new Map<string, Series>();

  record(metric: MetricName, at: Instant, observation: Observation, unit = usualUnit(metric.name)): void {
    const { minutes } = this.#open(metric, unit);
    const minute = Math.floor(at / minuteMs);
    const sample = minutes.get(minute);
    if (sample) {
      sample.add(observation);
      return;
    }
    minutes.set(minute, Sample.of(observation));
    if (minutes.size > retainedMinutes) minutes.delete(minutes.keys().next().value!);
  }

  /** Everything observed in `[from, to)`; undefined when nothing was. */
  window(metric: MetricName, from: Instant, to: Instant): Sample | undefined {
    const minutes = this.#series.get(keyOf(metric))?.minutes;
    if (!minutes || minutes.size === 0) return undefined;
    let whole: Sample | undefined;
    for (let minute = Math.floor(from / minuteMs); minute * minuteMs < to; minute++) {
      const sample = minutes.get(minute);
      if (!sample) continue;
      whole = whole ? whole.merge(sample) : sample;
    }
    return whole;
  }

  /** Every metric that has data, in the order of its first datapoint. */
  metrics(): MetricName[] {
    return [...this.#series.values()].map((series) => series.metric);
  }

  /** The start of the minute of the last datapoint, by which ListMetrics tells what is recently active. */
  lastRecorded(metric: MetricName): Instant | undefined {
    const minutes = this.#series.get(keyOf(metric))?.minutes;
    if (!minutes) return undefined;
    let last = 0;
    for (const minute of minutes.keys()) last = Math.max(last, minute);
    return last * minuteMs;
  }

  unitOf(metric: MetricName): string | undefined {
    return this.#series.get(keyOf(metric))?.unit;
  }

  #open(metric: MetricName, unit: string): Series {
    const key = keyOf(metric);
    let series = this.#series.get(key);
    if (!series) {
      series = { metric, unit, minutes: new Map() };
      this.#series.set(key, series);
    }
    return series;
  }
}

/** Keys are remembered by object, as publishers and alarms name the same metric object minute after minute. */
const keys = new WeakMap<MetricName, string>();

function keyOf(metric: MetricName): string {
  let key = keys.get(metric);
  if (key === undefined) {
    const dimensions = Object.entries(metric.dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
    key = JSON.stringify([metric.namespace, metric.name, dimensions]);
    keys.set(metric, key);
  }
  return key;
}
