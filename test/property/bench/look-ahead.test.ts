import { describe, expect, it } from 'vitest';
import { contenders } from '../../../bench/contenders.ts';
import { type Case, prepareCase } from '../../../bench/protocol.ts';
import { type Footing, play } from '../../../bench/service-model.ts';
import { generateLoad, lunchDayShape } from '../../../simulate/world/generator.ts';
import { seededRandom } from '../../../simulate/world/random.ts';

const day = 1440;
const seed = 20_260_304;

/** A recording of twelve days, the same up to `until` and something else after it. */
function recorded(until: number, future: number, footing: Footing): Case {
  const shape = { ...lunchDayShape, nightShare: 0.4, noise: 0.1 };
  const load = generateLoad(shape, { seed: seed, minutes: 12 * day });
  const random = seededRandom(future);
  for (let minute = until; minute < load.length; minute++) load[minute]! *= 0.2 + 3 * random.next();
  const prepared = prepareCase({ name: 'days', startsAt: 0, load, resolutionMinutes: 1 }, 3, 20, footing);
  // Servers are sized on the training half, which the future may touch: the size is none of the policies' business.
  return { ...prepared, load: load.map((value) => value / 2000) };
}

describe.each(['late', 'fresh'] as const)('no policy looks ahead on a %s metric', (footing) => {
  const until = 8 * day + 700;
  const [one, other] = [recorded(until, 1, footing), recorded(until, 2, footing)];
  for (const { name, grid, make } of contenders) {
    it(name, () => {
      const knobs = grid[Math.floor(grid.length / 2)]!;
      const was = play(one, make(one, knobs));
      const is = play(other, make(other, knobs));
      // A fresh metric shows the running minute, so the first minute that may differ is `until` itself.
      expect(is.desired.subarray(0, until)).toEqual(was.desired.subarray(0, until));
      if (name !== 'static peak' && name !== 'scheduled only') {
        expect(is.desired.subarray(until)).not.toEqual(was.desired.subarray(until));
      }
    });
  }
});
