import { defaultObjective, Objective } from '../shared/objective/objective.ts';
import type { Knobs } from './knobs.ts';
import type { Case } from './protocol.ts';
import { type FleetState, type Policy, sloUtilization } from './service-model.ts';

/** The product's objective policy, the very code that runs in production, as a contender. */
export function rushhour({ load, bootMinutes, firstMinute }: Case, knobs: Knobs): Policy {
  const objective = new Objective({ ...defaultObjective, ...knobs, bootMinutes });
  const seen = { minute: 0, load: 0, inService: 0, desired: 0 };
  return (fleet: FleetState): number => {
    const { visible } = fleet;
    if (visible < 0) return fleet.desired;
    seen.minute = firstMinute + visible;
    seen.load = load[visible]! / sloUtilization;
    seen.inService = fleet.inService[visible]!;
    seen.desired = fleet.desired;
    return objective.step(seen).desired;
  };
}
