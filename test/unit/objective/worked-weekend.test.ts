import { expect, it } from 'vitest';
import { localTime } from '../../../shared/forecast/zone-time.ts';
import type { LocalTime } from '../../../shared/objective/local-time.ts';
import { Objective } from '../../../shared/objective/objective.ts';
import { defaultObjective } from '../../../shared/objective/objective-policy.ts';

const day = 1440;
const bootMinutes = 3;
const start = Date.UTC(2026, 0, 5) / 60_000;
/** Four weeks after a Monday. */
const monday = 28 * day;
const saturday = monday + 5 * day;
const workedSaturday = '2026-02-07';
const freeTuesday = '2026-02-03';

/** From 3 to 30 between 9 and half past, and back from 18 on, on workdays. */
function office(minute: number): number {
  const date = new Date((start + minute) * 60_000);
  const today = date.toISOString().slice(0, 10);
  const isWorked = today === workedSaturday || (date.getUTCDay() % 6 > 0 && today !== freeTuesday);
  const risen = Math.min(30, Math.max(0, (minute % day) - 9 * 60));
  const fallen = Math.min(30, Math.max(0, (minute % day) - 18 * 60));
  return isWorked ? 3 + 0.9 * (risen - fallen) : 3;
}

/** @returns the load unserved and the servers kept in the half hour from nine of the worked Saturday and the free Tuesday */
function nineOClock(time: LocalTime): Record<'unservedSaturday' | 'keptTuesday', number> {
  const objective = new Objective({ ...defaultObjective, bootMinutes, time });
  const desired = [4];
  const seen = { unservedSaturday: 0, keptTuesday: 0 };
  for (let minute = 0; minute < saturday + 10 * 60; minute++) {
    const inService = Math.min(...desired.slice(-bootMinutes - 3));
    const now = desired.at(-1)!;
    const measured = { minute: start + minute, load: office(minute), inService, desired: now };
    desired.push(objective.step(measured).desired);
    const nine = minute % day >= 9 * 60 && minute % day < 9 * 60 + 30;
    if (nine && minute > saturday) seen.unservedSaturday += Math.max(0, office(minute) - inService);
    if (nine && Math.floor(minute / day) === 29) seen.keptTuesday += inService;
  }
  return seen;
}

it('a calendar of worked weekend days and of days off is believed beforehand, both ways', () => {
  const told = nineOClock(localTime('UTC', { holidays: [freeTuesday], workdays: [workedSaturday] }));
  const untold = nineOClock(localTime('UTC'));
  expect(told.unservedSaturday).toBeLessThan(untold.unservedSaturday / 2);
  expect(told.keptTuesday).toBeLessThan(0.8 * untold.keptTuesday);
});
