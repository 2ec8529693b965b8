import { Worker } from 'node:worker_threads';
import type { Campaign } from './campaign.ts';
import { Coverage } from './coverage.ts';
import { drawPlan } from './draw-plan.ts';
import { mutations } from './mutations.ts';
import { play } from './play.ts';
import type { Provider } from './random-fleet.ts';

/** What one thread is to play. */
export interface Share {
  readonly runs: number;
  readonly seed: number;
  readonly mutation: string | undefined;
  readonly provider?: Provider | undefined;
}

/** What it has found, as threads can tell it to each other. */
export interface Found {
  readonly runs: number;
  readonly steps: number;
  readonly seeds: readonly number[];
  readonly counts: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/**
 * As `campaign`, shared among threads: each run has a seed of its own, so that it does not matter who plays it.
 * @param jobs how many threads, at least one
 */
export async function sideBySide({ runs, seed, mutation, provider }: Share, jobs: number): Promise<Campaign> {
  const found = await Promise.all(sharesOf({ runs, seed, mutation, provider }, jobs).map(playElsewhere));
  const coverage = new Coverage();
  const seeds = found.flatMap((one) => one.seeds).sort((one, other) => one - other);
  for (const { counts } of found) coverage.add({ counts });
  const broken = mutation === undefined ? undefined : mutations[mutation];
  const failures = [];
  for (const failed of seeds)
    failures.push({
      seed: failed,
      played: await play(drawPlan(failed, provider ?? broken?.provider), { mutation: broken }),
    });
  const sum = (of: (one: Found) => number) => found.reduce((total, one) => total + of(one), 0);
  return { runs: sum((one) => one.runs), steps: sum((one) => one.steps), failures, coverage };
}

function sharesOf({ runs, seed, ...rest }: Share, jobs: number): Share[] {
  const shares: Share[] = [];
  for (let job = 0, begin = 0; job < jobs; job++) {
    const end = Math.round(((job + 1) * runs) / jobs);
    if (end > begin) shares.push({ runs: end - begin, seed: seed + begin, ...rest });
    begin = end;
  }
  return shares;
}

function playElsewhere(workerData: Share): Promise<Found> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./share-of-runs.ts', import.meta.url), { workerData });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
