import type { ScalingGroup } from '../domain/observation.ts';
import type { Group } from '../fleet/group.ts';
import { leastSize } from '../fleet/least-size.ts';

/** What a group has room for, in servers: its own sizes, or the fleet file's where its provider has none. */
export function sizesOf(
  config: Group,
  { minSize, maxSize }: ScalingGroup,
): { readonly minSize: number; readonly maxSize: number } {
  const hasNone = maxSize === Number.MAX_SAFE_INTEGER;
  return hasNone ? { minSize: leastSize(config), maxSize: config.maxSize } : { minSize, maxSize };
}
