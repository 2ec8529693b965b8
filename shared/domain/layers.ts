import { totalGranted } from './grants.ts';
import type { Holder, Ledger } from './ledger.ts';
import type { Leader, Observation, ScalingGroup } from './observation.ts';
import type { Policy } from './policy.ts';
import { protectedCapacity } from './servers.ts';

/** A bound on capacity, and whose it is. */
export interface Bound {
  readonly servers: number;
  readonly holder: Holder;
}

/** What each party asks for, and the goal that follows from it. */
export interface Layers {
  readonly own: number;
  readonly granted: number;
  readonly tracked: number;
  readonly lifted: number;
  readonly floor: Bound | undefined;
  /** The least: `minSize`, and at least as many as are protected from scale-in. */
  readonly minimum: number;
  readonly maximum: Bound;
  readonly goal: number;
}

/** goal = min( max( own + Σ granted, tracked, floors ) + lifted, maxima ), own = max(base, minSize, protected) */
export function layersOf(
  policy: Policy,
  ledger: Ledger,
  observation: Observation,
  group: ScalingGroup,
): Layers {
  const minSize = minSizeNow(policy, observation);
  const minimum = Math.max(Math.min(minSize, group.maxSize), group.minSize, protectedCapacity(group));
  const layers = {
    own: Math.max(ledger.base, minimum),
    granted: totalGranted(ledger.grants),
    tracked: ledger.tracked?.servers ?? 0,
    lifted: ledger.lifted ?? 0,
    floor: floorOf(policy, observation),
    minimum,
    maximum: maximumOf(policy, observation, group, minimum),
    goal: 0,
  };
  layers.goal = goalWith(layers, layers.own);
  return layers;
}

/** The usual minSize, or what the windows that are open lower it to. */
export function minSizeNow(policy: Policy, { windows }: Observation): number {
  let minSize = policy.minSize;
  for (const { lowerMinSizeTo } of windows) {
    if (lowerMinSizeTo !== undefined && lowerMinSizeTo < minSize) minSize = lowerMinSizeTo;
  }
  return minSize;
}

/** The goal if the group's own capacity were `own`. */
export function goalWith(
  layers: Layers,
  own: number,
  granted: number = layers.granted,
  lifted: number = layers.lifted,
): number {
  return Math.min(Math.max(own + granted, heldBy(layers)) + lifted, layers.maximum.servers);
}

/** What the load, floors and the minimum hold the group at, whatever it owns and was granted. */
export function heldBy({ tracked, floor, minimum }: Layers): number {
  return Math.max(tracked, floor?.servers ?? 0, minimum);
}

/** Do the load or a floor hold the group above own + Σ granted? */
export function isHeldUp(layers: Layers): boolean {
  return heldBy(layers) > layers.own + layers.granted;
}

/** A leader that cannot be seen, or a forecast that cannot tell, may hold more than is known. */
export function floorsAreKnown({ follows, forecast }: Policy, observation: Observation): boolean {
  if (follows && !observation.leader) return false;
  return forecast !== 'floor' || observation.forecast?.need !== undefined;
}

/** The largest of what windows, a leader and a forecast say that there must be at least. */
function floorOf(policy: Policy, observation: Observation): Bound | undefined {
  let floor: Bound | undefined;
  for (const { name, minSize } of observation.windows) {
    if (minSize !== undefined && minSize > (floor?.servers ?? -1))
      floor = { servers: minSize, holder: { cause: 'schedule', who: { kind: 'window', name } } };
  }
  const led = leaderFloor(policy, observation);
  if (led !== undefined && led > (floor?.servers ?? -1))
    floor = {
      servers: led,
      holder: { cause: 'leader', who: { kind: 'leader', name: policy.follows!.group } },
    };
  const need = policy.forecast === 'floor' ? observation.forecast?.need : undefined;
  if (need !== undefined && need > (floor?.servers ?? -1))
    floor = { servers: need, holder: { cause: 'forecast', who: { kind: 'forecast' } } };
  return floor;
}

function leaderFloor({ follows }: Policy, { leader }: Observation): number | undefined {
  return follows && leader && followersOf(leader, follows.ratio);
}

/**
 * A follower scales out before its leader's rise is over and in only after its fall: it follows the larger of what
 * the leader wants and has. Floating point must not buy a server: 0.07 · 100 is 7.
 */
export function followersOf({ desired, inService }: Leader, ratio: number): number {
  return Math.ceil(Math.max(desired, inService) * ratio - 1e-9);
}

const byMaxSize: Holder = { cause: 'external', who: { kind: 'maxSize' } };

/** The narrowest maximum, but never below what must stay, and never above what the group itself allows. */
function maximumOf(policy: Policy, observation: Observation, group: ScalingGroup, minimum: number): Bound {
  const servers = Math.max(Math.min(policy.maxSize, group.maxSize), minimum);
  let maximum: Bound = { servers, holder: byMaxSize };
  for (const { name, maxSize } of observation.windows) {
    if (maxSize !== undefined && Math.max(maxSize, minimum) < maximum.servers) {
      const holder: Holder = { cause: 'schedule', who: { kind: 'window', name } };
      maximum = { servers: Math.max(maxSize, minimum), holder };
    }
  }
  return maximum;
}
