import type { FleetState, Policy } from '../service-model.ts';

const scaleOutPoints = 3;
const scaleInPoints = 15;

/**
 * AWS target tracking: three one-minute points above the target scale out to what the newest one needs; fifteen below
 * `scaleInShare` of it scale in, unless servers still boot. Booting servers count in desired, not in the metric.
 * @param target utilization aimed at
 * @param scaleInShare 0.9 by the documentation; 0.7 is seen in the field as well
 */
export function targetTracking(load: Float64Array, target: number, scaleInShare: number): Policy {
  let [above, below] = [0, 0];
  return (fleet: FleetState): number => {
    if (fleet.visible < 0) return fleet.desired;
    const utilization = load[fleet.visible]! / fleet.inService[fleet.visible]!;
    above = utilization > target ? above + 1 : 0;
    below = utilization < scaleInShare * target ? below + 1 : 0;
    const needed = Math.ceil(load[fleet.visible]! / target);
    if (above >= scaleOutPoints) return Math.max(fleet.desired, needed);
    if (below >= scaleInPoints && fleet.booting === 0) return Math.min(fleet.desired, needed);
    return fleet.desired;
  };
}
