import { type Advice, Objective } from '../shared/objective/objective.ts';
import { defaultObjective } from '../shared/objective/objective-policy.ts';
import type { Knobs } from './knobs.ts';
import type { Case } from './protocol.ts';
import { type FleetState, type Policy, seenAfterMinutes, sloUtilization } from './service-model.ts';

/** The product's objective policy, the very code that runs in production, as a contender. */
export function rushhour(workload: Case, knobs: Knobs): Policy {
  const advise = adviser(workload, knobs);
  return (fleet) => advise(fleet)?.desired ?? fleet.desired;
}

/** What the objective says of each minute; undefined while there is nothing to be seen. */
export function adviser(workload: Case, knobs: Knobs): (fleet: FleetState) => Advice | undefined {
  const { load, bootMinutes, footing, firstMinute, time } = workload;
  const horizons = { bootMinutes, seenAfterMinutes: seenAfterMinutes[footing], time };
  const objective = new Objective({ ...defaultObjective, ...knobs, ...horizons });
  const seen = { minute: 0, load: 0, inService: 0, desired: 0 };
  return (fleet) => {
    const { visible } = fleet;
    if (visible < 0) return undefined;
    seen.minute = firstMinute + visible;
    seen.load = load[visible]! / sloUtilization;
    seen.inService = fleet.inService[visible]!;
    seen.desired = fleet.desired;
    return objective.step(seen);
  };
}
