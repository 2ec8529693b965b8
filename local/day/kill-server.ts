import type { WholeCloud } from '@rushhour/local-aws';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import { scalingGroupName } from '../../shared/fleet/names.ts';
import type { World } from '../../simulate/world/world.ts';
import { serversOf } from './servers-of.ts';

/** The oldest of the group's servers in service answers nobody any more. @returns its id; undefined: there is none */
export function killServer(local: WholeCloud, world: World, fleet: Fleet, group: string): string | undefined {
  const [victim] = serversOf(local, scalingGroupName(fleet, group)).inService;
  if (victim !== undefined) world.strike(victim, 'dead');
  return victim;
}
