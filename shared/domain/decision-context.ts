import type { Blocker } from './decision.ts';
import { withAlarms } from './judged-alarms.ts';
import { type Layers, layersOf } from './layers.ts';
import type { Ledger } from './ledger.ts';
import type { AlarmState, Instant, Observation, ScalingGroup } from './observation.ts';
import { type Pairs, pairsOf } from './pairs.ts';
import type { CompiledRule, Policy } from './policy.ts';
import { joined } from './raise-and-lower.ts';
import { leftBetween } from './servers.ts';
import { type Tracking, track } from './track.ts';
import type { Trigger } from './trigger.ts';

/** What every question of one decision looks at. */
export interface DecisionContext {
  readonly policy: Policy;
  /** As it was read. */
  readonly before: Ledger;
  /** With what this look has learnt (see `track`, `joined`): questions build on it. */
  readonly ledger: Ledger;
  readonly observation: Observation;
  readonly group: ScalingGroup;
  readonly trigger: Trigger;
  readonly now: Instant;
  readonly layers: Layers;
  readonly tracking: Tracking;
  /** Worked out by the first question that needs it (see `pairsIn`). */
  pairs: Pairs | undefined;
  /** Steps that could not be taken say why, in the order in which they were tried. */
  readonly blockers: Blocker[];
}

export function contextOf(
  policy: Policy,
  before: Ledger,
  observation: Observation,
  group: ScalingGroup,
  trigger: Trigger,
  now: Instant,
): DecisionContext {
  const tracking = track(policy, withAlarms(reached(before), observation), observation, group, now);
  const known = layersOf(policy, tracking.ledger, observation, group);
  const ledger = joined({ policy, observation, layers: known, ledger: tracking.ledger });
  const layers = ledger === tracking.ledger ? known : layersOf(policy, ledger, observation, group);
  return {
    policy,
    before,
    ledger,
    observation,
    group,
    trigger,
    now,
    layers,
    tracking,
    pairs: undefined,
    blockers: [],
  };
}

/** Whoever sees the group has reached its provider. */
function reached(ledger: Ledger): Ledger {
  return ledger.unreached ? { ...ledger, unreached: undefined } : ledger;
}

export function pairsIn(context: DecisionContext): Pairs {
  context.pairs ??= pairsOf(context.ledger.grants, context.observation.windows);
  return context.pairs;
}

/** A rule's alarm: what the event said when it is newer than what was described. */
export function alarmOf(context: DecisionContext, rule: CompiledRule): AlarmState | undefined {
  const observed = context.observation.alarms?.[rule.name];
  const { trigger } = context;
  if (trigger.kind !== 'alarm' || trigger.rule !== rule.name) return observed;
  return observed === undefined || trigger.state.since > observed.since ? trigger.state : observed;
}

/** The capacity before the oldest scale-out whose servers are still coming; undefined: none is. */
export function capacityBeforeScaleOut(ledger: Ledger): number | undefined {
  for (const { from, to, endedAt } of ledger.open) if (to > from && endedAt === undefined) return from;
  return undefined;
}

/**
 * Units of finished scale-outs that are still warming up (`defaultInstanceWarmup`), and when the last of them is warm. Whoever
 * leaves may be one of those that had come by then, and none of those that come later.
 */
export function warmingUp({ policy, ledger, now }: DecisionContext): {
  readonly servers: number;
  readonly until: Instant;
} {
  if (ledger.warming.length === 0) return { servers: 0, until: now };
  const early = policy.warmupMs - policy.ruleWarmupMs;
  const cold = ledger.warming.filter(([warmAt]) => warmAt - early > now);
  let servers = 0;
  for (const [index, [warmAt, came]] of cold.entries()) {
    const next = cold[index + 1]?.[0] ?? Number.POSITIVE_INFINITY;
    const left = leftBetween(ledger.changes, warmAt - policy.warmupMs, next - policy.warmupMs);
    servers = Math.max(0, servers + came - left);
  }
  return { servers, until: cold.reduce((until, [warmAt]) => Math.max(until, warmAt - early), now) };
}

/**
 * The capacity that carries what is measured: desired without what is still coming or warming up. A rule's step is counted
 * from it, so that no step is answered twice, and a higher one only by what is missing.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html#as-step-scaling-warmup
 */
export function carryingCapacity(context: DecisionContext): number {
  const { ledger, group } = context;
  const arrived = Math.min(group.desired, capacityBeforeScaleOut(ledger) ?? group.desired);
  return Math.max(0, arrived - warmingUp(context).servers);
}

/** Repeatable: the same decision of the same ledger has the same id; a ledger that was lost does not repeat old ones. */
export function activityId({ policy, before, now }: DecisionContext, requestId?: string): string {
  if (requestId !== undefined) return `${policy.name}-${requestId}`;
  return `${policy.name}-${before.version + 1}-${new Date(now).toISOString()}`;
}
