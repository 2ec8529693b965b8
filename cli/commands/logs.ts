import { setTimeout } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { Scaler } from '../../shared/engine/scaler.ts';
import { isItDeployed } from '../advice.ts';
import { groupsOf, openCloud } from '../cloud.ts';
import { type CloudOptions, takesCloud } from '../cloud-options.ts';
import { Failure } from '../failure.ts';
import { type OutputOptions, print, printData, table, withJsonOption } from '../print.ts';
import { inProgress } from '../progress.ts';
import { readAge } from '../read-age.ts';
import { type LogLine, scalerLogs } from '../scaler-logs.ts';
import { styled } from '../terminal.ts';
import { wallClock } from '../wall-clock.ts';
import { readWatchSeconds } from '../watch.ts';

const help = `
Shows what the scaler's functions have logged about a group: what was asked, what changed, what could not be read, and every
failure that names no group. What was done and why is told shorter by rushhour history.

  $ rushhour logs business
  $ rushhour logs business --since 24h --json
  $ rushhour logs business --follow`;

interface LogsOptions extends CloudOptions, OutputOptions {
  /** Seconds. */
  readonly since: number;
  /** Seconds between two looks. */
  readonly follow?: number;
}

const defaultFollowSeconds = 10;

export function define(command: Command): void {
  withJsonOption(takesCloud(command))
    .argument('<group>', 'the group')
    .addOption(new Option('--since <duration>', 'how far back').default(3600, '1h').argParser(readAge))
    .addOption(
      new Option(
        '--follow [seconds]',
        'keep showing what is logged next, looking again after this many seconds',
      )
        .preset(defaultFollowSeconds)
        .argParser(readWatchSeconds),
    )
    .addHelpText('after', help)
    .action(logs);
}

/** Lines may arrive later than others that were logged after them. */
const lateMs = 60_000;

async function logs(name: string, options: LogsOptions): Promise<void> {
  const { scaler } = await inProgress('logging in', openCloud(options));
  groupsOf(scaler, name);
  const { clock } = scaler.ports;
  let since = clock.now() - options.since * 1000;
  const told = new Set<string>();
  for (;;) {
    const lines = await inProgress('reading', scalerLogs(scaler.fleet, name, since));
    if (!lines)
      throw new Failure(`No function of ${scaler.fleet.name} has a log here.`, { advice: isItDeployed });
    const news = lines.filter(({ id }) => !told.has(id));
    for (const { id } of news) told.add(id);
    tell(scaler, name, news, options);
    if (options.follow === undefined) return;
    since = Math.max(since, (lines.at(-1)?.at ?? since) - lateMs);
    await setTimeout(options.follow * 1000);
  }
}

function tell(scaler: Scaler, group: string, lines: readonly LogLine[], options: LogsOptions): void {
  if (options.json && options.follow !== undefined)
    for (const line of lines) print(JSON.stringify(lineJson(line)));
  else if (options.json) printData({ group, lines: lines.map(lineJson) }, options);
  else if (lines.length > 0) print(table(rowsOf(scaler, lines)));
  else if (options.follow === undefined) print('Nothing.');
}

function rowsOf({ fleet, ports }: Scaler, lines: readonly LogLine[]): string[][] {
  const time = wallClock(fleet.timeZone, ports.clock.now());
  return lines.map(({ at, function: name, level, message }) => [
    time(at),
    name,
    level === 'ERROR' ? styled('red', level) : level,
    message,
  ]);
}

function lineJson({ id: _, at, ...line }: LogLine): object {
  return { at: new Date(at).toISOString(), ...line };
}
