import { describe, expect, it } from 'vitest';
import { promise } from '../../../bench/compete.ts';
import { familyNames, familyRecordings } from '../../../bench/families.ts';
import { score } from '../../../bench/metrics.ts';
import { prepareCase } from '../../../bench/protocol.ts';
import { rushhour } from '../../../bench/rushhour.ts';
import { play } from '../../../bench/service-model.ts';

describe.each(['late', 'fresh'] as const)('the promise is kept on a %s metric', (footing) => {
  it.each(familyNames)('over four weeks of %s', (name) => {
    const workload = prepareCase(familyRecordings([name])[0]!, 3, 20, footing);
    const { violation, cost } = score(workload.load, play(workload, rushhour(workload, {})), workload.test);
    expect(violation).toBeLessThanOrEqual(promise);
    expect(cost).toBeLessThan(2 * workload.oracleCost.test);
  });
});

it('is the same each time it is played', () => {
  const workload = prepareCase(familyRecordings(['flat'])[0]!, 3, 20);
  const [one, other] = [play(workload, rushhour(workload, {})), play(workload, rushhour(workload, {}))];
  expect(other.desired).toEqual(one.desired);
});
