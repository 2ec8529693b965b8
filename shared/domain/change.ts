import { blockerTo } from './blockers.ts';
import type { CapacityRequest } from './capacity-request.ts';
import { deadlineOf } from './deadline.ts';
import type { Act, Decision } from './decision.ts';
import { activityId, type DecisionContext } from './decision-context.ts';
import type { Ledger, OpenActivity } from './ledger.ts';
import { decided } from './outcome.ts';
import { shortId } from './servers.ts';

/**
 * Grants a request: the intent goes into the ledger, and the act follows the commit.
 * @returns undefined when something forbids it; that is then among the context's blockers
 */
export function change(context: DecisionContext, request: CapacityRequest): Decision | undefined {
  const blocker = blockerTo(context, request);
  if (blocker) {
    context.blockers.push(blocker);
    return undefined;
  }
  const { policy, group, now } = context;
  const activity: OpenActivity = {
    activityId: activityId(context, request.requestId),
    group: policy.name,
    startedAt: now,
    from: group.desired,
    to: request.to,
    trigger: request.cause,
    reason: request.reason,
    why: request.why,
    statusCode: 'PreInService',
    by: request.by,
    phase: 'intended',
    deadline: deadlineOf(context, group.desired, request.to),
    there: group.servers.map(({ id }) => shortId(id)),
    rule: request.rule,
    attach: request.attach,
    detach: request.detach,
    ...(request.quiet && { quiet: true }),
  };
  const ledger = {
    ...withOpenActivity(request, activity.activityId),
    open: [...request.ledger.open, activity],
  };
  return decided(context, {
    reason: request.reason,
    why: request.why,
    to: request.to,
    cause: request.cause,
    ledger,
    act: actOf(activity),
    activities: [activity],
  });
}

function withOpenActivity({ ledger, rule }: CapacityRequest, openActivityId: string): Ledger {
  if (rule === undefined) return ledger;
  return { ...ledger, rules: { ...ledger.rules, [rule]: { ...ledger.rules[rule], openActivityId } } };
}

/** What carries an intended activity out. */
export function actOf({ to, attach, detach }: OpenActivity): Act {
  if (attach) return { kind: 'attach', serverIds: attach };
  if (detach) return { kind: 'detach', serverIds: detach };
  return { kind: 'setDesired', desired: to };
}
