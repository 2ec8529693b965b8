import type { FleetState, Policy } from '../service-model.ts';

const scaleOutPoints = 2;
const scaleInPoints = 15;

/**
 * AWS step scaling: two points above the threshold add 10, 20 or 30 % of the servers in service (servers of an earlier step that
 * still boot are part of it, not on top); fifteen points 20 below it take 10 %, then again after every further fifteen.
 * Percentages round towards zero, at least one server.
 * @param threshold utilization of the scale-out alarm
 */
export function stepScaling(load: Float64Array, threshold: number): Policy {
  let [above, below] = [0, 0];
  return (fleet: FleetState): number => {
    if (fleet.visible < 0) return fleet.desired;
    const serving = fleet.inService[fleet.visible]!;
    const breach = load[fleet.visible]! / serving - threshold;
    above = breach > 0 ? above + 1 : 0;
    below = breach < -0.2 ? below + 1 : 0;
    if (above >= scaleOutPoints) {
      const percent = breach >= 0.2 ? 0.3 : breach >= 0.1 ? 0.2 : 0.1;
      const capacity = fleet.desired - fleet.booting;
      return Math.max(fleet.desired, capacity + atLeastOne(capacity * percent));
    }
    if (below >= scaleInPoints) {
      below = 0;
      return fleet.desired - atLeastOne(fleet.desired * 0.1);
    }
    return fleet.desired;
  };
}

function atLeastOne(servers: number): number {
  return Math.max(1, Math.trunc(servers));
}
