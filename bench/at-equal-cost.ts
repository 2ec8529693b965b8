import type { Knobs } from './contenders.ts';
import { type Score, score } from './metrics.ts';
import type { Case } from './protocol.ts';
import { rushhour } from './rushhour.ts';
import { play } from './service-model.ts';

const ROUNDS = 8;
const STRICTEST = 1e-6;
const LOOSEST = 0.05;

/**
 * For a trace on which nobody keeps the promise: our policy with the promise made stricter or looser until it costs on the test
 * half what a rival costs there, never more. Answers its score on the test half.
 */
export function atEqualCost(workload: Case, knobs: Knobs, cost: number): Score {
  const attempt = (unserved: number) =>
    score(workload.load, play(workload, rushhour(workload, { ...knobs, unserved })), workload.test);
  let [low, high] = [STRICTEST, LOOSEST];
  let best = attempt(high);
  for (let round = 0; round < ROUNDS; round++) {
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
