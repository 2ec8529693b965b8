import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { campaign } from './chaos/campaign.ts';
import type { Mutation } from './chaos/mutation.ts';
import { mutations } from './chaos/mutations.ts';
import { providers } from './chaos/random-fleet.ts';
import { coverageTable, failureStory } from './chaos/report.ts';
import { sideBySide } from './chaos/side-by-side.ts';

const usage = `npm run chaos -- [--runs N] [--seed S] [--jobs J] [--provider NAME] [--mutation NAME|all]

Plays N runs (default 1000), the first from seed S (default 1), each of the following from the next number. On J threads (default: as
many as there are processors). With --provider all groups are of that kind: ${providers.join(', ')}. Exit status: 0 when no invariant was violated, 1 otherwise. With --mutation a safeguard is broken on purpose; with --mutation all the exit
status is 0 only if each of them was noticed.

${Object.entries(mutations)
  .map(([name, { about }]) => `  ${name.padEnd(20)} ${about}`)
  .join('\n')}`;

/** Violations that are reported in full: each one takes some hundred runs to shrink. */
const toldInFull = 3;

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    seed: { type: 'string' },
    mutation: { type: 'string' },
    provider: { type: 'string' },
    jobs: { type: 'string' },
    help: { type: 'boolean' },
  },
});
const runs = wholeNumber(values.runs ?? (values.mutation ? '2000' : '1000'));
const seed = wholeNumber(values.seed ?? '1');
const provider = providers.find((each) => each === values.provider);
const jobs = wholeNumber(values.jobs ?? `${availableParallelism()}`);

if (values.help) console.log(usage);
else if (runs === undefined || seed === undefined || !jobs) complain('expected whole numbers');
else if (values.provider !== undefined && !provider) complain(`there is no provider ${values.provider}`);
else if (values.mutation === 'all') await mutateAll(runs, seed);
else if (values.mutation === undefined || Object.hasOwn(mutations, values.mutation))
  await run(runs, seed, values.mutation, jobs);
else complain(`there is no mutation ${values.mutation}`);

async function run(runs: number, seed: number, mutation: string | undefined, jobs: number): Promise<void> {
  const { failures, steps, coverage, ...done } =
    mutation === undefined && jobs > 1
      ? await sideBySide({ runs, seed, mutation, provider }, jobs)
      : await campaign({
          runs,
          seed,
          provider,
          mutation: mutation === undefined ? undefined : mutations[mutation],
          ...(mutation && { failuresAtMost: 1 }),
          progress: showProgress,
        });
  console.log(coverageTable(coverage));
  for (const failure of failures.slice(0, toldInFull))
    console.log(await failureStory(failure, { mutation, provider }));
  const others = failures.slice(toldInFull).map((failure) => failure.seed);
  if (others.length > 0) console.log(`Violated by the seeds ${others.join(', ')} too`);
  console.log(`${done.runs} runs, ${steps} steps, ${failures.length} violations`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

/** Each mutation until it is noticed, in at most so many runs; without those that the groups of a provider cannot show. */
async function mutateAll(runs: number, seed: number): Promise<void> {
  let unnoticed = 0;
  for (const [name, mutation] of Object.entries(mutations)) {
    const pointless = provider && mutation.pointless?.[provider];
    const fate = pointless
      ? `shown by no group of ${provider}: ${pointless}`
      : await noticed(mutation, runs, seed);
    if (!fate) unnoticed++;
    console.log(`${name.padEnd(20)} ${fate ?? `NOT caught in ${runs} runs`}`);
  }
  console.log(`${Object.keys(mutations).length} mutations, ${unnoticed} not caught`);
  process.exitCode = unnoticed === 0 ? 0 : 1;
}

/** When, and by what; undefined: in none of the runs. */
async function noticed(mutation: Mutation, runs: number, seed: number): Promise<string | undefined> {
  const { failures, runs: needed } = await campaign({ runs, seed, mutation, provider, failuresAtMost: 1 });
  const violation = failures[0]?.played.violations[0];
  return violation && `caught in run ${needed} by invariant ${violation.invariant}: ${violation.message}`;
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
