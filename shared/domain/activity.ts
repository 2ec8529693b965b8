import type { ActivityStatus } from './activity-status.ts';
import type { Instant } from './observation.ts';
import type { ReasonCode } from './reason.ts';
import type { Sentence } from './sentence.ts';
import type { Cause } from './trigger.ts';

/** One change of desired capacity: what was decided, why, and what became of it. */
export interface Activity {
  readonly activityId: string;
  readonly group: string;
  readonly startedAt: Instant;
  readonly endedAt?: Instant | undefined;
  readonly from: number;
  readonly to: number;
  readonly trigger: Cause;
  readonly reason: ReasonCode;
  /** Which sentence says it, and its parameters; the words are made where it is read (`shared/sentences`). */
  readonly why: Sentence;
  readonly statusCode: ActivityStatus;
  /** Why it failed or was cancelled; how far it has come. */
  readonly detail?: Sentence | undefined;
  /** The rule, window or person behind it. */
  readonly by?: string | undefined;
}
