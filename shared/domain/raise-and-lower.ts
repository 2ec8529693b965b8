import { floorsAreKnown, heldBy, isHeldUp, type Layers } from './layers.ts';
import type { Ledger } from './ledger.ts';
import type { Observation } from './observation.ts';
import type { Policy } from './policy.ts';

/** The layers that a step changes, and what holds the group meanwhile. */
export interface LayersBefore {
  readonly policy: Policy;
  readonly observation: Observation;
  readonly layers: Layers;
  readonly ledger: Ledger;
}

/**
 * A step up: what it adds beyond the goal is base's where own + Σ granted hold the group, and goes on top, to `lifted`, where
 * the load or a floor holds it higher. So a step stays one when they let go, and nobody's floor becomes base.
 * @param from the capacity before the step, which may still be above the goal
 */
export function raised(base: LayersBefore, from: number, to: number): Ledger {
  const { layers, ledger, policy, observation } = base;
  const servers = to - Math.max(from, layers.goal);
  if (servers <= 0) return ledger;
  // Where a floor is unknown, what is above own + Σ granted may be its.
  const mayBeHeld = from > layers.own + layers.granted && !floorsAreKnown(policy, observation);
  return isHeldUp(layers) || mayBeHeld
    ? { ...ledger, lifted: layers.lifted + servers }
    : { ...ledger, base: layers.own + servers };
}

/**
 * Takes what is more than `total`, for people and for changes from outside: of `lifted` first, then of the newest grant, then
 * of base. What floors hold is not theirs to take.
 */
export function lowered({ layers, ledger }: Pick<LayersBefore, 'layers' | 'ledger'>, total: number): Ledger {
  const { own, granted } = layers;
  const lifted = Math.min(layers.lifted, Math.max(0, total - Math.max(own + granted, heldBy(layers))));
  const left = lifted === layers.lifted ? ledger : withLifted(ledger, lifted);
  let surplus = own + granted - total;
  if (surplus <= 0) return left;
  const grants = [...ledger.grants];
  for (let at = grants.length - 1; at >= 0 && surplus > 0; at--) {
    const grant = grants[at]!;
    const taken = Math.max(0, Math.min(grant.servers, surplus));
    if (taken > 0) grants[at] = { ...grant, servers: grant.servers - taken };
    surplus -= taken;
  }
  return { ...left, grants, base: own - surplus };
}

/** What people and the outside make of base and `lifted`, alarms must leave alone while a window is open. */
export function leftAlone(before: Ledger, after: Ledger): Ledger {
  const shift = after.base + (after.lifted ?? 0) - before.base - (before.lifted ?? 0);
  if (shift === 0) return after;
  const grants = after.grants.map((grant) => ({ ...grant, base: Math.max(0, grant.base + shift) }));
  return { ...after, grants };
}

/** Steps taken while something held the group up are base's once nothing does; the goal stays the same. */
export function joined({ policy, observation, layers, ledger }: LayersBefore): Ledger {
  if (layers.lifted === 0 || isHeldUp(layers) || !floorsAreKnown(policy, observation)) return ledger;
  return leftAlone(ledger, { ...withLifted(ledger, 0), base: layers.own + layers.lifted });
}

export function withLifted(ledger: Ledger, lifted: number): Ledger {
  return { ...ledger, lifted: lifted === 0 ? undefined : lifted };
}
