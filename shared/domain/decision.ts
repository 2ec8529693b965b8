import type { Activity } from './activity.ts';
import type { Ledger } from './ledger.ts';
import type { ReasonCode } from './reason.ts';
import type { Cause } from './trigger.ts';

/** Who asked for what. */
export interface Contribution {
  readonly layer: 'base' | 'granted' | 'tracked' | 'floor' | 'maximum';
  readonly by: string;
  readonly servers: number;
}

/** What kept desired from the goal, or bounds how fast it goes there. */
export interface Blocker {
  readonly code: ReasonCode;
  readonly message: string;
  /** When it ends by itself, epoch milliseconds. */
  readonly until?: number | undefined;
}

/** What must be looked up before the decision can be taken. */
export type Need = 'healthy' | 'instanceRefresh' | 'launchFailure' | 'metrics' | 'alarms';

/**
 * One step, as data. `reconcile` commits `ledger`, then acts if `to` differs from `from`, then looks and decides again
 * until a step changes nothing.
 */
export interface Decision {
  readonly from: number;
  readonly to: number;
  readonly reason: ReasonCode;
  /** One sentence that an operator understands, also for "nothing". */
  readonly message: string;
  readonly cause: Cause | undefined;
  readonly contributions: readonly Contribution[];
  readonly blockers: readonly Blocker[];
  /** The ledger after this step; the very same object as before when nothing in it changed. */
  readonly ledger: Ledger;
  /** Activities that this step opens, moves on or ends, to be written to the log. */
  readonly activities: readonly Activity[];
  /** Not empty: nothing else of the decision holds until these were observed. */
  readonly needs: readonly Need[];
}
