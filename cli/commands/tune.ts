import { dirname } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parse } from 'yaml';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import { minutesPerDay } from '../../shared/units.ts';
import { exitCodes, Failure } from '../failure.ts';
import { fleetText } from '../fleet-text.ts';
import { loadFleet } from '../load-fleet.ts';
import { percent } from '../percent.ts';
import { type OutputOptions, print, printData, withJsonOption } from '../print.ts';
import { assumptionsOf } from '../simulate/assumptions.ts';
import { type LoadOptions, readLoadHistory, takesLoad } from '../simulate/load-source.ts';
import { writeStatus } from '../terminal.ts';
import { resultJson, resultText } from '../tune/result.ts';
import { bestOf, search, type Tried } from '../tune/search.ts';

const help = `
Searches for the cheapest policy of one group that leaves no more than a promised share of the demand unserved, among objectives,
target tracking and steps, with windows and without. It is chosen on the first part of the history and proved on the rest.
Prints the lines for the fleet file. Ctrl-C ends the search and prints the best so far.

  $ rushhour tune --trace access.csv --group business
  $ rushhour tune --from-cloudwatch business --days 28 --unserved 0.5%`;

/** The first quarter builds a past, and half of the rest must hold more than a day or two. */
const leastDays = 4;
/** One request in a hundred thousand: less cannot be told from chance. */
const leastShare = 0.00001;

interface TuneOptions extends LoadOptions, OutputOptions {
  readonly unserved: number;
}

export function define(command: Command): void {
  withJsonOption(takesLoad(command))
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
  if (share >= leastShare && share < 1) return share;
  throw new InvalidArgumentError('Expected a share like 0.1% or 0.001, and at least 0.001%.');
}

async function tune(options: TuneOptions): Promise<void> {
  const fleet = loadFleet(options);
  const group = groupOf(fleet, options);
  const history = await readLoadHistory(fleet, { ...options, ...(options.fromCloudwatch ? {} : { group }) });
  if (history.loads.get(group)!.length < leastDays * minutesPerDay)
    throw new Failure(`${history.name} is too short to tune by: expected at least ${leastDays} days.`);
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  const fleetFile = fleetText(options.fleet);
  const result = await search({
    fleetFile,
    folder: dirname(options.fleet),
    group,
    history,
    promise: options.unserved,
    signal: interrupt.signal,
    onTried: showProgress(options.unserved),
  });
  writeStatus();
  const best = bestOf(result.tried, options.unserved);
  if (!best) throw new Failure('Interrupted before anything was tried.', { exitCode: interrupted });
  const file = parse(fleetFile).groups[group];
  const assumed = assumptionsOf(fleet, fleetFile, undefined, history.factors);
  const finding = { fleet, group, file, history, assumed, result, best, promise: options.unserved };
  if (options.json) printData(resultJson(finding), options);
  else print(resultText(finding));
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
    const { candidate, training } = bestOf(tried, promise)!;
    const sofar = `best so far: ${candidate.name}, ${training.serverHours.toFixed(0)} server-hours, ${percent(training.unserved)} unserved`;
    writeStatus(`… ${tried.length} of ${planned} policies; ${sofar}`);
  };
}
