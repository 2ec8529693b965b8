import { basename } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Instant } from '../../shared/domain/observation.ts';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import type { Group } from '../../shared/fleet/group.ts';
import { servedUtilization } from '../../simulate/backtest.ts';
import { readTrace, type Trace } from '../../simulate/world/trace.ts';
import { TraceError } from '../../simulate/world/trace-error.ts';
import { groupsOf, openCloud } from '../cloud.ts';
import { type CloudOptions, takesCloud } from '../cloud-options.ts';
import { exitCodes, Failure } from '../failure.ts';
import { requireGroup } from '../load-fleet.ts';
import { inProgress } from '../progress.ts';
import { rounded } from './assumptions.ts';
import { daysOption } from './days-option.ts';
import { readRequests } from './read-requests.ts';

export interface LoadOptions extends CloudOptions {
  readonly trace?: string;
  readonly fromCloudwatch?: string;
  readonly days: number;
  readonly group?: string;
  readonly scale: Scale;
}

/** `none` leaves it as it is; `fleet`: so that the mean is the group's own ordinary load; a number multiplies. */
type Scale = 'fleet' | 'none' | number;

/** What is played: requests per minute of some groups, from `start` on. */
export interface LoadHistory {
  /** Of the file, or of the group in CloudWatch. */
  readonly name: string;
  readonly start: Instant;
  readonly loads: ReadonlyMap<string, Float64Array>;
  /** By what each group's was multiplied; 1: it is as it was. */
  readonly factors: ReadonlyMap<string, number>;
  /** What was done to the load, in sentences for people. */
  readonly remarks: readonly string[];
}

/** Adds where the load comes from. */
export function takesLoad(command: Command): Command {
  return takesCloud(command)
    .addOption(
      new Option('--trace <file>', 'a CSV "timestamp,requests_per_minute" (or _per_second, _per_5min …)'),
    )
    .addOption(
      new Option(
        '--from-cloudwatch <group>',
        "the requests that CloudWatch has of this group (or its servers' CPU), instead of a trace",
      ).conflicts(['trace', 'group']),
    )
    .addOption(daysOption())
    .addOption(new Option('--group <name>', 'only this group; default: every group plays the trace'))
    .addOption(
      new Option(
        '--scale <how>',
        "none: requests as they are; fleet: the shape alone, at each group's simulation.requestsPerSecond; or a factor",
      )
        .default('none')
        .argParser(readScale),
    );
}

function readScale(text: string): Scale {
  if (text === 'fleet' || text === 'none') return text;
  const factor = Number(text);
  if (Number.isFinite(factor) && factor > 0) return factor;
  throw new InvalidArgumentError('Expected fleet, none, or a factor above 0.');
}

/** Reads the load. @throws Failure that says what is wrong with it; what the SDK says of missing credentials */
export async function readLoadHistory(fleet: Fleet, options: LoadOptions): Promise<LoadHistory> {
  if (options.fromCloudwatch !== undefined) return fromCloudWatch(fleet, options.fromCloudwatch, options);
  if (options.trace === undefined)
    throw new Failure('Which load?', {
      advice: 'Say --trace FILE or --from-cloudwatch GROUP.',
      exitCode: exitCodes.misused,
    });
  if (options.group !== undefined) requireGroup(fleet, options.group);
  const { startsAt, load, repairs } = readTraceFile(options.trace);
  const groups = options.group === undefined ? Object.keys(fleet.groups) : [options.group];
  return {
    name: basename(options.trace),
    start: startsAt,
    ...scaled(fleet, groups, load, options.scale, repairs),
  };
}

function readTraceFile(file: string): Trace {
  try {
    return readTrace(file);
  } catch (error) {
    if (error instanceof TraceError) throw new Failure(error.message, { cause: error });
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Failure(`${file} cannot be read (${code}).`, { exitCode: exitCodes.misused, cause: error });
  }
}

async function fromCloudWatch(fleet: Fleet, name: string, options: LoadOptions): Promise<LoadHistory> {
  requireGroup(fleet, name);
  const { scaler } = await inProgress('logging in', openCloud(options));
  const [group] = groupsOf(scaler, name);
  const { start, load, source } = await inProgress(
    `reading ${options.days} days of ${name}`,
    readRequests(scaler, group!, options.days),
  );
  return { name: `${name}, ${source}`, start, ...scaled(fleet, [name], load, options.scale, []) };
}

function scaled(
  fleet: Fleet,
  groups: readonly string[],
  load: Float64Array,
  scale: Scale,
  repairs: readonly string[],
): Pick<LoadHistory, 'loads' | 'factors' | 'remarks'> {
  const mean = load.reduce((sum, each) => sum + each, 0) / load.length;
  if (mean === 0) throw new Failure('There is no load in it: every minute is 0.');
  const loads = new Map<string, Float64Array>();
  const factors = new Map<string, number>();
  const remarks = [...repairs];
  for (const name of groups) {
    const group = fleet.groups[name]!;
    const ordinary = group.simulation.requestsPerSecond * 60;
    const factor = scale === 'none' ? 1 : scale === 'fleet' ? ordinary / mean : scale;
    factors.set(name, factor);
    loads.set(name, factor === 1 ? load : load.map((requests) => requests * factor));
    const rate = `a mean of ${rounded((mean * factor) / 60)} requests/s`;
    if (scale === 'fleet') remarks.push(`${name}: ${rate}, its simulation.requestsPerSecond`);
    else remarks.push(`${name}: ${rate}${misfit(group, loads.get(name)!)}`);
  }
  return { loads, factors, remarks };
}

/** A log of another size than the fleet's says nothing: all is kept at an end of the range. */
function misfit({ minSize, maxSize, simulation }: Group, load: Float64Array): string {
  const one = servedUtilization * 60 * simulation.requestsPerSecondPerServer;
  const mean = load.reduce((sum, each) => sum + each, 0) / load.length / one;
  const most = load.reduce((greatest, each) => Math.max(greatest, each), 0) / one;
  if (most > minSize && mean < maxSize) return '';
  const needs =
    most > minSize
      ? `the mean minute needs ${rounded(mean)} servers, of at most ${maxSize}`
      : `the busiest minute needs ${rounded(most)} servers, of at least ${minSize}`;
  return `; ${needs}. Is simulation.requestsPerSecondPerServer what a server carries? --scale fleet plays the log's shape alone`;
}
