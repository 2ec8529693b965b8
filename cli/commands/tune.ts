import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { stringify } from 'yaml';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import { exitCodes, Failure } from '../failure.ts';
import { loadFleet } from '../load-fleet.ts';
import { type OutputOptions, print, printJson, styled, table, takesJson } from '../print.ts';
import { type LoadHistory, type LoadOptions, readLoadHistory, takesLoad } from '../simulate/load-source.ts';
import { baselineOf, bestOf, frontOf, type SearchResult, search, type Tried } from '../tune/search.ts';

const help = `
Searches the policy of one group that leaves no more than a promised share of the demand unserved, at the least cost: objectives,
target tracking, steps, with windows and without. The first part of the history decides, the rest is the proof. Prints the lines
for the fleet file. Ctrl-C ends the search and prints the best so far.

  $ rushhour tune --trace access.csv --group business
  $ rushhour tune --from-cloudwatch business --days 28 --unserved 0.5%`;

/** The first quarter builds a past, and half of the rest must hold more than a day or two. */
const leastDays = 4;

interface TuneOptions extends LoadOptions, OutputOptions {
  readonly unserved: number;
}

export function define(command: Command): void {
  takesJson(takesLoad(command))
    .addOption(
      new Option('--unserved <share>', 'the share of the demand that may stay unserved')
        .default(0.001, '0.1%')
        .argParser(readShare),
    )
    .addHelpText('after', help)
    .action(tune);
}

function readShare(text: string): number {
  const share = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (share > 0 && share < 1) return share;
  throw new InvalidArgumentError('Expected a share like 0.1% or 0.001.');
}

async function tune(options: TuneOptions): Promise<void> {
  const fleet = loadFleet(options);
  const group = groupOf(fleet, options);
  const history = await readLoadHistory(fleet, { ...options, ...(options.fromCloudwatch ? {} : { group }) });
  if (history.loads.get(group)!.length < leastDays * 1440)
    throw new Failure(`${history.name} is too short to tune by: expected at least ${leastDays} days.`);
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  const result = await search({
    fleetFile: readFileSync(options.fleet, 'utf8'),
    group,
    history,
    promise: options.unserved,
    signal: interrupt.signal,
    onTried: showProgress(options.unserved),
  });
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  const best = bestOf(result.tried, options.unserved);
  if (!best) throw new Failure('Interrupted before anything was tried.', { exitCode: interrupted });
  if (options.json) printJson(tuneJson(group, history, result, best, options.unserved));
  else printResult(fleet, group, history, result, best, options.unserved);
  if (result.interrupted) process.exitCode = interrupted;
}

/** As shells have it: 128 and the signal's number. */
const interrupted = 130;

function groupOf(fleet: Fleet, { group, fromCloudwatch }: TuneOptions): string {
  const names = Object.keys(fleet.groups);
  const name = fromCloudwatch ?? group ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined)
    throw new Failure('Which group?', {
      advice: `Say --group: ${names.join(', ')}.`,
      exitCode: exitCodes.misused,
    });
  const leader = fleet.groups[name]?.follows?.group;
  if (leader !== undefined)
    throw new Failure(`${name} follows ${leader}.`, { advice: `Tune ${leader}: it sets the pace of both.` });
  return name;
}

function showProgress(promise: number): (tried: readonly Tried[], planned: number) => void {
  return (tried, planned) => {
    if (!process.stderr.isTTY) return;
    const { candidate, training } = bestOf(tried, promise)!;
    const sofar = `best so far: ${candidate.name}, ${training.serverHours.toFixed(0)} server-hours, ${percent(training.unserved)} unserved`;
    process.stderr.write(
      `\r\u001b[K… ${tried.length} of ${planned} policies; ${sofar}`.slice(0, process.stderr.columns + 4),
    );
  };
}

function printResult(
  fleet: Fleet,
  group: string,
  history: LoadHistory,
  { tried, split, interrupted: early }: SearchResult,
  best: Tried,
  promise: number,
): void {
  const days = (minutes: number) => (minutes / 1440).toFixed(0);
  const { training, test } = split;
  print(
    styled(
      'dim',
      `${history.name}: ${days(training.from)} days to learn from, ${days(training.to - training.from)} to choose by, ${days(test.to - test.from)} to prove it`,
    ),
  );
  for (const remark of history.remarks) print(styled('dim', remark));
  print(
    `${tried.length} policies tried${early ? ', then interrupted' : ''}. The front over the days that prove it: nothing is both cheaper and better than these.\n`,
  );
  const price = fleet.groups[group]!.pricePerServerHour;
  const baseline = baselineOf(tried)!;
  const shown = [...new Set([...frontOf(tried), baseline, best])];
  const rows = shown
    .sort((one, other) => one.rest.serverHours - other.rest.serverHours)
    .map((one) => [
      one === best ? styled('green', '→') : ' ',
      one.candidate.name,
      one.rest.serverHours.toFixed(0),
      (one.rest.serverHours * price).toFixed(2),
      `${percent(one.rest.unserved)}${one.rest.unserved > promise ? ' ✗' : ''}`,
      one.rest.changesPerDay.toFixed(0),
    ]);
  print(table(rows, [' ', 'policy', 'server-hours', 'cost', 'unserved', 'changes a day']));
  print(`\n${verdict(best, baseline, promise)}\n`);
  print(fleetLines(group, best));
}

function verdict(best: Tried, baseline: Tried, promise: number): string {
  const { rest, training, candidate } = best;
  if (best === baseline) return 'Leave it as it is: nothing that was tried is cheaper and keeps the promise.';
  const saved = 1 - rest.serverHours / baseline.rest.serverHours;
  const change = saved >= 0 ? `saves ${percent(saved)}` : `costs ${percent(-saved)} more`;
  const before = percent(baseline.rest.unserved);
  const held = rest.unserved <= promise ? 'It kept the promise' : 'It did not keep the promise';
  const risk = `${held} on days that it was not chosen by: ${percent(rest.unserved)} unserved (${percent(training.unserved)} where it was chosen), ${percent(rest.worstDay)} on the worst day`;
  return `${styled('bold', candidate.name)} ${change} of the server-hours against the fleet file as it is, which left ${before} unserved.\n${risk}.`;
}

/** The lines for the fleet file; what is not named any more is to be taken out. */
function fleetLines(group: string, { candidate }: Tried): string {
  const entries = Object.entries(candidate.lines);
  const kept = entries.filter(([, value]) => value !== undefined);
  const gone = entries.filter(([, value]) => value === undefined).map(([key]) => key);
  if (entries.length === 0) return '';
  const yaml = stringify({ groups: { [group]: Object.fromEntries(kept) } }, { lineWidth: 110 }).trimEnd();
  return gone.length > 0 ? `${yaml}\n    # and without: ${gone.join(', ')}` : yaml;
}

function tuneJson(
  group: string,
  history: LoadHistory,
  { tried, split, interrupted: early }: SearchResult,
  best: Tried,
  promise: number,
): object {
  const shown = ({ candidate: { name, lines }, training, rest }: Tried) => ({ name, lines, training, rest });
  return {
    group,
    load: { name: history.name, start: new Date(history.start).toISOString(), remarks: history.remarks },
    promise,
    minutes: split,
    interrupted: early,
    recommended: { ...shown(best), fleetFile: fleetLines(group, best) },
    asItIs: shown(baselineOf(tried)!),
    front: frontOf(tried).map(shown),
    tried: tried.map(shown),
  };
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value === 0 || value >= 10 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2)} %`;
}
