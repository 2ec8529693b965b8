import type { LocalTime } from '../../shared/objective/local-time.ts';
import type { LoadMinute } from '../../shared/objective/objective.ts';
import { type FleetState, type Policy, play, type Run, sloUtilization } from '../service-model.ts';

/** A launch takes this long in all adverse cases. */
export const adverseBootMinutes = 2;

/** What a metric says of a minute; what is not told is as it was. */
export type Metered = Partial<Pick<LoadMinute, 'load' | 'cpu' | 'healthy'>>;

/** A load that is hard to follow, and the metrics that tell of it. Loads are in servers at the target. */
export interface AdverseLoad {
  readonly load: Float64Array;
  /** The minute from the epoch that comes first. */
  readonly firstMinute: number;
  readonly maxServers: number;
  /** Whose clock its days go by; default: UTC. */
  readonly time?: LocalTime | undefined;
  /** The most load per server that the metric can show. */
  readonly saturation?: number | undefined;
  /** What the metrics say of a minute, where they do not tell the truth. */
  readonly metered?: ((minute: number, truth: LoadMinute) => Metered) | undefined;
}

/** A run, and what was said of each minute. */
export interface AdverseRun extends Run {
  /** Why the load was not believed, by minute; undefined: it was. */
  readonly doubts: readonly (string | undefined)[];
}

/** Decides from what was measured; answers desired capacity and why the load was not believed, if it was not. */
export type Decider = (seen: LoadMinute) => { readonly desired: number; readonly doubt?: string | undefined };

/** Plays a load under a policy. A server is as busy as its share of the load, and never busier than full. */
export function playAdverse(adverse: AdverseLoad, decide: Decider): AdverseRun {
  const { load, firstMinute, maxServers, metered } = adverse;
  const doubts: (string | undefined)[] = [];
  const policy: Policy = (fleet: FleetState) => {
    const { visible } = fleet;
    if (visible < 0) return fleet.desired;
    const inService = fleet.inService[visible]!;
    const cpu = Math.min(100, (100 * sloUtilization * load[visible]!) / inService);
    const minute = firstMinute + visible;
    const truth = {
      minute,
      load: load[visible]!,
      inService,
      desired: fleet.desired,
      cpu,
      healthy: inService,
    };
    const { desired, doubt } = decide({ ...truth, ...metered?.(visible, truth) });
    doubts[fleet.now] = doubt;
    return Math.min(maxServers, desired);
  };
  const inFull = load.map((servers) => servers * sloUtilization);
  return { ...play({ load: inFull, bootMinutes: adverseBootMinutes }, policy), doubts };
}
