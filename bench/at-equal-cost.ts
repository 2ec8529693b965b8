import { type Score, score } from './metrics.ts';
import type { Case } from './protocol.ts';
import { rushhour } from './rushhour.ts';
import { play } from './service-model.ts';

const rounds = 9;
const strictest = 1e-6;
const loosest = 0.05;

/**
 * For a trace on which nobody keeps the promise: our policy under the strictest promise that costs no more on the test half than a
 * rival did there. Where even the loosest costs more, that one.
 * @param cost in server-minutes
 */
export function atEqualCost(workload: Case, cost: number): Score {
  const attempt = (unserved: number) =>
    score(workload.load, play(workload, rushhour(workload, { unserved })), workload.test);
  let [low, high] = [strictest, loosest];
  let best = attempt(high);
  for (let round = 0; round < rounds; round++) {
    const unserved = Math.sqrt(low * high);
    const result = attempt(unserved);
    if (result.cost > cost) low = unserved;
    else {
      high = unserved;
      best = result;
    }
  }
  return best;
}
