import type { Hpa, ScalingPolicy, ScalingRules } from './objects.ts';
import type { Instant } from './timeline.ts';

/** What an autoscaler remembers of what it has recommended and done. */
export interface HpaMemory {
  readonly recommendations: { at: Instant; replicas: number }[];
  readonly changes: { at: Instant; change: number }[];
}

type Pace = Required<Omit<ScalingRules, 'tolerance'>>;

const defaultUp: Pace = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};
const defaultDown: Pace = {
  stabilizationWindowSeconds: 300,
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
};
const longestWindowMs = 3_600_000;

/**
 * What of a recommendation may be done now.
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#configurable-scaling-behavior
 */
export function paced(
  hpa: Hpa,
  memory: HpaMemory,
  current: number,
  recommended: number,
  now: Instant,
): number {
  const { minReplicas, maxReplicas, behavior } = hpa.spec;
  const up = { ...defaultUp, ...behavior?.scaleUp };
  const down = { ...defaultDown, ...behavior?.scaleDown };
  forget(memory, now);
  const stable = stabilized(memory, current, recommended, up, down, now);
  memory.recommendations.push({ at: now, replicas: recommended });
  if (stable > current) {
    const limit = mostAllowed(up, memory, current, now);
    return Math.min(stable, Math.max(current, limit), maxReplicas);
  }
  if (stable < current) {
    const limit = fewestAllowed(down, memory, current, now);
    return Math.max(stable, Math.min(current, limit), minReplicas);
  }
  return Math.min(Math.max(stable, minReplicas), maxReplicas);
}

function forget({ recommendations, changes }: HpaMemory, now: Instant): void {
  const old = (at: Instant) => at < now - longestWindowMs;
  while (recommendations[0] && old(recommendations[0].at)) recommendations.shift();
  while (changes[0] && old(changes[0].at)) changes.shift();
}

/** Up to the least, and down to the most, of what was recommended within the window. */
function stabilized(
  { recommendations }: HpaMemory,
  current: number,
  recommended: number,
  up: Pace,
  down: Pace,
  now: Instant,
): number {
  const within = (seconds: number) =>
    recommendations.filter(({ at }) => at > now - seconds * 1000).map(({ replicas }) => replicas);
  const least = Math.min(recommended, ...within(up.stabilizationWindowSeconds));
  const most = Math.max(recommended, ...within(down.stabilizationWindowSeconds));
  if (current < least) return least;
  return current > most ? most : current;
}

function mostAllowed(rules: Pace, memory: HpaMemory, current: number, now: Instant): number {
  if (rules.selectPolicy === 'Disabled') return current;
  const limits = rules.policies.map((policy) => {
    const before = current - changed(memory, policy, now, 1);
    return policy.type === 'Pods' ? before + policy.value : Math.ceil(before * (1 + policy.value / 100));
  });
  return rules.selectPolicy === 'Min' ? Math.min(...limits) : Math.max(...limits);
}

function fewestAllowed(rules: Pace, memory: HpaMemory, current: number, now: Instant): number {
  if (rules.selectPolicy === 'Disabled') return current;
  const limits = rules.policies.map((policy) => {
    const before = current + changed(memory, policy, now, -1);
    return policy.type === 'Pods' ? before - policy.value : Math.floor(before * (1 - policy.value / 100));
  });
  // The largest change is the smallest number.
  return rules.selectPolicy === 'Min' ? Math.max(...limits) : Math.min(...limits);
}

function changed(
  { changes }: HpaMemory,
  { periodSeconds }: ScalingPolicy,
  now: Instant,
  sign: 1 | -1,
): number {
  return changes
    .filter(({ at, change }) => at > now - periodSeconds * 1000 && Math.sign(change) === sign)
    .reduce((sum, { change }) => sum + Math.abs(change), 0);
}
