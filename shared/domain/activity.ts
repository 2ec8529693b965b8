import type { Instant } from './observation.ts';
import type { Cause } from './trigger.ts';

/** AWS's status codes, as far as they apply to a change of desired capacity. */
export type ActivityStatus = 'PreInService' | 'InProgress' | 'Successful' | 'Failed' | 'Cancelled';

/** One change of desired capacity: what was decided, why, and what became of it. */
export interface Activity {
  readonly activityId: string;
  readonly group: string;
  readonly startedAt: Instant;
  readonly endedAt?: Instant | undefined;
  readonly from: number;
  readonly to: number;
  readonly trigger: Cause;
  /** A code of the closed set in `reason.ts`. */
  readonly reason: string;
  /** One plain sentence. */
  readonly message: string;
  readonly statusCode: ActivityStatus;
  /** Why it failed or was cancelled; how far it has come. */
  readonly statusMessage?: string | undefined;
  /** The rule, window or person behind it. */
  readonly by?: string | undefined;
}
