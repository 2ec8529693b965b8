import type { ScalingGroup } from '../../shared/domain/observation.ts';
import type { Happening } from './plan.ts';

/** A scaling group as a happening leaves it; undefined: it is not the group's own sizes and servers that change. */
export function changedGroup(happening: Happening, found: ScalingGroup): ScalingGroup | undefined {
  const { servers } = found;
  switch (happening.kind) {
    case 'set-desired':
      return { ...found, desired: happening.servers };
    case 'set-bounds':
      return { ...found, minSize: happening.minSize, maxSize: happening.maxSize };
    case 'suspend':
      return { ...found, suspended: [happening.process] };
    case 'protect':
      return { ...found, servers: changedAt(servers, happening.nth, { protectedFromScaleIn: true }) };
    case 'server-unhealthy':
      return { ...found, servers: changedAt(servers, happening.nth, { lifecycle: 'unhealthy' }) };
    case 'detach':
      if (found.desired <= found.minSize || servers.length === 0) return undefined;
      return {
        ...found,
        desired: found.desired - 1,
        servers: servers.toSpliced(happening.nth % servers.length, 1),
      };
    default:
      return undefined;
  }
}

/** The same group once a happening that lasts for a while is over. */
export function restoredGroup(happening: Happening, found: ScalingGroup): ScalingGroup | undefined {
  if (happening.kind === 'suspend')
    return { ...found, suspended: found.suspended.filter((one) => one !== happening.process) };
  if (happening.kind === 'protect')
    return { ...found, servers: found.servers.map((one) => ({ ...one, protectedFromScaleIn: false })) };
  return undefined;
}

function changedAt<T extends object>(list: readonly T[], nth: number, change: Partial<T>): T[] {
  return list.map((one, index) => (index === nth % list.length ? { ...one, ...change } : one));
}
