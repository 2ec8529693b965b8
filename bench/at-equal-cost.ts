import type { Knobs } from './knobs.ts';
import { type Score, type Span, score } from './metrics.ts';
import type { Case } from './protocol.ts';
import { rushhour } from './rushhour.ts';
import { play } from './service-model.ts';

const rounds = 9;
const strictestBudget = 1e-6;
const loosest = 0.05;

/** What a rival costs on the two halves, in server-minutes. */
export interface RivalCost {
  training: number;
  test: number;
}

/**
 * For a trace on which nobody keeps the promise: our policy at a rival's cost. The knobs are those that left least unserved on
 * the training half at no more than the rival's cost there; then the promise is made as strict as the rival's cost on
 * the test half allows. Answers the score on the test half.
 */
export function atEqualCost(workload: Case, grid: Knobs[], cost: RivalCost): Score {
  const candidates = grid.map((knobs) => ({
    knobs,
    training: strictest(workload, knobs, workload.training, cost.training),
  }));
  const best = candidates.reduce((least, candidate) =>
    candidate.training.violation < least.training.violation ? candidate : least,
  );
  return strictest(workload, best.knobs, workload.test, cost.test);
}

/** The score over a span under the strictest promise whose cost there is at most `cost`. */
function strictest(workload: Case, knobs: Knobs, span: Span, cost: number): Score {
  const attempt = (unserved: number) =>
    score(workload.load, play(workload, rushhour(workload, { ...knobs, unserved })), span);
  let [low, high] = [strictestBudget, loosest];
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
