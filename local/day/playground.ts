import type { WholeCloud } from '@rushhour/local-aws';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import type { World } from '../../simulate/world/world.ts';
import type { FlashCrowds } from './flash-crowds.ts';
import type { Elsewhere } from './servers-of.ts';

/** A local cloud, and whom to ask for what happens in its world. */
export interface Playground {
  readonly fleet: Fleet;
  readonly local: WholeCloud;
  readonly world: World;
  readonly crowds: FlashCrowds;
  readonly elsewhere: Elsewhere;
}
