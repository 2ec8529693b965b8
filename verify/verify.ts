import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { askAll, type Finding } from './ask-all.ts';
import { askWho, Bench } from './bench.ts';
import { clean } from './clean.ts';
import { makeClients } from './clients.ts';
import { looksAt } from './look-at-group.ts';
import { type Options, readOptions, usage } from './options.ts';
import type { Probe } from './probe.ts';
import { probes } from './probes.ts';
import { findingText, summaryText } from './report.ts';

/** `npm run verify:live`. @returns the exit code */
async function main(options: Options): Promise<number> {
  const bench = await openBench(options);
  if (options.clean) return cleanUp(bench);
  if (options.group !== undefined) {
    const looks = await looksOf(bench, options, options.group);
    return conclude(bench, options, await askAll(looks, ({ run }) => run(), tell));
  }
  const chosen = probes.filter(({ name }) => options.only.length === 0 || options.only.includes(name));
  if (!(await mayGoOn(bench, chosen, options))) return 1;
  return tryAll(bench, chosen, options);
}

/** A fleet's group may be of any provider; one without a fleet is one of EC2 Auto Scaling. */
async function looksOf(bench: Bench, { fleet, endpoint }: Options, group: string) {
  if (fleet === undefined) return looksAt(bench, group);
  if (endpoint !== undefined) process.env['AWS_ENDPOINT_URL'] = endpoint;
  const { looksInFleet } = await import('./in-fleet/fleet-looks.ts');
  return looksInFleet(fleet, group, await bench.now());
}

async function openBench({ endpoint }: Options): Promise<Bench> {
  const clients = makeClients(endpoint);
  const { account, arn } = await askWho(clients.sts);
  const region = await clients.sts.config.region();
  console.log(`Account ${account}, ${region}, as ${arn}${endpoint ? `, at ${endpoint}` : ''}`);
  return new Bench(clients, { account, region });
}

async function mayGoOn({ prefix }: Bench, chosen: readonly Probe[], { yes }: Options): Promise<boolean> {
  const cents = chosen.reduce((sum, probe) => sum + probe.cents, 0);
  console.log(`\nThis will make, all named ${prefix}-…, and take away again:`);
  for (const { name, creates } of chosen) console.log(`  ${name}: ${creates}`);
  console.log(`Together at most ${cents} US cents; it takes up to ten minutes.\n`);
  if (yes) return true;
  if (!process.stdin.isTTY) throw new Error('Nobody is here to answer: say --yes');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question('Go on? [y/N] ');
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Whatever happens, what was made is taken away. A second signal does not wait for that. */
async function tryAll(bench: Bench, chosen: readonly Probe[], options: Options): Promise<number> {
  let interrupted = false;
  const stop = () => {
    if (interrupted) process.exit(130);
    interrupted = true;
    console.error('Interrupted: taking away what was made. Once more leaves it to --clean.');
    bench.stop();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const findings = await askAll(chosen, (probe) => probe.run(bench), tell);
  try {
    // Another bench, which has not been stopped.
    await clean(new Bench(bench.clients, bench), bench.prefix);
  } catch (error) {
    console.error(`Not everything could be taken away; --clean tries again: ${(error as Error).message}`);
    return Math.max(1, conclude(bench, options, findings));
  }
  return interrupted ? 130 : conclude(bench, options, findings);
}

async function cleanUp(bench: Bench): Promise<number> {
  const deleted = await clean(bench);
  for (const one of deleted) console.log(`deleted: ${one}`);
  console.log(deleted.length ? 'Nothing is left of earlier runs.' : 'There was nothing to take away.');
  return 0;
}

function tell(finding: Finding): void {
  console.log(findingText(finding));
}

function conclude(bench: Bench, { json, group, endpoint }: Options, findings: readonly Finding[]): number {
  const { account, region } = bench;
  const report = { account, region, endpoint, group, madeAt: new Date().toISOString(), findings };
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  console.log(`\n${summaryText(findings)}`);
  return findings.every(({ verdict }) => verdict === 'holds') ? 0 : 1;
}

try {
  const options = readOptions(process.argv.slice(2), probes);
  if (options.help) console.log(usage);
  else process.exitCode = await main(options);
} catch (error) {
  console.error(`${(error as Error).message}\n\nnpm run verify:live -- --help says how to use it.`);
  process.exitCode = 2;
}
