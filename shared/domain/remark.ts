import type { Activity } from './activity.ts';
import type { ActivityStatus } from './activity-status.ts';
import { activityId, type DecisionContext } from './decision-context.ts';
import type { ReasonCode } from './reason.ts';
import type { Sentence } from './sentence.ts';
import type { Cause } from './trigger.ts';

interface Remark {
  readonly reason: ReasonCode;
  readonly cause: Cause;
  readonly why: Sentence;
  readonly by?: string | undefined;
  readonly statusCode?: ActivityStatus;
  /** Default: one of this step of this ledger. */
  readonly activityId?: string;
}

/** A row of the history that changes no capacity: a pause, a refusal, an event that came too late. */
export function remark(context: DecisionContext, remark: Remark): Activity {
  const { policy, group, now } = context;
  return {
    activityId: remark.activityId ?? activityId(context),
    group: policy.name,
    startedAt: now,
    endedAt: now,
    from: group.desired,
    to: group.desired,
    trigger: remark.cause,
    reason: remark.reason,
    why: remark.why,
    statusCode: remark.statusCode ?? 'Successful',
    by: remark.by,
  };
}
