import type { Hpa } from './objects.ts';
import { quantity } from './quantity.ts';

/** `--horizontal-pod-autoscaler-tolerance`. */
const usual = 0.1;

/** How far a ratio of what is to what should be may be from 1 without a change. */
export interface Tolerances {
  readonly up: number;
  readonly down: number;
}

/** Those of an autoscaler: its own since Kubernetes 1.33 (on by default since 1.35), or the cluster's. */
export function tolerancesOf({ spec: { behavior } }: Hpa): Tolerances {
  const own = (text: string | undefined) => (text === undefined ? usual : quantity(text));
  return { up: own(behavior?.scaleUp?.tolerance), down: own(behavior?.scaleDown?.tolerance) };
}

export function isWithin({ up, down }: Tolerances, ratio: number): boolean {
  return 1 - down <= ratio && ratio <= 1 + up;
}
