import type { Forecast } from '../domain/observation.ts';
import type { ForecastNumbers, Sentence } from '../domain/sentence.ts';
import { minuteMs } from '../units.ts';
import type { Advice } from './objective.ts';

/** Before this many days, a single crowd counts too much. */
const leastBudgetDays = 7;

/**
 * Turns advice into what a decision reads.
 * @param as `tracks`: it launches and gives back; `floor`: it only ever asks for at least so many, and for nothing while its
 * forecasts are far off
 * @param metricsOff the scaling group that publishes no metrics, if that is why the load is unknown
 * @param boot how long launches take, and of how many that is learnt
 */
export function forecastOf(
  advice: Advice | undefined,
  as: 'tracks' | 'floor',
  metricsOff?: string | undefined,
  boot?: { readonly minutes: number; readonly launches: number },
): Forecast {
  if (advice?.doubt) {
    const why = { key: 'loadDoubted', ...advice.doubt } as const;
    return { need: undefined, keep: undefined, why, doubted: true };
  }
  if (!advice?.known) return { need: undefined, keep: undefined, why: { key: 'loadUnknown', metricsOff } };
  const why = explainAdvice(advice, boot);
  if (as === 'tracks') return { need: advice.desired, keep: advice.desired, why };
  if (!advice.strained) return { need: advice.keep, keep: undefined, why };
  return { need: undefined, keep: undefined, why: { key: 'forecastStandsBack', forecast: why } };
}

/** "needs 7: expects 5.2 ± 0.6 servers' load at 12:04; …" */
function explainAdvice(advice: Advice, boot: Parameters<typeof forecastOf>[3]): Sentence {
  const { desired, expects, error, price, lastServerUse, budgetLeft, budgetDays } = advice;
  return {
    key: 'forecastNeeds',
    servers: desired,
    expects,
    error,
    at: advice.expectedMinute * minuteMs,
    lastServerUse,
    price,
    budgetLeft,
    budgetDays,
    unseasonedDays: advice.seasonal ? undefined : advice.days,
    strained: advice.strained ? true : undefined,
    promise: promiseOf(advice),
    boot,
  };
}

/** Said while it is not too late: a promise that the past could not have kept. */
function promiseOf({ promise, promisable, budgetDays }: Advice): ForecastNumbers['promise'] {
  if (budgetDays < leastBudgetDays || promisable <= promise) return undefined;
  return { promised: promise, promisable };
}
