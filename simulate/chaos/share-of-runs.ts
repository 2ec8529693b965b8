import { parentPort, workerData } from 'node:worker_threads';
import { campaign } from './campaign.ts';
import { mutations } from './mutations.ts';
import type { Found, Share } from './side-by-side.ts';

/** The thread behind `sideBySide`. */
const { runs, seed, mutation, provider } = workerData as Share;
const broken = mutation === undefined ? undefined : mutations[mutation];
const { failures, steps, coverage, ...done } = await campaign({ runs, seed, mutation: broken, provider });
const found: Found = {
  runs: done.runs,
  steps,
  seeds: failures.map((failure) => failure.seed),
  counts: coverage.counts,
};
parentPort!.postMessage(found);
