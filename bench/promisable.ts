import type { Case } from './protocol.ts';
import { adviser } from './rushhour.ts';
import { play } from './service-model.ts';

/** The share that our policy says can be promised, from what came before the test half alone. */
export function promisableBefore(workload: Case): number {
  const before = { ...workload, load: workload.load.subarray(0, workload.test.from) };
  const advise = adviser(before, {});
  let promisable = 0;
  play(before, (fleet) => {
    const advice = advise(fleet);
    if (advice) promisable = advice.promisable;
    return advice?.desired ?? fleet.desired;
  });
  return promisable;
}
