import { minutesPerDay, minutesPerHour } from '../../shared/units.ts';
import { sloUtilization } from '../service-model.ts';
import type { AdverseCase } from './adverse-case.ts';
import { type AdverseLoad, adverseBootMinutes } from './fleet.ts';
import { noisy } from './loads.ts';
import { minutesToServe, peakAsk, scaleInsWhileOverloaded, unservedShare } from './scores.ts';

/** Monday, 2 February 2026, in minutes since the epoch. */
export const firstMinute = Date.UTC(2026, 1, 2) / 60_000;
export const maxServers = 400;
/** A launch, and the two minutes until a load can be seen and answered. */
const soonest = adverseBootMinutes + 2;

/** Steps without any precedent. */
export function stepCases(): AdverseCase[] {
  return [suddenStep(), afterNothing(), afterNothingForLong(), afterTheMaximum(), byCpu()];
}

function suddenStep(): AdverseCase {
  const [before, after] = [7 * minutesPerDay, 8 * minutesPerDay];
  const adverse = steps(after, (minute) => (minute < before ? 10 : 60));
  const span = { from: before, to: after };
  return {
    name: '10 → 60 at once, no precedent',
    wanted: `asks ≤ 120, served after ${soonest} min`,
    adverse,
    judge: (run) => {
      const [peak, served] = [peakAsk(run, span), minutesToServe(adverse, run, span)];
      return {
        seen: `asks ${peak}, served after ${served} min`,
        within: peak <= 120 && served === soonest,
      };
    },
  };
}

function afterNothing(): AdverseCase {
  const [before, after] = [5 * minutesPerDay, 6 * minutesPerDay];
  const adverse = steps(after, (minute) => (minute < before ? 0 : 10), 0);
  const span = { from: before, to: after };
  return {
    name: 'five days of 0, then 10',
    wanted: 'asks ≤ 20',
    adverse,
    judge: (run) => ({ seen: `asks ${peakAsk(run, span)}`, within: peakAsk(run, span) <= 20 }),
  };
}

function afterNothingForLong(): AdverseCase {
  const [before, after] = [14 * minutesPerDay, 15 * minutesPerDay];
  const adverse = steps(after, (minute) => (minute < before ? 0 : 10));
  const span = { from: before, to: after };
  return {
    name: 'fourteen days of 0, then 10 ± 3 %',
    wanted: 'no scale-in while overloaded, asks ≤ 20',
    adverse,
    judge: (run) => {
      const [peak, taken] = [peakAsk(run, span), scaleInsWhileOverloaded(adverse, run, span)];
      return {
        seen: `${taken} scale-ins while overloaded, asks ${peak}`,
        within: taken === 0 && peak <= 20,
      };
    },
  };
}

function afterTheMaximum(): AdverseCase {
  const crowd = { from: 7 * minutesPerDay, to: 7 * minutesPerDay + 6 * minutesPerHour };
  const later = crowd.to + 2 * minutesPerHour;
  const load = (minute: number) => (minute >= crowd.from && minute < crowd.to ? 60 : 9.7);
  const adverse = { ...steps(later + minutesPerDay, load), maxServers: 20 };
  return {
    name: '60 at max 20 for six hours, then 9.7',
    wanted: '10 to 12 after 2 h and a day later',
    adverse,
    judge: ({ desired }) => {
      const [soon, dayLater] = [desired[later]!, desired[later + minutesPerDay - 1]!];
      return {
        seen: `${desired[crowd.to + 40]} after 40 min, ${soon} after 2 h, ${dayLater} a day later`,
        within: [soon, dayLater].every((servers) => servers >= 10 && servers <= 12),
      };
    },
  };
}

/** The CPU of a full server does not show what it turns away: a policy that follows CPU can at most double its fleet at each launch. */
function byCpu(): AdverseCase {
  const [before, after] = [7 * minutesPerDay, 8 * minutesPerDay];
  const plain = steps(after, (minute) => (minute < before ? 3 : 40));
  const adverse: AdverseLoad = {
    ...plain,
    saturation: 1 / sloUtilization,
    metered: (_, { load, inService }) => ({
      load: Math.min(load, inService / sloUtilization),
      cpu: Number.NaN,
    }),
  };
  const span = { from: before, to: after };
  return {
    name: '3 → 40 by CPU, which saturates',
    wanted: 'served as soon as by a fleet that doubles at each launch',
    adverse,
    judge: (run) => {
      const doublings = Math.ceil(Math.log2(Math.max(...adverse.load) / run.desired[before - 1]!));
      const doubling = soonest * doublings;
      const served = minutesToServe(adverse, run, span);
      const unserved = (100 * unservedShare(adverse, run, { from: before, to: before + 60 })).toFixed(0);
      return {
        seen: `served after ${served ?? '–'} min (by doubling ${doubling}), ${unserved} % of the first hour unserved`,
        within: served !== undefined && served <= doubling,
      };
    },
  };
}

function steps(minutes: number, planned: (minute: number) => number, noise = 0.03): AdverseLoad {
  return { firstMinute, maxServers, load: noisy(minutes, noise, planned) };
}
