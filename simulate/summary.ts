import { minutesPerDay } from '../shared/units.ts';
import type { BacktestResult, GroupRun } from './backtest.ts';

/** How one group did over a time, and what it would have cost otherwise. */
export interface GroupSummary {
  readonly days: number;
  /** Changes of desired capacity. */
  readonly adaptations: number;
  readonly adaptationsPerDay: number;
  readonly minServers: number;
  readonly maxServers: number;
  /** Σ demand above 80 % of what the servers carry ÷ Σ demand. */
  readonly unserved: number;
  readonly serverHours: number;
  readonly cost: number;
  /** A sensible peak (`peakServers`) kept all the time. */
  readonly peakServerHours: number;
  readonly savedAgainstPeak: number;
}

/** Sums a backtest up. @param prices per server-hour, by group */
export function summarize(
  result: BacktestResult,
  prices: ReadonlyMap<string, number>,
): Map<string, GroupSummary> {
  return new Map([...result].map(([name, run]) => [name, summarizeGroup(run, prices.get(name) ?? 0)]));
}

function summarizeGroup(run: GroupRun, price: number): GroupSummary {
  const days = run.load.length / minutesPerDay;
  const serverHours = sum(run.running) / 60;
  const peakServerHours = peakServers(run) * days * 24;
  const demand = sum(run.load);
  const adaptations = run.activities.filter(({ from, to }) => from !== to).length;
  return {
    days,
    adaptations,
    adaptationsPerDay: adaptations / days,
    minServers: run.desired.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY),
    maxServers: greatest(run.desired),
    unserved: demand === 0 ? 0 : sum(run.unserved) / demand,
    serverHours,
    cost: serverHours * price,
    peakServerHours,
    savedAgainstPeak: peakServerHours === 0 ? 0 : 1 - serverHours / peakServerHours,
  };
}

/** The share of minutes that a fixed number of servers covers, and the reserve on top. */
export const peakShare = 0.99;
export const peakReserve = 0.2;

/**
 * What somebody who kept a fixed number of servers would sensibly keep: as many as 99 of 100 minutes need, and a fifth more.
 * The rarest crowd does not count, and neither does an overshoot.
 */
export function peakServers({ needed }: GroupRun): number {
  const sorted = needed.toSorted();
  const usual = sorted[Math.min(sorted.length - 1, Math.ceil(peakShare * sorted.length))] ?? 0;
  return Math.max(1, Math.ceil(usual * (1 + peakReserve) - 1e-9));
}

export function greatest(values: Float64Array | Int32Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, value);
  return most;
}

function sum(values: Float64Array | Int32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
