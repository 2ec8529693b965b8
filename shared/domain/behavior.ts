import type { BehaviorDirection } from '../fleet/rule.ts';
import type { Instant } from './observation.ts';

type Changes = readonly (readonly [Instant, number])[];

/**
 * The most servers that `scaleUp`'s policies allow now. Each policy counts from the capacity at the start of its period.
 * Whole numbers throughout: Go's floating point would make 12 of 110 % of 10.
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#scaling-policies
 */
export function mostAllowed(
  rules: BehaviorDirection,
  changes: Changes,
  desired: number,
  now: Instant,
): number {
  if (rules.selectPolicy === 'Disabled') return desired;
  if (rules.policies.length === 0) return Number.POSITIVE_INFINITY;
  let limit: number | undefined;
  for (const { type, value, periodSeconds } of rules.policies) {
    const start = capacityAtStart(changes, desired, now - periodSeconds * 1000);
    // A percentage of nothing would never let a group out of nothing.
    const percent = Math.max(1, Math.ceil((start * (100 + value)) / 100));
    const allowed = type === 'Instances' ? start + value : percent;
    const pick = rules.selectPolicy === 'Max' ? Math.max : Math.min;
    limit = limit === undefined ? allowed : pick(limit, allowed);
  }
  return Math.max(limit ?? desired, desired);
}

/** The fewest servers that `scaleDown`'s policies allow now; `Max` is the largest change, and so the smallest capacity. */
export function fewestAllowed(
  rules: BehaviorDirection,
  changes: Changes,
  desired: number,
  now: Instant,
): number {
  if (rules.selectPolicy === 'Disabled') return desired;
  if (rules.policies.length === 0) return 0;
  let limit: number | undefined;
  for (const { type, value, periodSeconds } of rules.policies) {
    const start = capacityAtStart(changes, desired, now - periodSeconds * 1000);
    const allowed = type === 'Instances' ? start - value : Math.floor((start * (100 - value)) / 100);
    const pick = rules.selectPolicy === 'Max' ? Math.min : Math.max;
    limit = limit === undefined ? allowed : pick(limit, allowed);
  }
  return Math.min(limit ?? desired, desired);
}

function capacityAtStart(changes: Changes, desired: number, start: Instant): number {
  let capacity = desired;
  for (const [at, delta] of changes) if (at > start) capacity -= delta;
  return capacity;
}

type Recommendations = readonly (readonly [Instant, number])[];

/**
 * A recommendation after its stabilization windows: up only to the least that was recommended in `scaleUp`'s, down
 * only to the most that was recommended in `scaleDown`'s. Each recommendation holds until the next one.
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/podautoscaler/horizontal.go `stabilizeRecommendationWithBehaviors`
 */
export function stabilized(
  recommendations: Recommendations,
  recommended: number,
  current: number,
  behavior: Readonly<Record<'scaleUp' | 'scaleDown', BehaviorDirection>>,
  now: Instant,
): number {
  const upSince = now - behavior.scaleUp.stabilizationWindowSeconds * 1000;
  const downSince = now - behavior.scaleDown.stabilizationWindowSeconds * 1000;
  let up = recommended;
  let down = recommended;
  let until = now;
  for (let at = recommendations.length - 1; at >= 0; at--) {
    const [from, servers] = recommendations[at]!;
    if (until > upSince) up = Math.min(up, servers);
    if (until > downSince) down = Math.max(down, servers);
    until = from;
  }
  return Math.min(Math.max(current, up), down);
}
