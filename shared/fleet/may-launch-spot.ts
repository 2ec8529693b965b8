import type { Group } from './group.ts';

/** Whether a group may have Spot servers: by its purchase, or, of a group that exists, by whatever its own template says. */
export function mayLaunchSpot({ launch, existing }: Group): boolean {
  if (!launch) return existing !== undefined;
  const { purchase } = launch;
  return purchase !== undefined && purchase.onDemandPercentageAboveBaseCapacity < 100;
}
