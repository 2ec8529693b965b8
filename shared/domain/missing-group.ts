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
  const known = ledger ?? unwrittenLedger(0);
  const next = { ...known, version: known.version + 1 };
  const { missing } = known;
  if (!missing) {
    const state = ledger ? 'vanished' : 'unmet';
    return standstill({ ...next, missing: { since: now, state } });
  }
  if (missing.state === 'told' || now - missing.since < patienceMs) return standstill(known);
  const row: Activity = {
    activityId: `${policy.name}-${next.version}-${new Date(missing.since).toISOString()}`,
    group: policy.name,
    startedAt: missing.since,
    endedAt: now,
    from: 0,
    to: 0,
    trigger: 'external',
    reason: 'GroupMissing',
    why: { key: 'groupMissing', long: true },
    statusCode: 'Failed',
  };
  const given = { ...next, open: [], missing: { ...missing, state: 'told' } } as const;
  return standstill(given, [...known.open.map((open) => givenUp(open, now)), row]);
}

/** Activities of a group that is gone are cancelled. */
function givenUp(activity: OpenActivity, now: Instant): Activity {
  if (activity.endedAt !== undefined) return activity;
  return { ...activity, statusCode: 'Cancelled', endedAt: now, detail: { key: 'groupGone' } };
}

/** Nobody knew the group, or it was given up: what a ledger says of it is of another one. */
export function isAnother({ missing }: Ledger): boolean {
  return missing?.state === 'unmet' || missing?.state === 'told';
}

/** One look did not find the group: nothing is concluded from it. */
export function findAgain(context: DecisionContext): Decision | undefined {
  const { ledger } = context;
  if (!ledger.missing) return undefined;
  const why = { key: 'groupFound' } as const;
  return decided(context, { reason: 'GroupMissing', why, ledger: { ...ledger, missing: undefined } });
}

/** @param forgets on record before the commit: a death in between must not lose what is said once */
function standstill(ledger: Ledger, forgets: readonly Activity[] = []): Decision {
  return {
    from: 0,
    to: 0,
    reason: 'GroupMissing',
    why: { key: 'groupMissing', long: forgets.length > 0 },
    cause: undefined,
    blockers: [],
    ledger,
    act: undefined,
    activities: [],
    forgets,
    needs: [],
  };
}
