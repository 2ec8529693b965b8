import { minutesPerDay } from '../shared/units.ts';
import { type DayShape, type FlashCrowd, generateLoad, lunchDayShape } from '../simulate/world/generator.ts';
import { seededRandom } from '../simulate/world/random.ts';
import type { Recording } from './protocol.ts';

const days = 28;
const seed = 11;
/** Monday, 2 March 2026. */
const startsAt = Date.UTC(2026, 2, 2);

/** Four weeks of lunch hours, of nights and weekends, and of crowds that nobody announced. */
export function generatedRecordings(): Recording[] {
  const lunch: DayShape = { ...lunchDayShape, lunch: { ...lunchDayShape.lunch, rampMinutes: 15 } };
  const nights: DayShape = { ...lunch, nightShare: 0.3, weekendShare: 0.6, noise: 0.05 };
  const crowds: DayShape = { ...nights, flashCrowds: randomCrowds() };
  return Object.entries({
    'lunch days': lunch,
    'lunch weeks': nights,
    'lunch weeks with crowds': crowds,
  }).map(([name, shape]) => ({
    name,
    startsAt: startsAt,
    resolutionMinutes: 1,
    load: generateLoad(shape, { seed: seed, minutes: days * minutesPerDay }),
  }));
}

/** About one crowd every other day, of 1.5 to 3 times the load, for 20 minutes to an hour. */
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
