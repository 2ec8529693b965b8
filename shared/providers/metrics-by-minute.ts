import { newestReading } from '../domain/absence.ts';
import type { Instant, Reading } from '../domain/observation.ts';
import { newestEnd, periodsLookedBack } from '../domain/periods.ts';
import type { AskedMetric, Metrics } from '../ports/metrics.ts';

/** One series that is read by the minute. */
export interface MinuteSeries {
  /** Of two series that are the same one. */
  readonly key: string;
  /** Turns its unit into ours. */
  readonly factor: number;
  /** By the minute from `from` to `to`; NaN: unknown. @throws PortError */
  readonly minutes: (from: Instant, to: Instant) => Promise<Float64Array>;
  /** How minutes make a longer period. */
  readonly statistic: string | undefined;
}

const unread: Reading = { known: false, why: 'failed' };

/** Metrics of a cloud that is asked for minutes, whatever the period of the rule. */
export class MetricsByMinute implements Metrics {
  readonly #seriesOf: (asked: AskedMetric) => MinuteSeries | undefined;

  /** @param seriesOf undefined: there is no such metric, or nobody has it now */
  constructor(seriesOf: (asked: AskedMetric) => MinuteSeries | undefined) {
    this.#seriesOf = seriesOf;
  }

  async latest(asked: readonly AskedMetric[], now: Instant): Promise<readonly Reading[]> {
    const readings = new Map<AskedMetric, Reading>();
    for (const [periodSeconds, alike] of Map.groupBy(asked, ({ use }) => use.periodSeconds)) {
      const to = newestEnd(periodSeconds, now, false);
      const from = to - periodsLookedBack(periodSeconds) * periodSeconds * 1000;
      const series = await this.history(alike, from, to);
      for (const [index, one] of alike.entries()) {
        const values = series[index];
        readings.set(one, values ? newestReading(values, from, periodSeconds) : unread);
      }
    }
    return asked.map((one) => readings.get(one) ?? unread);
  }

  async history(
    asked: readonly AskedMetric[],
    from: Instant,
    to: Instant,
  ): Promise<readonly (Float64Array | null | undefined)[]> {
    // One series is read once, by however many rules it is asked for.
    const read = new Map<string, Promise<Float64Array | null>>();
    const failures: unknown[] = [];
    const found = await Promise.all(
      asked.map(async (one) => {
        const series = this.#seriesOf(one);
        if (!series) return undefined;
        const reading =
          read.get(series.key) ??
          series.minutes(from, to).catch((error: unknown) => {
            failures.push(error);
            return null;
          });
        read.set(series.key, reading);
        const values = await reading;
        return values && inPeriods(values, one.use.periodSeconds, series);
      }),
    );
    if (failures.length > 0 && found.every((values) => !values)) throw failures[0];
    return found;
  }
}

/** What several values make together; NaN: there are none. */
export function together(values: readonly number[], statistic: string | undefined): number {
  if (values.length === 0) return Number.NaN;
  if (statistic === 'Maximum') return Math.max(...values);
  if (statistic === 'Minimum') return Math.min(...values);
  const sum = values.reduce((total, value) => total + value, 0);
  return statistic === 'Sum' || statistic === 'SampleCount' ? sum : sum / values.length;
}

/** Minutes put together into longer periods, and into our unit. */
function inPeriods(
  minutes: Float64Array,
  periodSeconds: number,
  { factor, statistic }: MinuteSeries,
): Float64Array {
  const each = Math.max(1, periodSeconds / 60);
  return Float64Array.from({ length: Math.floor(minutes.length / each) }, (_, index) => {
    const known = minutes.subarray(index * each, (index + 1) * each).filter((value) => !Number.isNaN(value));
    return factor * together([...known], statistic);
  });
}
