import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { campaign } from './chaos/campaign.ts';
import { coverageTable, failureStory } from './chaos/report.ts';
import { sabotages } from './chaos/sabotages.ts';
import { sideBySide } from './chaos/side-by-side.ts';

const usage = `npm run chaos -- [--runs N] [--seed S] [--jobs J] [--sabotage NAME|all]

Plays N runs (default 1000), the first from seed S (default 1), each of the following from the next number. On J threads (default: as
many as there are processors). Exit status: 0 when no invariant was violated, 1 otherwise. With --sabotage a safeguard is broken on purpose; with --sabotage all the exit
status is 0 only if each of them was noticed.

${Object.entries(sabotages)
  .map(([name, { about }]) => `  ${name.padEnd(20)} ${about}`)
  .join('\n')}`;

/** Violations that are told in full: each one takes some hundred runs to shrink. */
const toldInFull = 3;

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    seed: { type: 'string' },
    sabotage: { type: 'string' },
    jobs: { type: 'string' },
    help: { type: 'boolean' },
  },
});
const runs = wholeNumber(values.runs ?? (values.sabotage ? '2000' : '1000'));
const seed = wholeNumber(values.seed ?? '1');
const jobs = wholeNumber(values.jobs ?? `${availableParallelism()}`);

if (values.help) console.log(usage);
else if (runs === undefined || seed === undefined || !jobs) complain('expected whole numbers');
else if (values.sabotage === 'all') await sabotageAll(runs, seed);
else if (values.sabotage === undefined || Object.hasOwn(sabotages, values.sabotage))
  await run(runs, seed, values.sabotage, jobs);
else complain(`there is no sabotage ${values.sabotage}`);

async function run(runs: number, seed: number, sabotage: string | undefined, jobs: number): Promise<void> {
  const { failures, steps, coverage, ...done } =
    sabotage === undefined && jobs > 1
      ? await sideBySide({ runs, seed, sabotage }, jobs)
      : await campaign({
          runs,
          seed,
          sabotage: sabotage === undefined ? undefined : sabotages[sabotage],
          ...(sabotage && { failuresAtMost: 1 }),
          progress: showProgress,
        });
  console.log(coverageTable(coverage));
  for (const failure of failures.slice(0, toldInFull)) console.log(await failureStory(failure, sabotage));
  const others = failures.slice(toldInFull).map((failure) => failure.seed);
  if (others.length > 0) console.log(`Violated by the seeds ${others.join(', ')} too`);
  console.log(`${done.runs} runs, ${steps} steps, ${failures.length} violations`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

/** Each sabotage until it is noticed, in at most so many runs. */
async function sabotageAll(runs: number, seed: number): Promise<void> {
  let unnoticed = 0;
  for (const [name, sabotage] of Object.entries(sabotages)) {
    const { failures, runs: needed } = await campaign({ runs, seed, sabotage, failuresAtMost: 1 });
    const violation = failures[0]?.played.violations[0];
    if (!violation) unnoticed++;
    const fate = violation
      ? `caught in run ${needed} by invariant ${violation.invariant}: ${violation.message}`
      : `NOT caught in ${needed} runs`;
    console.log(`${name.padEnd(20)} ${fate}`);
  }
  console.log(`${Object.keys(sabotages).length} sabotages, ${unnoticed} not caught`);
  process.exitCode = unnoticed === 0 ? 0 : 1;
}

function showProgress(runs: number): void {
  if (process.stderr.isTTY && runs % 50 === 0) process.stderr.write(`\r${runs} runs`);
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function complain(what: string): void {
  console.error(`${what}\n\n${usage}`);
  process.exitCode = 2;
}
