import { localTime } from '../shared/forecast/zone-time.ts';
import { minutesPerDay, minutesPerHour } from '../shared/units.ts';
import { type FlashCrowd, generateLoad, lunchDayShape } from '../simulate/world/generator.ts';
import { seededRandom } from '../simulate/world/random.ts';
import type { Recording } from './protocol.ts';

const days = 28;
const minutes = days * minutesPerDay;
const seed = 11;
/** Monday, 2 March 2026: clocks in Berlin change on the 29th, the last Sunday. */
const startsAt = Date.UTC(2026, 2, 2);
const berlin = 'Europe/Berlin';
const noise = 0.05;

type Family = () => Omit<Recording, 'name' | 'startsAt' | 'resolutionMinutes'>;

/** Requests a minute, four weeks each, by the kinds of load that there are. */
const families: Readonly<Record<string, Family>> = {
  daily: () => ({ load: generateLoad({ ...week, noise: 0.03 }, { seed, minutes }) }),
  crowds: () => ({ load: generateLoad({ ...week, noise, flashCrowds: randomCrowds() }, { seed, minutes }) }),
  batch: () => ({ load: planned((minute) => (minute % minutesPerHour < 12 ? 24_000 : 3000)) }),
  onoff: () => ({ load: planned((minute) => (hourOf(minute) >= 8 && hourOf(minute) < 20 ? 12_000 : 0)) }),
  steps: () => ({ load: planned(randomSteps()) }),
  dst: () => ({ load: planned(officeIn(berlin)), time: localTime(berlin) }),
  flat: () => ({ load: planned(() => 12_000) }),
};

export const familyNames = Object.keys(families);

/** @throws Error for a family that there is not */
export function familyRecordings(names: readonly string[]): Recording[] {
  return names.map((name) => {
    const family = families[name];
    if (!family) throw new Error(`--family: found "${name}"; expected ${familyNames.join(', ')}`);
    return { name, startsAt, resolutionMinutes: 1, ...family() };
  });
}

const lunch = { ...lunchDayShape.lunch, rampMinutes: 15 };
const week = { ...lunchDayShape, lunch, nightShare: 0.3, weekendShare: 0.6 };

function planned(level: (minute: number) => number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: minutes }, (_, minute) =>
    Math.max(0, level(minute) * (1 + noise * random.normal())),
  );
}

function hourOf(minute: number): number {
  return (minute % minutesPerDay) / minutesPerHour;
}

/** Busy from 9 to 18 by the clock on the wall. */
function officeIn(zone: string): (minute: number) => number {
  const clock = localTime(zone);
  return (minute) => {
    const at = startsAt / 60_000 + minute;
    const hour = hourOf(at + clock.aheadAt(at));
    return hour >= 9 && hour < 18 ? 20_000 : 4000;
  };
}

/** About a crowd every other day, of 1.5 to 3 times the load, for 20 minutes to an hour. */
function randomCrowds(): FlashCrowd[] {
  const random = seededRandom(seed);
  const crowds: FlashCrowd[] = [];
  for (let day = 0; day < days; day++) {
    if (random.next() < 0.5) continue;
    crowds.push({
      startMinute: day * minutesPerDay + Math.floor(random.next() * minutesPerDay),
      durationMinutes: 20 + Math.floor(random.next() * 40),
      factor: 1.5 + 1.5 * random.next(),
      rampMinutes: 3 + Math.floor(random.next() * 7),
    });
  }
  return crowds;
}

/** A level that moves at any hour to between half of it and twice as much, within bounds. */
function randomSteps(): (minute: number) => number {
  const random = seededRandom(seed);
  const levels = [12_000];
  for (let hour = 1; hour < days * 24; hour++) {
    const before = levels.at(-1)!;
    const moved = before * 2 ** (2 * random.next() - 1);
    levels.push(random.next() < 0.2 ? Math.min(40_000, Math.max(4000, moved)) : before);
  }
  return (minute) => levels[Math.floor(minute / minutesPerHour)]!;
}
