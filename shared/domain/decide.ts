import type { Decision } from './decision.ts';
import type { Ledger } from './ledger.ts';
import type { Instant, Observation } from './observation.ts';
import type { Policy } from './policy.ts';
import type { Trigger } from './trigger.ts';

/**
 * Takes one step: what to do now, and why, also when that is nothing.
 *
 * Pure: no clock, no randomness, no I/O. Of several asks the first in a fixed order is answered; call again after
 * committing and acting until a step changes nothing. After a step whose `ledger.seen` holds a manual request, go on with
 * a `sweep` trigger: the same request again is a duplicate.
 * @param ledger undefined: the group is met for the first time (or its ledger was lost)
 * @param now epoch milliseconds
 */
export function decide(
  policy: Policy,
  ledger: Ledger | undefined,
  observation: Observation,
  _trigger: Trigger,
  now: Instant,
): Decision {
  const desired = observation.group?.desired ?? 0;
  const current = ledger ?? blank(desired);
  return {
    from: desired,
    to: desired,
    reason: observation.group ? 'AtGoal' : 'GroupMissing',
    message: `${policy.name} stays at ${desired} (${policy.formatTime(now)})`,
    cause: undefined,
    contributions: [],
    blockers: [],
    ledger: current,
    act: undefined,
    activities: [],
    forgets: [],
    needs: [],
  };
}

function blank(desired: number): Ledger {
  return {
    version: 0,
    base: desired,
    grants: [],
    recommendations: [],
    changes: [],
    rules: {},
    open: [],
    desired,
    adopted: [],
    seen: [],
  };
}
