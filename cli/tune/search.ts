import { parse, stringify } from 'yaml';
import type { Span } from '../../bench/metrics.ts';
import { splitTrace } from '../../bench/protocol.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { minutesPerDay } from '../../shared/units.ts';
import { backtest, type GroupRun, servedUtilization } from '../../simulate/backtest.ts';
import type { LoadHistory } from '../simulate/load-source.ts';
import { asItIs, type Candidate, coarse, near, withWindows } from './candidates.ts';
import { learnedWindow } from './learned-window.ts';

/** How a candidate did over a part of the history. */
export interface Outcome {
  /** Share of the demand. */
  readonly unserved: number;
  /** Of it, what maxSize servers would leave unserved as well. */
  readonly beyondMaxSize: number;
  readonly serverHours: number;
  readonly changesPerDay: number;
  /** Share of the demand that the worst day left unserved. */
  readonly worstDay: number;
}

export interface Tried {
  readonly candidate: Candidate;
  /** What it was chosen by. */
  readonly training: Outcome;
  /** What it is judged by: a part that no choice has seen. */
  readonly rest: Outcome;
}

/** What is searched. */
export interface Search {
  /** The text of the fleet file. */
  readonly fleetFile: string;
  /** Where it lies. */
  readonly folder: string;
  readonly group: string;
  readonly history: LoadHistory;
  /** Share of the demand that may stay unserved. */
  readonly promise: number;
  /** Ends the search early: what was tried by then is the result. */
  readonly signal: AbortSignal;
  readonly onTried: (tried: readonly Tried[], planned: number) => void;
}

/** Minutes to learn from, to choose by, and to tell by. */
export type Split = ReturnType<typeof splitTrace>;

export interface SearchResult {
  readonly tried: readonly Tried[];
  readonly split: Split;
  readonly interrupted: boolean;
}

/** Kinds of which the best are looked at more closely. */
const closerLooks = 3;

/**
 * Plays policies over a history: all kinds coarsely, then the best kinds with other windows, then their neighbours. The first
 * quarter of the history only builds a past; of the rest, the first half decides and the second half is the proof.
 */
export async function search({ signal, onTried, ...options }: Search): Promise<SearchResult> {
  const load = options.history.loads.get(options.group)!;
  const split = splitTrace('', load.length);
  const tried: Tried[] = [];
  const tryAll = async (candidates: readonly Candidate[]) => {
    const fresh = candidates.filter(({ name }) => !tried.some(({ candidate }) => candidate.name === name));
    const planned = tried.length + fresh.length;
    for (const candidate of fresh) {
      tried.push(await attempt(options, candidate, split, signal));
      onTried(tried, planned);
    }
  };
  try {
    await tryAll(coarse(options.promise));
    await tryAll(bestKinds(tried, options.promise).flatMap((best) => windowsFor(options, best, split)));
    await tryAll(bestKinds(tried, options.promise).flatMap((best) => nearWithWindows(best, options.promise)));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return { tried, split, interrupted: signal.aborted };
}

/** What just kept the promise where it was chosen breaks it elsewhere as often as not: it is aimed at with this margin. */
const aim = 0.8;
/** Where the promise cannot be kept: a choice is as good as the best if it leaves at most this many times its demand unserved. */
const asGood = 1.25;

/** Costs that differ by no more than this are the same: the safer one is chosen. */
const asCheap = 1.005;

/**
 * The cheapest that keeps the promise where it was chosen, and of those that are about as cheap the one that leaves least
 * unserved; where none keeps it, of those that break it least. What is beyond maxSize is nobody's fault.
 */
export function bestOf(tried: readonly Tried[], promise: number): Tried | undefined {
  const broken = ({ training }: Tried) => training.unserved - training.beyondMaxSize;
  const keeping = tried.filter((one) => broken(one) <= aim * promise);
  const least = Math.min(...tried.map(broken));
  const good = keeping.length > 0 ? keeping : tried.filter((one) => broken(one) <= asGood * least);
  const cheapest = Math.min(...good.map(({ training }) => training.serverHours));
  return good
    .filter(({ training }) => training.serverHours <= asCheap * cheapest)
    .toSorted(
      ({ training: one }, { training: other }) =>
        one.unserved - other.unserved || one.serverHours - other.serverHours,
    )[0];
}

/** What the fleet file as it is does; it is tried first. */
export function baselineOf(tried: readonly Tried[]): Tried {
  return tried.find(({ candidate }) => candidate === asItIs)!;
}

/**
 * Those that nothing else beats at both cost and unserved demand where they were chosen, cheapest first; the choice is one of
 * them. Of those that are the same the one that was tried first.
 */
export function frontOf(tried: readonly Tried[]): Tried[] {
  const byCost = tried.toSorted(
    ({ training: one }, { training: other }) =>
      one.serverHours - other.serverHours || one.unserved - other.unserved,
  );
  let lowest = Number.POSITIVE_INFINITY;
  return byCost.filter(({ training: { unserved } }) => {
    const better = unserved < lowest;
    lowest = Math.min(lowest, unserved);
    return better;
  });
}

function keeps({ training }: Tried, promise: number): boolean {
  return training.unserved - training.beyondMaxSize <= promise;
}

function bestKinds(tried: readonly Tried[], promise: number): Candidate[] {
  const kinds = Map.groupBy(tried, ({ candidate }) => candidate.kind);
  const best = [...kinds.values()].map((each) => bestOf(each, promise)!);
  const ranked = best.sort(
    (one, other) =>
      Number(!keeps(one, promise)) - Number(!keeps(other, promise)) ||
      one.training.serverHours - other.training.serverHours,
  );
  return ranked.slice(0, closerLooks).map(({ candidate }) => candidate);
}

function windowsFor(
  { fleetFile, folder, group, history }: Options,
  candidate: Candidate,
  { training }: Split,
): Candidate[] {
  const fleet = readFleet(fleetFile, undefined, { folder });
  const { simulation, schedules } = fleet.groups[group]!;
  const seen = history.loads.get(group)!.subarray(0, training.to);
  const needed = seen.map(
    (requests) => requests / (servedUtilization * 60 * simulation.requestsPerSecondPerServer),
  );
  const learned = learnedWindow(needed, history.start, fleet.timeZone);
  const none = Object.keys(schedules).length > 0 ? [withWindows(candidate, undefined)] : [];
  return learned ? [...none, withWindows(candidate, learned)] : none;
}

function nearWithWindows(candidate: Candidate, promise: number): Candidate[] {
  if (!('schedules' in candidate.lines)) return near(candidate, promise);
  const { schedules } = candidate.lines;
  return near(candidate, promise).map((each) => withWindows(each, schedules as object | undefined));
}

type Options = Omit<Search, 'signal' | 'onTried'>;

async function attempt(
  { fleetFile, folder, group, history: { start, loads } }: Options,
  candidate: Candidate,
  { training, test }: Split,
  signal: AbortSignal,
): Promise<Tried> {
  const load = loads.get(group)!;
  const file = parse(fleetFile);
  const changed = { ...file.groups[group], ...candidate.lines };
  const fleet = readFleet(
    stringify({ ...file, groups: { ...file.groups, [group]: changed } }),
    candidate.name,
    { folder },
  );
  const result = await backtest({ fleet, start, loads: new Map([[group, load]]), signal });
  const run = result.get(group)!;
  const { maxSize, simulation } = fleet.groups[group]!;
  const most = servedUtilization * 60 * simulation.requestsPerSecondPerServer * maxSize;
  return { candidate, training: outcomeOf(run, training, most), rest: outcomeOf(run, test, most) };
}

/** @param most requests per minute that maxSize servers serve */
function outcomeOf(run: GroupRun, { from, to }: Span, most: number): Outcome {
  let [unserved, load, beyond, serverMinutes, changes, worstDay] = [0, 0, 0, 0, 0, 0];
  for (let day = from; day < to; day += minutesPerDay) {
    let [lost, asked] = [0, 0];
    for (let minute = day; minute < Math.min(to, day + minutesPerDay); minute++) {
      lost += run.unserved[minute]!;
      asked += run.load[minute]!;
      beyond += Math.max(0, run.load[minute]! - most);
      serverMinutes += run.running[minute]!;
      if (run.desired[minute] !== run.desired[minute - 1]) changes++;
    }
    unserved += lost;
    load += asked;
    worstDay = Math.max(worstDay, asked === 0 ? 0 : lost / asked);
  }
  return {
    unserved: load === 0 ? 0 : unserved / load,
    beyondMaxSize: load === 0 ? 0 : beyond / load,
    serverHours: serverMinutes / 60,
    changesPerDay: (changes * minutesPerDay) / (to - from),
    worstDay,
  };
}
