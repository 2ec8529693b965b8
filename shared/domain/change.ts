import type { Ask } from './ask.ts';
import { blockerTo } from './blockers.ts';
import { deadlineOf } from './deadline.ts';
import type { Act, Decision } from './decision.ts';
import type { Ledger, OpenActivity } from './ledger.ts';
import { decided } from './outcome.ts';
import { activityId, type Scene } from './scene.ts';
import { shortId } from './servers.ts';

/**
 * Grants an ask: the intent goes into the ledger, the act follows the commit.
 * @returns undefined when something forbids it, which is then among the scene's blockers
 */
export function change(scene: Scene, ask: Ask): Decision | undefined {
  const blocker = blockerTo(scene, ask);
  if (blocker) {
    scene.blockers.push(blocker);
    return undefined;
  }
  const { policy, group, now } = scene;
  const message = `${policy.name} ${group.desired} → ${ask.to}: ${ask.why}`;
  const activity: OpenActivity = {
    activityId: activityId(scene, ask.requestId),
    group: policy.name,
    startedAt: now,
    from: group.desired,
    to: ask.to,
    trigger: ask.cause,
    reason: ask.reason,
    message,
    statusCode: 'PreInService',
    by: ask.by,
    phase: 'intended',
    deadline: deadlineOf(scene, group.desired, ask.to),
    there: group.servers.map(({ id }) => shortId(id)),
    rule: ask.rule,
    attach: ask.attach,
    detach: ask.detach,
    ...(ask.quiet && { quiet: true }),
  };
  const ledger = { ...withOpenActivity(ask, activity.activityId), open: [...ask.ledger.open, activity] };
  return decided(scene, {
    reason: ask.reason,
    message,
    to: ask.to,
    cause: ask.cause,
    ledger,
    act: actOf(activity),
    activities: [activity],
  });
}

function withOpenActivity({ ledger, rule }: Ask, openActivityId: string): Ledger {
  if (rule === undefined) return ledger;
  return { ...ledger, rules: { ...ledger.rules, [rule]: { ...ledger.rules[rule], openActivityId } } };
}

/** What carries an intended activity out. */
export function actOf({ to, attach, detach }: OpenActivity): Act {
  if (attach) return { kind: 'attach', serverIds: attach };
  if (detach) return { kind: 'detach', serverIds: detach };
  return { kind: 'setDesired', desired: to };
}
