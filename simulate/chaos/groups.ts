import type { ScalingGroup } from '../../shared/domain/observation.ts';
import type { ScalerGroup } from '../../shared/engine/scaler.ts';
import type { Fleet } from '../../shared/fleet/fleet.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import type { Happening } from './plan.ts';

/** The scaling groups of a run as they really are: in memory, or behind the API of a stand-in. */
export interface Groups {
  /** A group as its provider shows it; the same object while nothing changes. */
  shown(scalingGroup: string): ScalingGroup;
  /** What the provider can do. @param process whose memory it is */
  offeredTo(process: string, fleet: Fleet): Ports;
  make(group: ScalerGroup, desired: number): void;
  /** Something is about to happen to a group: what was due before comes first. @param all groups of the fleet */
  settle(group: ScalerGroup, all: Iterable<ScalerGroup>): void;
  /** What people and the provider do to a group. */
  do(happening: Happening, group: ScalerGroup): void;
  /** Takes back what a happening did for a while. */
  undo(happening: Happening, group: ScalerGroup): void;
  /** Another group has taken its name, as a stack makes it: of the least size, and without a server. */
  renew(group: ScalerGroup): void;
  /** Groups as they are deployed now. */
  deploy?(groups: Iterable<ScalerGroup>): void;
  /** From now on the stacks of all groups can let adopted servers go. */
  finishStacks?(groups: Iterable<ScalerGroup>): void;
  /** What is broken is mended, whatever group it is of. */
  calm(): void;
  /** Nobody interferes with this group any more. */
  calmGroup?(group: ScalerGroup): void;
}
