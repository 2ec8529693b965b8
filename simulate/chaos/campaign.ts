import { Coverage } from './coverage.ts';
import { drawPlan } from './draw-plan.ts';
import type { Mutation } from './mutation.ts';
import { play } from './play.ts';
import type { Provider } from './random-fleet.ts';
import type { Played } from './simulation.ts';

/** A run that has violated an invariant. */
export interface Failure {
  readonly seed: number;
  readonly played: Played;
}

/** What many runs have shown. */
export interface Campaign {
  readonly runs: number;
  readonly steps: number;
  readonly failures: readonly Failure[];
  readonly coverage: Coverage;
}

interface Order {
  readonly runs: number;
  /** Of the first run; every next one has the next number. */
  readonly seed: number;
  readonly mutation?: Mutation | undefined;
  /** Whose groups they are; default: drawn. */
  readonly provider?: Provider | undefined;
  /** Asked before every run: is there time for it? Default: always. */
  readonly goesOn?: () => boolean;
  /** Ends with so many failures. Default: never. */
  readonly failuresAtMost?: number;
  /** Told after every run. */
  readonly progress?: (runs: number) => void;
}

/** Plays one plan after the other, each from its own seed. */
export async function campaign(order: Order): Promise<Campaign> {
  const { runs, seed, mutation, provider, failuresAtMost, progress, goesOn = () => true } = order;
  const coverage = new Coverage();
  const failures: Failure[] = [];
  let steps = 0;
  let run = 0;
  while (run < runs && goesOn() && failures.length < (failuresAtMost ?? Number.POSITIVE_INFINITY)) {
    const plan = drawPlan(seed + run, provider ?? mutation?.provider);
    const played = await play(plan, { mutation });
    // What fails without the mutation too is not its doing.
    const innocent = mutation && played.violations.length > 0 && (await play(plan)).violations.length > 0;
    if (played.violations.length > 0 && !innocent) failures.push({ seed: seed + run, played });
    coverage.add(played.coverage);
    steps += played.steps;
    run++;
    progress?.(run);
  }
  return { runs: run, steps, failures, coverage };
}
