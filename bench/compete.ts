import type { Contender } from './contenders.ts';
import type { Knobs } from './knobs.ts';
import { type Score, score } from './metrics.ts';
import type { Case } from './protocol.ts';
import { type Footing, play } from './service-model.ts';

/** The promise that everybody is tuned to. */
export const promise = 0.001;

/** One policy on one case: tuned on the training half, measured on the test half. */
export interface Row {
  trace: string;
  footing: Footing;
  boot: number;
  meanDemand: number;
  policy: string;
  knobs: Knobs;
  /** Share of the load unserved. */
  violation: number;
  costOverOracle: number;
  thetaU: number;
  thetaO: number;
  tauU: number;
  tauO: number;
  adaptationsPerDay: number;
  recoveryMinutes: number;
  /** What the same knobs did on the training half. */
  training: { violation: number; costOverOracle: number; adaptationsPerDay: number };
  /** Cost of the best knobs if the test half had been known; null when none keep the promise there. */
  hindsightCostOverOracle: number | null;
  judged: boolean;
}

interface Trial {
  knobs: Knobs;
  training: Score;
  test: Score;
}

/**
 * Runs every contender with every knob of its grid over the whole case, and picks by the training half alone: the promise kept,
 * then cheapest; where nothing keeps it, the least broken.
 */
export function compete(workload: Case, contenders: readonly Contender[]): Row[] {
  return contenders.map((contender) => {
    const trials = contender.grid.map((knobs) => attempt(workload, contender, knobs));
    return rowOf(workload, contender.name, choose(trials), trials);
  });
}

function attempt(workload: Case, contender: Contender, knobs: Knobs): Trial {
  const run = play(workload, contender.make(workload, knobs));
  return {
    knobs,
    training: score(workload.load, run, workload.training),
    test: score(workload.load, run, workload.test),
  };
}

function choose(trials: Trial[]): Trial {
  const keeping = trials.filter(({ training }) => training.violation <= promise);
  if (keeping.length === 0) return least(trials, ({ training }) => training.violation);
  return least(keeping, ({ training }) => training.cost);
}

function least(trials: Trial[], by: (trial: Trial) => number): Trial {
  return trials.reduce((best, trial) => (by(trial) < by(best) ? trial : best));
}

function rowOf(workload: Case, policy: string, { knobs, training, test }: Trial, trials: Trial[]): Row {
  const { cost, ...measured } = test;
  const { oracleCost } = workload;
  const inHindsight = trials
    .filter((trial) => trial.test.violation <= promise)
    .map((trial) => trial.test.cost);
  return {
    trace: workload.trace,
    footing: workload.footing,
    boot: workload.bootMinutes,
    meanDemand: workload.meanDemand,
    policy,
    knobs,
    ...measured,
    costOverOracle: cost / oracleCost.test,
    training: {
      violation: training.violation,
      costOverOracle: training.cost / oracleCost.training,
      adaptationsPerDay: training.adaptationsPerDay,
    },
    hindsightCostOverOracle: inHindsight.length > 0 ? Math.min(...inHindsight) / oracleCost.test : null,
    judged: workload.judged,
  };
}
