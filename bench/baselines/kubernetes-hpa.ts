import type { FleetState, Policy } from '../service-model.ts';

const tolerance = 0.1;
/** Only what is younger than 300 s counts (`rec.timestamp.After(downCutoff)`): this minute's and the four before. */
const stabilizationMinutes = 5;
/** Four rounds of max(100 %, 4 pods) fit into a minute. */
const roundsPerMinute = 4;

/**
 * Kubernetes' HPA with its default behavior, once a minute on the newest metric that can be seen:
 * ⌈n·m/u⌉, tolerance 0.1, pods that still start counted as idle on the way up, scale-down to the highest
 * recommendation of the last 300 s, scale-up by at most max(100 %, 4) every 15 s.
 * @param target utilization aimed at
 */
export function kubernetesHpa(load: Float64Array, target: number): Policy {
  const recommended = new Int32Array(stabilizationMinutes);
  return (fleet: FleetState): number => {
    const current = fleet.desired;
    if (fleet.visible < 0) return current;
    const use = load[fleet.visible]! / target;
    const up = use / current > 1 + tolerance;
    const down = use / (current - fleet.booting) < 1 - tolerance;
    const wanted = up || down ? Math.ceil(use) : current;
    recommended[fleet.now % stabilizationMinutes] = wanted;
    if (wanted >= current) {
      const limit = Math.max(current * 2 ** roundsPerMinute, current + 4 * roundsPerMinute);
      return Math.min(wanted, limit);
    }
    let highest = wanted;
    for (const earlier of recommended) highest = Math.max(highest, earlier);
    return Math.min(current, highest);
  };
}
