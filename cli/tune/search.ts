import { parse, stringify } from 'yaml';
import type { Span } from '../../bench/metrics.ts';
import { splitTrace } from '../../bench/protocol.ts';
import { backtest, type GroupRun } from '../../local/simulate/backtest.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import type { LoadHistory } from '../simulate/load-source.ts';
import { asItIs, type Candidate, coarse, near, withWindows } from './candidates.ts';
import { learnedWindow } from './learned-window.ts';

/** How a candidate did over a part of the history. */
export interface Outcome {
  /** Share of the demand. */
  readonly unserved: number;
  readonly serverHours: number;
  readonly changesPerDay: number;
  /** Share of the demand that the worst day left unserved. */
  readonly worstDay: number;
}

export interface Tried {
  readonly candidate: Candidate;
  /** What it was chosen by. */
  readonly training: Outcome;
  /** What it is told by: a part that no choice has seen. */
  readonly rest: Outcome;
}

/** What is searched. */
export interface Search {
  /** The text of the fleet file. */
  readonly fleetFile: string;
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
    await tryAll(coarse());
    await tryAll(bestKinds(tried, options.promise).flatMap((best) => windowsFor(options, best, split)));
    await tryAll(bestKinds(tried, options.promise).flatMap((best) => nearWithWindows(best)));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return { tried, split, interrupted: signal.aborted };
}

/** What just kept the promise where it was chosen breaks it elsewhere as often as not: it is aimed at with this margin. */
const aim = 0.8;

/** The cheapest that keeps the promise where it was chosen; where none does, the one that breaks it least. */
export function bestOf(tried: readonly Tried[], promise: number): Tried | undefined {
  const keeping = tried.filter(({ training }) => training.unserved <= aim * promise);
  if (keeping.length > 0) return least(keeping, ({ training }) => training.serverHours);
  return least(tried, ({ training }) => training.unserved);
}

/** Those that nothing else beats at both cost and unserved demand over the rest, cheapest first. */
export function frontOf(tried: readonly Tried[]): Tried[] {
  const byCost = tried.toSorted(
    ({ rest: one }, { rest: other }) => one.serverHours - other.serverHours || one.unserved - other.unserved,
  );
  let lowest = Number.POSITIVE_INFINITY;
  return byCost.filter(({ rest: { unserved } }) => {
    const better = unserved < lowest;
    lowest = Math.min(lowest, unserved);
    return better;
  });
}

function least(tried: readonly Tried[], by: (one: Tried) => number): Tried | undefined {
  return tried.reduce<Tried | undefined>(
    (best, one) => (!best || by(one) < by(best) ? one : best),
    undefined,
  );
}

function bestKinds(tried: readonly Tried[], promise: number): Candidate[] {
  const kinds = Map.groupBy(tried, ({ candidate }) => candidate.kind);
  const best = [...kinds.values()].map((each) => bestOf(each, promise)!);
  const ranked = best.sort(
    (one, other) =>
      Number(one.training.unserved > promise) - Number(other.training.unserved > promise) ||
      one.training.serverHours - other.training.serverHours,
  );
  return ranked.slice(0, closerLooks).map(({ candidate }) => candidate);
}

function windowsFor(
  { fleetFile, group, history }: Options,
  candidate: Candidate,
  { training }: Split,
): Candidate[] {
  const fleet = readFleet(fleetFile);
  const { simulation, schedules } = fleet.groups[group]!;
  const seen = history.loads.get(group)!.subarray(0, training.to);
  const needed = seen.map((requests) => requests / (0.8 * 60 * simulation.requestsPerSecondPerServer));
  const learned = learnedWindow(needed, history.start, fleet.timeZone);
  const none = Object.keys(schedules).length > 0 ? [withWindows(candidate, undefined)] : [];
  return learned ? [...none, withWindows(candidate, learned)] : none;
}

function nearWithWindows(candidate: Candidate): Candidate[] {
  if (!('schedules' in candidate.lines)) return near(candidate);
  const { schedules } = candidate.lines;
  return near(candidate).map((each) => withWindows(each, schedules as object | undefined));
}

type Options = Omit<Search, 'signal' | 'onTried'>;

async function attempt(
  { fleetFile, group, history: { start, loads } }: Options,
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
  );
  const result = await backtest({ fleet, start, loads: new Map([[group, load]]), signal });
  const run = result.get(group)!;
  return { candidate, training: outcomeOf(run, training), rest: outcomeOf(run, test) };
}

function outcomeOf(run: GroupRun, { from, to }: Span): Outcome {
  let [unserved, load, serverMinutes, changes, worstDay] = [0, 0, 0, 0, 0];
  for (let day = from; day < to; day += 1440) {
    let [lost, asked] = [0, 0];
    for (let minute = day; minute < Math.min(to, day + 1440); minute++) {
      lost += run.unserved[minute]!;
      asked += run.load[minute]!;
      serverMinutes += run.running[minute]!;
      if (run.desired[minute] !== run.desired[minute - 1]) changes++;
    }
    unserved += lost;
    load += asked;
    worstDay = Math.max(worstDay, asked === 0 ? 0 : lost / asked);
  }
  return {
    unserved: load === 0 ? 0 : unserved / load,
    serverHours: serverMinutes / 60,
    changesPerDay: (changes * 1440) / (to - from),
    worstDay,
  };
}

export const baselineOf = (tried: readonly Tried[]) => tried.find(({ candidate }) => candidate === asItIs);
