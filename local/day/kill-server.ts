import { scalingGroupName } from '../../shared/fleet/names.ts';
import type { Playground } from './playground.ts';
import { serversOf } from './servers-of.ts';

/** The oldest of the group's servers in service answers nobody any more. @returns its id; undefined: there is none */
export function killServer(
  { local, world, fleet, elsewhere }: Pick<Playground, 'local' | 'world' | 'fleet' | 'elsewhere'>,
  group: string,
): string | undefined {
  const [victim] = serversOf(local, elsewhere, scalingGroupName(fleet, group)).inService;
  if (victim !== undefined) world.strike(victim, 'dead');
  return victim;
}
