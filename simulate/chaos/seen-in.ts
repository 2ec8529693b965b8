import type { ScalingGroup } from '../../shared/domain/observation.ts';
import type { Write } from './write.ts';

/**
 * The group as its writer had been told of it. One that shows another desired than the ledger knows is late, and so are bounds that
 * leave out what the ledger knows. Where both agree, bounds are as they are told: a group of Alibaba Cloud that has no desired
 * capacity is below its minimum when a server dies.
 */
export function seenIn({ by, group, before }: Write): ScalingGroup {
  const seen = by.told.groups.get(group.scalingGroup)!;
  if (!before || before.missing || seen.desired === before.desired) return seen;
  return { ...seen, ...boundsAround(seen, before.desired) };
}

/** Bounds that do not leave out a number that was set. */
export function boundsAround(
  { minSize, maxSize }: ScalingGroup,
  desired: number,
): Pick<ScalingGroup, 'minSize' | 'maxSize'> {
  return { minSize: Math.min(minSize, desired), maxSize: Math.max(maxSize, desired) };
}
