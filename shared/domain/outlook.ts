import { minuteMs } from '../units.ts';
import { breaches } from './breaches.ts';
import type { Instant } from './observation.ts';
import type { CompiledRule } from './policy.ts';

/** How near a rule's alarm is to turning red: what CloudWatch sees in the periods that it evaluates. */
export interface Outlook {
  /** Of the newest period. */
  readonly value: number;
  /** Does the newest period breach? */
  readonly isBreaching: boolean;
  /** How many of the newest `periods` breach, and how many must. */
  readonly breaching: number;
  readonly periods: number;
  readonly needed: number;
  /** About when the alarm turns red if the metric stays as it is; undefined where the newest period does not breach. */
  readonly actsAt: Instant | undefined;
}

/** So long after the end of a period an alarm has seen it. */
const seenAfterMs = minuteMs;

/** What is read of a rule's metric for an outlook: every minute, or its own period where that is shorter, in seconds. */
export function outlookStep({ periodSeconds }: Pick<CompiledRule, 'periodSeconds'>): number {
  return Math.min(60, periodSeconds);
}

/** How far back an outlook looks, in seconds: as far as the evaluation, and as long again, to find when the breach began. */
export function outlookSeconds({ periodSeconds, evaluationPeriods }: CompiledRule): number {
  return 2 * periodSeconds * evaluationPeriods;
}

/**
 * CloudWatch evaluates windows that slide by a minute; the alarm turns red when enough of those that follow one another breach.
 * @param series of the metric, oldest first, in steps of `outlookStep`; NaN: unknown
 * @param end of its last step
 * @returns undefined while nothing is known of the newest period
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
export function outlookOf(rule: CompiledRule, series: Float64Array, end: Instant): Outlook | undefined {
  const { periodSeconds, evaluationPeriods: periods, datapointsToAlarm: needed } = rule;
  const step = outlookStep(rule);
  const length = periodSeconds / step;
  const valueAt = (back: number) => {
    const to = series.length - back;
    return to < length ? Number.NaN : combined(rule, series.subarray(to - length, to));
  };
  const isBreachingAt = (back: number) => {
    const value = valueAt(back);
    return !Number.isNaN(value) && breaches(rule, value);
  };
  const value = valueAt(0);
  if (Number.isNaN(value)) return undefined;
  let breaching = 0;
  for (let period = 0; period < periods; period++) if (isBreachingAt(period * length)) breaching++;
  const isBreaching = breaches(rule, value);
  if (!isBreaching) return { value, isBreaching, breaching, periods, needed, actsAt: undefined };
  let since = 0;
  while (isBreachingAt(since + 1)) since++;
  const periodMs = periodSeconds * 1000;
  const byTheFirst = end - since * step * 1000 + (needed - 1) * periodMs;
  const byTheCount = end + Math.max(0, needed - breaching) * periodMs;
  const actsAt = Math.max(end, Math.min(byTheFirst, byTheCount)) + seenAfterMs;
  return { value, isBreaching, breaching, periods, needed, actsAt };
}

/** A period's value from those of its steps; a percentile is taken for a mean, which is what "about" is for. */
function combined({ combines }: CompiledRule, steps: Float64Array): number {
  const known = steps.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return Number.NaN;
  if (combines === 'max') return Math.max(...known);
  if (combines === 'min') return Math.min(...known);
  const sum = known.reduce((total, value) => total + value, 0);
  return combines === 'sum' ? sum : sum / known.length;
}
