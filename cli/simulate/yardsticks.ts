import { targetTracking } from '../../bench/baselines/target-tracking.ts';
import { score } from '../../bench/metrics.ts';
import { type Policy, play } from '../../bench/service-model.ts';
import type { Group } from '../../shared/fleet/group.ts';
import type { GroupRun } from '../../simulate/backtest.ts';
import { neededServers, peakServers } from '../../simulate/summary.ts';

/** What something else than the fleet file would have cost, and left unserved. */
export interface Yardstick {
  readonly name: string;
  readonly serverHours: number;
  /** Share of the demand. */
  readonly unserved: number;
}

/** The policies that everybody has anyway, over the load of a run. */
export function yardsticks(config: Group, run: GroupRun): Yardstick[] {
  const had = peakServers(run);
  const needed = Math.max(config.minSize, neededServers(run));
  // A policy that overshoots must not look thrifty beside its own peak.
  const enough =
    needed < had ? [kept(run, `keeping the ${needed} that the busiest minute needed`, needed)] : [];
  return [kept(run, `keeping the peak of ${had} servers`, had), ...enough, targetTrackingAt50(config, run)];
}

/** So many servers all the time, as many as any minute needs. */
function kept({ load }: GroupRun, name: string, servers: number): Yardstick {
  return { name, serverHours: (servers * load.length) / 60, unserved: 0 };
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
