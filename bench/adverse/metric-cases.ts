import { minutesPerDay, minutesPerHour } from '../../shared/units.ts';
import { seededRandom } from '../../simulate/world/random.ts';
import type { AdverseCase } from './adverse-case.ts';
import type { AdverseLoad, AdverseRun, Metered } from './fleet.ts';
import { dayAndNight, noisy } from './loads.ts';
import { firstDoubt, peakAsk, scaleInsWhileOverloaded, unservedShare } from './scores.ts';
import { firstMinute, maxServers } from './step-cases.ts';

/** 14:00 of the eighth day. */
const peak = 7 * minutesPerDay + 14 * minutesPerHour;

/** Metrics that do not tell the truth, or nothing. */
export function metricCases(): AdverseCase[] {
  return [
    wrong('real zeros for ten minutes at the peak', 10, () => ({ load: 0 })),
    wrong('−50 for three minutes at the peak', 3, () => ({ load: -50 })),
    wrong('metric × 1000 for 80 minutes', 80, (load) => ({ load: 1000 * load })),
    wrong('metric × 1000, no CPU to be had', 15, (load) => ({ load: 1000 * load, cpu: Number.NaN })),
    wrong('metric ÷ 1000 for 80 minutes', 80, (load) => ({ load: load / 1000 })),
    wrong('metric ÷ 1000, no CPU to be had', 60, (load) => ({ load: load / 1000, cpu: Number.NaN })),
    wrong('the balancer finds no server healthy and counts nothing', 30, () => ({
      load: 0,
      cpu: Number.NaN,
      healthy: 0,
    })),
    gapThenTriple(),
    someMissing(),
    gapOnTheRise(),
    absurd(),
  ];
}

/** A week of days with 4 by night and 11 by day, and then a metric that is wrong. */
function wrong(name: string, minutes: number, metered: (load: number) => Metered): AdverseCase {
  const span = { from: peak, to: peak + minutes };
  const adverse = days((minute, load) => (minute >= span.from && minute < span.to ? metered(load) : {}));
  const after = { from: peak, to: span.to + 2 * minutesPerHour };
  return {
    name,
    wanted: 'holds (asks ≤ 20), tells',
    adverse,
    judge: (run) => {
      const [asks, taken] = [peakAsk(run, after), scaleInsWhileOverloaded(adverse, run, after)];
      const unserved = unservedShare(adverse, run, after);
      const told = firstDoubt(run, { from: span.from, to: span.to + 4 });
      const holds = asks <= 20 && taken === 0 && unserved <= 0.001;
      return {
        seen: `asks ${asks}, ${percent(unserved)} unserved, ${told ? 'tells' : 'does not tell'}`,
        within: holds && told !== undefined,
      };
    },
  };
}

const silent: Metered = { load: Number.NaN, cpu: Number.NaN };

function gapThenTriple(): AdverseCase {
  const [gap, back] = [7 * minutesPerDay, 10 * minutesPerDay];
  const span = { from: back, to: back + minutesPerDay };
  const adverse: AdverseLoad = {
    firstMinute,
    maxServers,
    load: noisy(span.to, 0.03, (minute) => (minute < back ? 7.7 : 23)),
    metered: (minute) => (minute >= gap && minute < back ? silent : {}),
  };
  return {
    name: 'three days of gap, then × 3 (23)',
    wanted: 'asks ≤ 46',
    adverse,
    judge: (run) => ({ seen: `asks ${peakAsk(run, span)}`, within: peakAsk(run, span) <= 46 }),
  };
}

function someMissing(): AdverseCase {
  const random = seededRandom(3);
  const missing = Array.from({ length: 14 * minutesPerDay }, () => random.next() < 0.2);
  const adverse = days((minute) => (missing[minute] ? silent : {}), 14);
  return needed('20 % of the minutes missing', adverse, 7 * minutesPerDay, 14 * minutesPerDay, 0.001);
}

function gapOnTheRise(): AdverseCase {
  const from = 7 * minutesPerDay + 5 * minutesPerHour;
  const to = from + 6 * minutesPerHour;
  const adverse = days((minute) => (minute >= from && minute < to ? silent : {}));
  return needed("six hours' gap on the rise", adverse, to, to + minutesPerDay, 0.01);
}

/** Judged by what is asked for at most and what is unserved. */
function needed(name: string, adverse: AdverseLoad, from: number, to: number, most: number): AdverseCase {
  const span = { from, to };
  const need = Math.max(...adverse.load.subarray(from, to));
  return {
    name,
    wanted: `asks ≤ ${Math.ceil(2 * need)}, at most ${percent(most)} unserved`,
    adverse,
    judge: (run) => {
      const [asks, unserved] = [peakAsk(run, span), unservedShare(adverse, run, span)];
      return {
        seen: `asks ${asks}, ${percent(unserved)} unserved`,
        within: asks <= 2 * need && unserved <= most,
      };
    },
  };
}

function absurd(): AdverseCase {
  const adverse = days((minute) => (minute >= peak && minute < peak + 60 ? { load: 1e7 } : {}));
  const span = { from: peak, to: peak + 60 };
  return {
    name: "10⁷ servers' worth for an hour",
    wanted: 'holds (asks ≤ 20)',
    adverse,
    judge: (run: AdverseRun) => ({ seen: `asks ${peakAsk(run, span)}`, within: peakAsk(run, span) <= 20 }),
  };
}

function days(metered: (minute: number, load: number) => Metered, count = 9): AdverseLoad {
  return {
    firstMinute,
    maxServers,
    load: noisy(count * minutesPerDay, 0.03, (minute) => dayAndNight(4, 11, minute)),
    metered: (minute, { load }) => metered(minute, load),
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
