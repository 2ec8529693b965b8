import type { Group } from './group.ts';

/** The least that a group may ever have, in servers: what AWS gets as MinSize, for a window may lower the usual minimum. */
export function leastSize({ minSize, schedules }: Pick<Group, 'minSize' | 'schedules'>): number {
  return Math.min(
    minSize,
    ...Object.values(schedules).map(({ lowerMinSizeTo }) => lowerMinSizeTo ?? minSize),
  );
}
