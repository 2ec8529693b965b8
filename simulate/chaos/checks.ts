import { checkAct, checkCompared } from './check-act.ts';
import { checkAnswer } from './check-answer.ts';
import { checkSettled } from './check-settled.ts';
import { checkWrite } from './check-write.ts';
import type { Checks } from './checker.ts';

/** Everything that is held to the invariants. */
export const checks: Checks = {
  act: checkAct,
  acted: checkCompared,
  write: checkWrite,
  answer: checkAnswer,
  settled: checkSettled,
};
