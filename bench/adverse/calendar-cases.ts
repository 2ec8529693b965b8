import { localTime } from '../../shared/forecast/zone-time.ts';
import { minutesPerDay, minutesPerHour } from '../../shared/units.ts';
import { generateLoad, lunchDayShape } from '../../simulate/world/generator.ts';
import { targetTracking } from '../baselines/target-tracking.ts';
import { play, sloUtilization } from '../service-model.ts';
import type { AdverseCase } from './adverse-case.ts';
import { type AdverseLoad, adverseBootMinutes } from './fleet.ts';
import { noisy } from './loads.ts';
import { cost, peakAsk, unservedShare } from './scores.ts';
import { firstMinute, maxServers } from './step-cases.ts';

/** Days that are unlike the days before: the clocks change, or there were none. */
export function calendarCases(): AdverseCase[] {
  return [changeOfClocks(), firstWeek()];
}

/** 4 at night and 20 from 9 to 18 in Berlin; its clocks go forward on 29 March 2026, after four weeks. */
function changeOfClocks(): AdverseCase {
  const start = Date.UTC(2026, 2, 1) / 60_000;
  const change = Date.UTC(2026, 2, 29, 1) / 60_000 - start;
  const load = noisy(42 * minutesPerDay, 0.03, (minute) => {
    const hour = ((minute + (minute >= change ? 2 : 1) * minutesPerHour) % minutesPerDay) / minutesPerHour;
    return hour >= 9 && hour < 18 ? 20 : 4;
  });
  const time = localTime('Europe/Berlin');
  const adverse = { firstMinute: start, maxServers, load, time };
  const [before, after] = [
    { from: change - 14 * minutesPerDay, to: change },
    { from: change, to: load.length },
  ];
  return {
    name: '4 at night, 20 from 9 to 18 in Berlin, over the change of clocks',
    wanted: 'never above 40',
    adverse,
    judge: (run) => {
      const [usual, changed] = [peakAsk(run, before), peakAsk(run, after)];
      const unserved = (100 * unservedShare(adverse, run, after)).toFixed(2);
      return {
        seen: `asks ${usual} before and ${changed} after, ${unserved} % unserved after`,
        within: changed <= 40,
      };
    },
  };
}

/** The recipe's group: lunch hours, mean 6.8, and nothing known. */
function firstWeek(): AdverseCase {
  const requests = generateLoad(
    { ...lunchDayShape, nightShare: 0.5 },
    { seed: 5, minutes: 7 * minutesPerDay },
  );
  const mean = requests.reduce((sum, each) => sum + each, 0) / requests.length;
  const adverse: AdverseLoad = {
    firstMinute,
    maxServers,
    load: requests.map((each) => (6.8 * each) / mean),
  };
  const week = { from: 0, to: adverse.load.length };
  const inFull = adverse.load.map((servers) => servers * sloUtilization);
  const rival = play({ load: inFull, bootMinutes: adverseBootMinutes }, targetTracking(inFull, 0.5, 0.9));
  const rivalCost = cost({ ...rival, doubts: [] }, week);
  return {
    name: 'first week of a lunch-hour load of mean 6.8',
    wanted: '≤ 1.5 × the cost of target tracking at 50 %, promise kept',
    adverse,
    judge: (run) => {
      const ratio = cost(run, week) / rivalCost;
      const unserved = unservedShare(adverse, run, week);
      const day = (at: number) => peakAsk(run, { from: at * minutesPerDay, to: (at + 1) * minutesPerDay });
      return {
        seen: `${ratio.toFixed(2)} × its cost, asks ${day(0)} on the first day and ${day(6)} on the seventh, ${(100 * unserved).toFixed(2)} % unserved`,
        within: ratio <= 1.5 && unserved <= 0.001,
      };
    },
  };
}
