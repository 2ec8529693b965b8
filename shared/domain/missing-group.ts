import { minuteMs } from '../units.ts';
import type { Activity } from './activity.ts';
import type { Decision } from './decision.ts';
import type { DecisionContext } from './decision-context.ts';
import { unwrittenLedger } from './first-contact.ts';
import type { Ledger, OpenActivity } from './ledger.ts';
import type { Instant } from './observation.ts';
import { decided } from './outcome.ts';
import type { Policy } from './policy.ts';

/** How long a group may take to appear: it is deployed after the scaler, perhaps behind others. */
const patienceMs = 15 * minuteMs;

/** A group that does not exist is waited for; people hear of it once, when it should have been there by now. */
export function missGroup(policy: Policy, ledger: Ledger | undefined, now: Instant): Decision {
  const message = `${policy.name}: its scaling group does not exist`;
  const known = ledger ?? unwrittenLedger(0);
  const next = { ...known, version: known.version + 1 };
  const { missing } = known;
  if (!missing) {
    const state = ledger ? 'vanished' : 'unmet';
    return standstill(message, { ...next, missing: { since: now, state } });
  }
  if (missing.state === 'told' || now - missing.since < patienceMs) return standstill(message, known);
  const row: Activity = {
    activityId: `${policy.name}-${next.version}-${new Date(missing.since).toISOString()}`,
    group: policy.name,
    startedAt: missing.since,
    endedAt: now,
    from: 0,
    to: 0,
    trigger: 'external',
    reason: 'GroupMissing',
    message: `${message}: is it deployed, and is its name right?`,
    statusCode: 'Failed',
  };
  const given = { ...next, open: [], missing: { ...missing, state: 'told' } } as const;
  return standstill(row.message, given, [...known.open.map((open) => givenUp(open, now)), row]);
}

/** Activities of a group that is gone are cancelled. */
function givenUp(activity: OpenActivity, now: Instant): Activity {
  if (activity.endedAt !== undefined) return activity;
  return { ...activity, statusCode: 'Cancelled', endedAt: now, statusMessage: 'its scaling group is gone' };
}

/** Nobody knew the group, or it was given up: what a ledger says of it is of another one. */
export function isAnother({ missing }: Ledger): boolean {
  return missing?.state === 'unmet' || missing?.state === 'told';
}

/** One look did not find the group: nothing is concluded from it. */
export function findAgain(context: DecisionContext): Decision | undefined {
  const { ledger, policy } = context;
  if (!ledger.missing) return undefined;
  const message = `${policy.name}: its scaling group is there again`;
  return decided(context, { reason: 'GroupMissing', message, ledger: { ...ledger, missing: undefined } });
}

/** @param forgets on record before the commit: a death in between must not lose what is said once */
function standstill(message: string, ledger: Ledger, forgets: readonly Activity[] = []): Decision {
  return {
    from: 0,
    to: 0,
    reason: 'GroupMissing',
    message,
    cause: undefined,
    blockers: [],
    ledger,
    act: undefined,
    activities: [],
    forgets,
    needs: [],
  };
}
