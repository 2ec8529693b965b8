import { targetTracking } from '../../bench/baselines/target-tracking.ts';
import { score } from '../../bench/metrics.ts';
import { play } from '../../bench/service-model.ts';
import type { Group } from '../../shared/fleet/group.ts';

/** What something else than the fleet file would have cost, and left unserved. */
export interface Yardstick {
  readonly name: string;
  readonly serverHours: number;
  /** Share of the demand. */
  readonly unserved: number;
}

/**
 * The policies that everybody has anyway, over the same load.
 * @param peak servers, kept all the time
 * @param requests per minute
 */
export function yardsticks(
  { simulation, minSize, maxSize }: Group,
  requests: Float64Array,
  peak: number,
): Yardstick[] {
  const perServer = simulation.requestsPerSecondPerServer * 60;
  const load = requests.map((each) => each / perServer);
  const workload = { load, bootMinutes: Math.ceil(simulation.bootSeconds / 60) };
  const tracking = targetTracking(load, 0.5, 0.9);
  const bounded = (desired: number) => Math.min(maxSize, Math.max(minSize, desired));
  const policies = [
    { name: `keeping the peak of ${peak} servers`, policy: () => peak },
    {
      name: 'AWS target tracking at 50 %',
      policy: (fleet: Parameters<typeof tracking>[0]) => bounded(tracking(fleet)),
    },
  ];
  return policies.map(({ name, policy }) => {
    const { cost, violation } = score(load, play(workload, policy), { from: 0, to: load.length });
    return { name, serverHours: cost / 60, unserved: violation };
  });
}
