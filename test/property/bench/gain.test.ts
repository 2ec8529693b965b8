import { describe, expect, it } from 'vitest';
import { compete, promise } from '../../../bench/compete.ts';
import { contenders } from '../../../bench/contenders.ts';
import { prepareCase } from '../../../bench/protocol.ts';
import { standing } from '../../../bench/verdict.ts';
import { generateLoad, lunchDayShape } from '../../../simulate/world/generator.ts';
import { seededRandom } from '../../../simulate/world/random.ts';

const dayMinutes = 1440;
const days = 20;
const seed = 4711;

const weeks = generateLoad(
  { ...lunchDayShape, nightShare: 0.3, weekendShare: 0.6, noise: 0.05 },
  { seed: seed, minutes: days * dayMinutes },
);

function shuffledDays(load: Float64Array): Float64Array {
  const random = seededRandom(seed);
  const order = Array.from({ length: days }, (_, day) => ({ day, key: random.next() }));
  order.sort((a, b) => a.key - b.key);
  const shuffled = new Float64Array(load.length);
  order.forEach(({ day }, to) => {
    shuffled.set(load.subarray(day * dayMinutes, (day + 1) * dayMinutes), to * dayMinutes);
  });
  return shuffled;
}

describe(`the gain is in no particular trace (seed ${seed})`, () => {
  const traces: Record<string, Float64Array> = {
    'days as generated': weeks,
    'days shuffled': shuffledDays(weeks),
    'load a thousand times as large': weeks.map((value) => 1000 * value),
    'begun at another hour': Float64Array.of(...weeks.subarray(500), ...weeks.subarray(0, 500)),
  };
  for (const [name, load] of Object.entries(traces)) {
    it(name, () => {
      const rows = compete(prepareCase({ name, startsAt: 0, load, resolutionMinutes: 1 }, 3, 20), contenders);
      const { ours, overRival, overDefault } = standing(rows, ({ violation }) => violation, 0);
      expect(ours.violation).toBeLessThanOrEqual(promise);
      expect(overRival).toBeLessThan(0.98);
      expect(overDefault).toBeLessThan(0.68);
    });
  }
});
