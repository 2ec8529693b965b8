import { targetTracking } from '../../bench/baselines/target-tracking.ts';
import { score } from '../../bench/metrics.ts';
import { type Policy, play } from '../../bench/service-model.ts';
import type { Group } from '../../shared/fleet/group.ts';
import type { GroupRun } from '../../simulate/backtest.ts';
import { peakReserve, peakServers, peakShare } from '../../simulate/summary.ts';

/** What something else than the fleet file would have cost, and left unserved. */
export interface Yardstick {
  readonly name: string;
  readonly serverHours: number;
  /** Share of the demand. */
  readonly unserved: number;
}

/** The policies that everybody has anyway, over the load of a run. */
export function yardsticks(config: Group, run: GroupRun): Yardstick[] {
  return [keepingThePeak(config, run), targetTrackingAt50(config, run)];
}

/** A fixed number of servers, within the limits of the group. */
function keepingThePeak({ minSize, maxSize }: Group, run: GroupRun): Yardstick {
  const servers = Math.min(maxSize, Math.max(minSize, peakServers(run)));
  const needed = run.needed.reduce((sum, each) => sum + each, 0);
  const missing = run.needed.reduce((sum, each) => sum + Math.max(0, each - servers), 0);
  return {
    name: `keeping ${servers} servers: what ${100 * peakShare} % of the minutes need, and ${100 * peakReserve} % more`,
    serverHours: (servers * run.load.length) / 60,
    unserved: needed === 0 ? 0 : missing / needed,
  };
}

function targetTrackingAt50({ simulation, minSize, maxSize }: Group, run: GroupRun): Yardstick {
  const perServer = simulation.requestsPerSecondPerServer * 60;
  const load = run.load.map((each) => each / perServer);
  const workload = { load, bootMinutes: Math.ceil(simulation.bootSeconds / 60) };
  const tracking = targetTracking(load, 0.5, 0.9);
  const bounded: Policy = (fleet) => Math.min(maxSize, Math.max(minSize, tracking(fleet)));
  const { cost, violation } = score(load, play(workload, bounded), { from: 0, to: load.length });
  return { name: 'AWS target tracking at 50 %', serverHours: cost / 60, unserved: violation };
}
