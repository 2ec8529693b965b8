import type { CompiledTarget } from './policy.ts';

/** What one target recommends, and how it came to that. */
export interface Recommendation {
  readonly servers: number;
  /** The metric is so near its target that capacity stays. */
  readonly withinTolerance: boolean;
  /** More than the average would do with, so that those that stay have the tolerance to spare. */
  readonly spares?: true;
}

export interface Tolerances {
  readonly up: number;
  readonly down: number;
  /** Are servers taken only where those that stay would be below the target by `down`? */
  readonly headroom?: boolean;
}

/** Servers by their readiness: `warm` ones carry the load, `desired` counts those that are still coming. */
export interface Readiness {
  readonly desired: number;
  readonly warm: number;
}

/**
 * HPA's algorithm: ⌈warm · value ÷ target⌉ outside the tolerance. Scaling out, servers that are not warm count as idle;
 * scaling in, they do not count. A fleet total is shared by all: ⌈value ÷ target⌉. With `headroom` a scale-in leaves as many that
 * they are below the target by the tolerance: one that goes by the average alone is undone by the next bit of noise.
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details
 * @returns undefined when there is nobody whose average it could be
 */
export function recommend(
  target: Pick<CompiledTarget, 'perServer' | 'targetValue'>,
  value: number,
  { desired, warm }: Readiness,
  tolerances: Tolerances,
): Recommendation | undefined {
  const stay = { servers: desired, withinTolerance: true };
  if (!target.perServer) {
    const ratio = desired === 0 ? value : value / (target.targetValue * desired);
    if (desired > 0 && isWithin(ratio, tolerances)) return stay;
    const exact = value / target.targetValue;
    return desired > 0 && ratio < 1
      ? fewer(exact, desired, tolerances)
      : { servers: ceil(exact), withinTolerance: false };
  }
  if (warm === 0) return undefined;
  const ratio = value / target.targetValue;
  if (isWithin(ratio, tolerances)) return stay;
  if (ratio < 1) return fewer(ratio * warm, desired, tolerances);
  const servers = ceil(ratio * warm);
  if (warm >= desired) return { servers, withinTolerance: false };
  const diluted = (ratio * warm) / desired;
  return diluted <= 1 || isWithin(diluted, tolerances) ? stay : { servers, withinTolerance: false };
}

/** @param exact servers that would be at the target, a fraction */
function fewer(exact: number, desired: number, { down, headroom }: Tolerances): Recommendation {
  const atTarget = ceil(exact);
  const servers = headroom ? ceil(exact / (1 - down)) : atTarget;
  if (headroom && servers >= desired) return { servers: desired, withinTolerance: true, spares: true };
  return { servers, withinTolerance: false, ...(servers > atTarget && { spares: true }) };
}

function isWithin(ratio: number, { up, down }: Tolerances): boolean {
  return ratio >= 1 - down - rounding && ratio <= 1 + up + rounding;
}

/** Floating point must not buy a server: 0.1 · 3 ÷ 0.1 is 3. */
const rounding = 1e-9;

function ceil(exact: number): number {
  return Math.ceil(exact - rounding);
}
