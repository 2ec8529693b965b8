import { parentPort, workerData } from 'node:worker_threads';
import { campaign } from './campaign.ts';
import { sabotages } from './sabotages.ts';
import type { Found, Share } from './side-by-side.ts';

/** The thread behind `sideBySide`. */
const { runs, seed, sabotage } = workerData as Share;
const broken = sabotage === undefined ? undefined : sabotages[sabotage];
const { failures, steps, coverage, ...done } = await campaign({ runs, seed, sabotage: broken });
const found: Found = {
  runs: done.runs,
  steps,
  seeds: failures.map((failure) => failure.seed),
  counts: coverage.counts,
};
parentPort!.postMessage(found);
