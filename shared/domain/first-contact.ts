import { change } from './change.ts';
import type { Decision } from './decision.ts';
import { contextOf } from './decision-context.ts';
import type { Ledger } from './ledger.ts';
import type { Instant, Observation, ScalingGroup } from './observation.ts';
import { decided } from './outcome.ts';
import { isPauseOver } from './pause.ts';
import type { Policy } from './policy.ts';

/** A ledger that was never written: the group is taken as it is. */
export function unwrittenLedger(desired: number): Ledger {
  return {
    version: 0,
    base: desired,
    grants: [],
    recommendations: [],
    changes: [],
    warming: [],
    rules: {},
    open: [],
    desired,
    adopted: [],
    adoptedByHand: [],
    seen: [],
  };
}

/**
 * The first look at a group, or at one whose ledger was lost: what is there becomes its base. The initial capacity only
 * ever raises it, for a lost ledger must not shrink a fleet.
 * @param before the ledger that is there, which knows nothing of this group but what people have asked of whatever has its name:
 * that it is paused, and requests that are not to be carried out once more
 */
export function firstContact(
  policy: Policy,
  before: Ledger | undefined,
  observation: Observation,
  group: ScalingGroup,
  now: Instant,
): Decision {
  const pause = before?.pause && !isPauseOver(before.pause, now) ? before.pause : undefined;
  const kept = { version: before?.version ?? 0, seen: before?.seen ?? [], ...(pause && { pause }) };
  const blank = { ...unwrittenLedger(group.desired), ...kept };
  const context = contextOf(policy, blank, observation, group, { kind: 'sweep' }, now);
  const to = Math.min(policy.initialCapacity ?? 0, context.layers.maximum.servers);
  const isMore = to > group.desired;
  const raised =
    isMore &&
    change(context, {
      to,
      reason: 'FirstContact',
      cause: 'manual',
      by: 'initialCapacity',
      why: { key: 'initialCapacity' },
      ledger: { ...blank, base: to },
    });
  if (raised) return raised;
  const why = { key: 'firstContact', servers: group.desired } as const;
  // What waits for a pause is asked for when it is over.
  const base = isMore && pause ? to : blank.base;
  return decided(context, { reason: 'FirstContact', why, ledger: { ...blank, base } });
}
