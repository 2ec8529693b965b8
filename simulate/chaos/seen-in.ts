import type { ScalingGroup } from '../../shared/domain/observation.ts';
import type { Write } from './write.ts';

/**
 * The group as its writer had been told of it. Desired is never out of bounds: where those that were told leave out what the
 * ledger knows, they are older than it.
 */
export function seenIn({ by, group, before }: Write): ScalingGroup {
  const seen = by.told.groups.get(group.scalingGroup)!;
  if (!before || before.missing) return seen;
  const { minSize, maxSize } = seen;
  return {
    ...seen,
    minSize: Math.min(minSize, before.desired),
    maxSize: Math.max(maxSize, before.desired),
  };
}
