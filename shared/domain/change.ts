import { deadlineOf } from './deadline.ts';
import type { Act, Decision } from './decision.ts';
import type { Ledger, OpenActivity } from './ledger.ts';
import { obstacleTo } from './obstacles.ts';
import { decided } from './outcome.ts';
import type { ReasonCode } from './reason.ts';
import { activityId, type Scene } from './scene.ts';
import { shortId } from './servers.ts';
import type { Cause } from './trigger.ts';

/** Somebody asks for another capacity. */
export interface Ask {
  readonly to: number;
  readonly reason: ReasonCode;
  readonly cause: Cause;
  /** The rule, window or person behind it. */
  readonly by: string;
  /** Who asks, in a sentence that refuses it; default: `by`. */
  readonly asker?: string;
  /** The end of the sentence "business 3 → 5: …". */
  readonly why: string;
  /** The layers as they are when it is granted. */
  readonly ledger: Ledger;
  /** The alarm rule whose cooldown it starts. */
  readonly rule?: string;
  readonly attach?: readonly string[];
  readonly detach?: readonly string[];
  /** See `OpenActivity`. */
  readonly quiet?: true | undefined;
  /** A person's request names its own activity. */
  readonly requestId?: string;
}

/**
 * Grants an ask: the intent goes into the ledger, the act follows the commit.
 * @returns undefined when something forbids it, which is then among the scene's blockers
 */
export function change(scene: Scene, ask: Ask): Decision | undefined {
  const obstacle = obstacleTo(scene, ask);
  if (obstacle) {
    scene.blockers.push(obstacle);
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
