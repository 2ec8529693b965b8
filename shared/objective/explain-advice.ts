import type { Forecast, Instant } from '../domain/observation.ts';
import { minuteMs } from '../units.ts';
import type { Doubt } from './load-check.ts';
import type { Advice } from './objective.ts';

/** Before so many days a single crowd says too much. */
const leastBudgetDays = 7;

/**
 * Turns advice into what a decision reads.
 * @param as `tracks`: it launches and gives back; `floor`: it only ever asks for at least so many, and for nothing while its
 * forecasts are far off
 * @param lacks why the load is unknown, if that is known
 * @param boot how long launches take, and of how many that is learnt
 * @param timeOf how an instant reads in a message; default `HH:MM` UTC
 */
export function forecastOf(
  advice: Advice | undefined,
  as: 'tracks' | 'floor',
  lacks = 'the load is unknown',
  timeOf: (at: Instant) => string = (at) => `${new Date(at).toISOString().slice(11, 16)} UTC`,
  boot?: { readonly minutes: number; readonly launches: number },
): Forecast {
  if (advice?.doubt)
    return { need: undefined, keep: undefined, message: doubted(advice.doubt), doubted: true };
  if (!advice?.known) return { need: undefined, keep: undefined, message: `${lacks}: holds` };
  const launches = boot && `launches take ${boot.minutes} min by the last ${boot.launches}`;
  const message = [
    explainAdvice(advice, timeOf(advice.expectedMinute * minuteMs)),
    ...(launches ? [launches] : []),
  ].join('; ');
  if (as === 'tracks') return { need: advice.desired, keep: advice.desired, message };
  if (!advice.strained) return { need: advice.keep, keep: undefined, message };
  return { need: undefined, keep: undefined, message: `stands back: ${message}` };
}

/** Why a load is not believed. */
function doubted({ why, from, to }: Doubt): string {
  const moved = `from ${from.toFixed(1)} to ${to.toFixed(1)} servers' load`;
  switch (why) {
    case 'negative':
      return `the load reads ${to.toFixed(1)}, and none is below nothing: holds`;
    case 'asBusy':
      return `the load fell ${moved} while the servers are as busy as before: holds`;
    case 'unhealthy':
      return `the load fell ${moved} while most servers are unhealthy at the load balancer: holds`;
    case 'neverSoLow':
      return `the load fell ${moved} at once, lower than in 28 days: holds for an hour at most`;
    case 'noBusier':
      return `the load rose ${moved} while the servers are no busier: holds`;
    case 'neverSoHigh':
      return `the load rose ${moved} at once, far beyond 28 days: holds for a quarter of an hour at most`;
  }
}

/** One sentence, such as "needs 7: expects 5.2 ± 0.6 servers' load at 12:04; …". */
function explainAdvice(advice: Advice, at: string): string {
  const { desired, expects, error, price, lastServerUse, days } = advice;
  const sentence =
    `needs ${desired}: expects ${expects.toFixed(1)} ± ${error.toFixed(1)} servers' load at ${at}; ` +
    `the ${ordinal(desired)} would be used ${percent(lastServerUse)} of the time, ` +
    `and the promise buys servers above ${percent(price)}; ${budget(advice)}`;
  const remarks = [
    advice.seasonal ? '' : `knows ${days.toFixed(1)} days and no season yet`,
    advice.strained ? 'its forecasts were far off lately, so the error bar is widened' : '',
    promisableRemark(advice),
  ];
  return [sentence, ...remarks.filter((remark) => remark !== '')].join('; ');
}

/** Said while it is not too late: a promise that the past could not have kept. */
function promisableRemark({ promise, promisable, budgetDays }: Advice): string {
  if (budgetDays < leastBudgetDays || promisable <= promise) return '';
  return `its past allows a promise of ${percent(promisable)} and not of ${percent(promise)}`;
}

function budget({ budgetLeft, budgetDays, price }: Advice): string {
  if (budgetDays === 0) return 'its error budget begins with the third day';
  const its = `the ${Math.max(1, Math.round(budgetDays))}-day error budget`;
  if (budgetLeft >= 0) return `${Math.round(100 * budgetLeft)} % of ${its} is left`;
  return `${its} is overspent by ${Math.ceil(-100 * budgetLeft)} %: servers are kept that would be used ${percent(price)} of the time`;
}

/** Two decimals, or one digit that counts: prices go down to 0.0001 %. */
function percent(share: number): string {
  const value = 100 * share;
  if (value >= 1) return `${value.toFixed(value >= 10 ? 0 : 1)} %`;
  return `${value >= 0.1 || value < 5e-5 ? value.toFixed(2) : Number(value.toPrecision(1))} %`;
}

function ordinal(n: number): string {
  const suffix = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${suffix}`;
}
