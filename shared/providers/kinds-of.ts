import { ecsServiceOf } from '../fleet/ecs.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Clock } from '../ports/clock.ts';
import type { Clients } from './aws/clients.ts';
import type { KindOfProvider } from './by-kind.ts';

/**
 * The providers that a fleet's groups need besides EC2 Auto Scaling. Each is a file of its own, which lies beside the functions
 * of those fleets only and is loaded when it is first asked.
 */
export function kindsOf({ groups }: Fleet, { loadBalancing }: Clients, clock: Clock): KindOfProvider[] {
  const kinds: KindOfProvider[] = [];
  if (Object.values(groups).some(({ ecs }) => ecs !== undefined)) {
    kinds.push({
      owns: (name) => ecsServiceOf(name) !== undefined,
      open: async () => (await import('#provider-ecs')).openEcs(loadBalancing, clock),
    });
  }
  return kinds;
}
