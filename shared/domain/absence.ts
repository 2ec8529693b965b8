import type { Instant, Reading } from './observation.ts';
import { publishedWithinMs } from './periods.ts';

/**
 * What silence means, for every reading of every metric. A period with a datapoint is known. A period without one is
 * zero when another metric of the same source has spoken and nothing denies the zero. Otherwise it is unknown: it
 * never scales in and teaches nothing.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html on
 * what is published when
 */
export interface Evidence {
  /** The source's own sign of life, such as a load balancer's count of hosts; NaN: silent. */
  readonly spoke: Float64Array;
  /** What would have been measured had there been anything to measure, such as the requests whose response times are asked for. */
  readonly denied?: Float64Array | undefined;
}

/** How many of the oldest periods of `[from, …)` are final at `now`: no datapoint of them can still arrive. */
export function settledPeriods(from: Instant, periodSeconds: number, now: Instant): number {
  return Math.max(0, Math.floor((now - publishedWithinMs - from) / (periodSeconds * 1000)));
}

/** Is there a silence that evidence could turn into a zero? If not, the evidence need not be read. */
export function needsEvidence(measured: Float64Array, settled: number): boolean {
  return measured.subarray(0, settled).some(Number.isNaN);
}

/**
 * The periods of a metric with zeros where they are known to be; NaN: unknown.
 * @param measured one value per period, oldest first; NaN: silent
 * @param settled how many of the oldest may be zero at all
 */
export function withKnownZeros(measured: Float64Array, evidence: Evidence, settled: number): Float64Array {
  const { spoke, denied } = evidence;
  return measured.map((value, index) => {
    if (!Number.isNaN(value) || index >= settled || Number.isNaN(spoke[index]!)) return value;
    const mustBe = denied?.[index] ?? Number.NaN;
    return Number.isNaN(mustBe) || mustBe === 0 ? 0 : value;
  });
}

/**
 * The period at which a metric is read, in seconds. A sum over several minutes is read by the minute: when minutes
 * are missing, CloudWatch sums the others, and a count that is too low looks like a falling load.
 */
export function readAtSeconds(statistic: string, periodSeconds: number, hasEvidence: boolean): number {
  return hasEvidence && statistic === 'Sum' && periodSeconds > 60 ? 60 : periodSeconds;
}

/** Sums of so many values each; a sum of which a part is unknown is unknown. */
export function sumsOf(values: Float64Array, each: number): Float64Array {
  if (each === 1) return values;
  return Float64Array.from({ length: Math.ceil(values.length / each) }, (_, index) =>
    values.subarray(index * each, (index + 1) * each).reduce((sum, value) => sum + value, 0),
  );
}

/** The newest period that is known. */
export function newestReading(known: Float64Array, from: Instant, periodSeconds: number): Reading {
  const index = known.findLastIndex((value) => !Number.isNaN(value));
  if (index < 0) return { known: false, why: 'missing' };
  return { known: true, value: known[index]!, at: from + index * periodSeconds * 1000 };
}
