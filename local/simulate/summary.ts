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
  /** As many servers as the busiest minute needs, all the time. */
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
  const days = run.load.length / 1440;
  const serverHours = sum(run.running) / 60;
  const peakServerHours =
    Math.ceil(run.needed.reduce((max, each) => Math.max(max, each), 0) - 1e-9) * days * 24;
  const demand = sum(run.load);
  const adaptations = run.activities.filter(({ from, to }) => from !== to).length;
  return {
    days,
    adaptations,
    adaptationsPerDay: adaptations / days,
    minServers: run.desired.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY),
    maxServers: run.desired.reduce((most, each) => Math.max(most, each), 0),
    unserved: demand === 0 ? 0 : sum(run.unserved) / demand,
    serverHours,
    cost: serverHours * price,
    peakServerHours,
    savedAgainstPeak: peakServerHours === 0 ? 0 : 1 - serverHours / peakServerHours,
  };
}

function sum(values: Float64Array | Int32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
