import type { Activity } from './activity.ts';
import type { Ledger } from './ledger.ts';
import type { ReasonCode } from './reason.ts';
import type { Sentence } from './sentence.ts';
import type { Cause } from './trigger.ts';

/** What kept desired from the goal, or bounds how fast it goes there. */
export interface Blocker {
  readonly code: ReasonCode;
  readonly why: Sentence;
  /** Who is refused, and in whose name. */
  readonly by: string;
  readonly cause: Cause;
  /** When it ends by itself, epoch milliseconds. */
  readonly until?: number | undefined;
}

/** What must be looked up before the decision can be taken. */
export type Need =
  | 'healthy'
  | 'instanceRefresh'
  | 'launchFailure'
  | 'lost'
  | 'metrics'
  | 'alarms'
  | 'contradiction';

/** Somebody stands against any change. */
export interface Blocked {
  readonly kind: 'blocked';
  readonly blocker: Blocker;
}

/** It cannot be said before this was looked up. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly need: Need;
}

/** How many servers it may be, or why there is no number. */
export type Allowed = { readonly kind: 'servers'; readonly servers: number } | Blocked | Unknown;

/** A change of the cloud. Doing it twice is harmless: `decide` looks first. */
export type Act =
  | { readonly kind: 'setDesired'; readonly desired: number }
  /** Raises desired by the number of servers. */
  | { readonly kind: 'attach'; readonly serverIds: readonly string[] }
  /** Takes their protection and lets them go without terminating them; lowers desired by their number. */
  | { readonly kind: 'detach'; readonly serverIds: readonly string[] }
  | { readonly kind: 'protect'; readonly serverIds: readonly string[] }
  /** Does the group replace servers that fail their health checks? */
  | { readonly kind: 'replaceUnhealthy'; readonly replace: boolean };

/**
 * What to do next, as data. `reconcile` writes the rows of `forgets`, commits `ledger`, carries out `act`, writes and publishes
 * `activities`, then looks and decides again until a decision changes nothing.
 */
export interface Decision {
  readonly from: number;
  readonly to: number;
  readonly reason: ReasonCode;
  /** Says it to an operator, also for "nothing". */
  readonly why: Sentence;
  readonly cause: Cause | undefined;
  readonly blockers: readonly Blocker[];
  /**
   * The ledger afterwards: the very same object as before when nothing in it changed, otherwise its version is one
   * higher. Version 0 is a ledger that need not be written.
   */
  readonly ledger: Ledger;
  /** What to do to the cloud after the commit; undefined: nothing. */
  readonly act: Act | undefined;
  /** Activities that it opens, moves on or ends, to be written to the log. */
  readonly activities: readonly Activity[];
  /**
   * Activities that had ended in the ledger before this decision and are no longer held by the one after it, and remarks that are
   * made once. Their rows must be in the log before the commit: nobody remembers them afterwards.
   */
  readonly forgets: readonly Activity[];
  /** Not empty: nothing else of the decision holds until these were observed. */
  readonly needs: readonly Need[];
}
