import { capacityAfter, ruleState } from './alarm-rules.ts';
import { decide } from './decide.ts';
import type { Blocker, Decision } from './decision.ts';
import {
  alarmOf,
  capacityBeforeScaleOut,
  carryingCapacity,
  contextOf,
  type DecisionContext,
  warmingUp,
} from './decision-context.ts';
import { titleOf } from './grants.ts';
import { followersOf, goalWith } from './layers.ts';
import type { Grant, Ledger } from './ledger.ts';
import type { Instant, Observation, Reading } from './observation.ts';
import type { Outlook } from './outlook.ts';
import type { CompiledRule, CompiledTarget, Policy } from './policy.ts';
import { stillWarming } from './scale-out.ts';
import { watchesAnother } from './stale-alarms.ts';

/** What one layer holds now. */
export interface LayerNow {
  readonly layer: 'base' | 'granted' | 'tracked' | 'floor' | 'lifted' | 'maximum' | 'goal';
  readonly by: string;
  readonly servers: number;
  /** When it ends by itself, epoch milliseconds. */
  readonly until?: Instant | undefined;
  /** What it is, and what would change it. */
  readonly message: string;
}

/** What one rule says now. */
export interface RuleNow {
  readonly rule: string;
  readonly kind: 'alarm' | 'target' | 'objective' | 'leader';
  /**
   * It asks for another capacity; it would, but something keeps it from asking; its newest period breaches, and more must; it is
   * content; it cannot tell.
   */
  readonly state: 'asks' | 'waits' | 'nears' | 'content' | 'unknown';
  /** The capacity that it asks for, or would ask for. */
  readonly servers?: number | undefined;
  /** When it may ask again, or is about to, epoch milliseconds. */
  readonly until?: Instant | undefined;
  /** What it says, and what would change it. */
  readonly message: string;
}

/** Why a group has as many servers as it has, and what would change that. */
export interface Explanation {
  readonly desired: number;
  readonly goal: number;
  readonly decision: Decision;
  readonly layers: readonly LayerNow[];
  readonly rules: readonly RuleNow[];
}

/**
 * Asks every layer and every rule of a group what it has to say about now. Changes nothing.
 * @returns undefined when the group does not exist or was not met yet: there is nothing to explain
 */
export function explain(
  policy: Policy,
  ledger: Ledger | undefined,
  observation: Observation,
  now: Instant,
  outlooks: ReadonlyMap<string, Outlook> = new Map(),
): Explanation | undefined {
  const { group } = observation;
  if (!group || !ledger) return undefined;
  const context = contextOf(policy, ledger, observation, group, { kind: 'sweep' }, now);
  return {
    desired: group.desired,
    goal: context.layers.goal,
    decision: decide(policy, ledger, observation, { kind: 'sweep' }, now),
    layers: layersNow(context),
    rules: [
      ...[...new Set([...policy.scaleOutRules, ...policy.scaleInRules])].map((rule) =>
        alarmNow(context, rule, outlooks.get(rule.name)),
      ),
      ...policy.targets.map((target) => targetNow(context, target)),
      ...objectiveNow(context),
      ...leaderNow(context),
    ],
  };
}

function layersNow(context: DecisionContext): LayerNow[] {
  const { layers, ledger, policy } = context;
  const { own, maximum, goal } = layers;
  const base = own > ledger.base ? `${ledger.base}, but at least ${own} must be` : `${own}`;
  const changedBy = 'alarms, people and changes from outside change it';
  const granted = ledger.grants.filter(({ servers }) => servers !== 0);
  const allows = `${maximum.holder.name} allows at most ${maximum.servers}`;
  return [
    layer('base', policy.name, own, `the group's own capacity is ${base}: ${changedBy}`),
    ...granted.map((grant) => grantNow(context, grant)),
    ...floorsNow(context),
    ...liftedNow(context),
    layer('maximum', maximum.holder.name, maximum.servers, allows),
    layer('goal', policy.name, goal, `together that makes ${goal}`),
  ];
}

function floorsNow({ layers: { tracked, lifted, floor }, ledger }: DecisionContext): LayerNow[] {
  const floors: LayerNow[] = [];
  if (ledger.tracked) {
    const message = `the load needs ${tracked + lifted}${lifted > 0 ? `, ${lifted} of them lifted` : ''}`;
    floors.push(layer('tracked', ledger.tracked.by, tracked, message));
  }
  if (floor) {
    const { servers, holder } = floor;
    floors.push(layer('floor', holder.name, servers, `${holder.name} asks for at least ${servers}`));
  }
  return floors;
}

function liftedNow({ layers, policy }: DecisionContext): LayerNow[] {
  const { lifted } = layers;
  if (lifted === 0) return [];
  const message = `steps by alarms, people and the outside add +${lifted} to what holds the group up: base has them once nothing does`;
  return [layer('lifted', policy.name, lifted, message)];
}

function layer(name: LayerNow['layer'], by: string, servers: number, message: string): LayerNow {
  return { layer: name, by, servers, message };
}

function grantNow({ policy, now }: DecisionContext, grant: Grant): LayerNow {
  const { name, servers, releasing, until } = grant;
  const message = releasing
    ? `${titleOf(grant)} is over, and its ${signed(servers)} are given back as soon as the others can carry the load`
    : `${titleOf(grant)} adds ${signed(servers)} until ${policy.formatTime(until, now)}`;
  return { layer: 'granted', by: name, servers, until, message };
}

/** @param outlook undefined: nobody has looked, or nothing is known of the newest period */
export function alarmNow(
  context: DecisionContext,
  rule: CompiledRule,
  outlook: Outlook | undefined,
): RuleNow {
  const { policy, group, now } = context;
  const said = { rule: rule.name, kind: 'alarm' } as const;
  const alarm = alarmOf(context, rule);
  if (!alarm) return { ...said, state: 'unknown', message: `${rule.name} has no alarm: deploy the fleet` };
  const servers = wouldAskFor(context, rule);
  const wantsIn = servers !== undefined && servers < group.desired;
  const scalesIn = wantsIn || !policy.scaleOutRules.includes(rule);
  const state = ruleState(context, rule, scalesIn ? 'in' : 'out');
  if (state?.kind === 'blocked') return { ...said, state: 'waits', servers, ...told(state.blocker) };
  const waits = state && waitsForServers(context, rule, scalesIn);
  if (waits) return { ...said, state: 'waits', servers, ...waits };
  const stays = servers === group.desired && `the group stays at ${servers}`;
  const asks = `asks for ${servers ?? 'a step'}`;
  if (state) {
    const message = `${rule.name} is in ALARM${moved(context, rule)}${stays ? `, but ${stays}` : ` and ${asks}`}`;
    return { ...said, state: stays ? 'waits' : 'asks', servers, message };
  }
  const { standsBehind } = context.observation;
  if (watchesAnother(alarm, standsBehind)) {
    const behind = standsBehind ?? 'none';
    const message = `${rule.name} watches ${alarm.watches}, but the target group stands behind ${behind} now: it hears nothing`;
    return { ...said, state: 'unknown', servers, message };
  }
  const near = nearing(context, rule, outlook, servers);
  if (near) return { ...said, state: 'nears', servers, ...near };
  const since = policy.formatTime(alarm.since, now);
  const then = `${stays ? `${stays} even` : `it ${asks}`} once ${condition(context, rule)}`;
  const message = `${rule.name} is ${alarm.value} since ${since}: ${then}`;
  return { ...said, state: alarm.value === 'OK' ? 'content' : 'unknown', servers, message };
}

/** What is coming or warming up answers a rule that wants no more than that, and holds one that scales in. */
function waitsForServers(
  context: DecisionContext,
  rule: CompiledRule,
  scalesIn: boolean,
): ReturnType<typeof told> | undefined {
  const { group, ledger } = context;
  const { servers, until } = warmingUp(context);
  const isComing = capacityBeforeScaleOut(ledger) !== undefined;
  if (!isComing && servers === 0) return undefined;
  const wanted = scalesIn ? undefined : capacityAfter(context, rule, carryingCapacity(context));
  if (wanted?.kind === 'servers' && wanted.servers > group.desired) return undefined;
  const why = isComing ? 'servers of a scale-out are still coming' : stillWarming(context, until);
  return {
    message: `${rule.name} is in ALARM${moved(context, rule)}, but ${why}`,
    until: isComing ? undefined : until,
  };
}

function told({ message, until }: Blocker): Pick<RuleNow, 'message' | 'until'> {
  return { message, until };
}

/** "cpu-high: cpu is 99.75, above 70: 1 of 3 periods; acts about 16:21 (+2)"; undefined where it would change nothing. */
function nearing(
  { policy, group, now, ledger }: DecisionContext,
  { name, metricName, threshold, above, cooldownMs }: CompiledRule,
  outlook: Outlook | undefined,
  servers: number | undefined,
): Pick<RuleNow, 'message' | 'until'> | undefined {
  if (outlook?.actsAt === undefined || servers === undefined || servers === group.desired) return undefined;
  const { value, breaching, periods, actsAt } = outlook;
  const coolAt = (ledger.rules[name]?.lastCompletedAt ?? Number.NEGATIVE_INFINITY) + cooldownMs;
  const until = Math.max(actsAt, coolAt);
  const side = above ? 'above' : 'below';
  const acts = `acts about ${policy.formatTime(until, now)} (${signed(servers - group.desired)})`;
  const message = `${name}: ${metricName} is ${rounded(value)}, ${side} ${threshold}: ${breaching} of ${periods} periods; ${acts}`;
  return { message, until };
}

/** " (now 83.2)": the value that an alarm is red for, where it is known. */
function moved({ observation }: DecisionContext, { metricKey }: CompiledRule): string {
  const value = observation.metrics[metricKey];
  return value?.known ? ` (${reading(value)})` : '';
}

/** Within what the other layers leave to a rule. */
function wouldAskFor(context: DecisionContext, rule: CompiledRule): number | undefined {
  const { group, layers } = context;
  const after = capacityAfter(context, rule, group.desired);
  if (after.kind !== 'servers') return undefined;
  const least = Math.min(group.desired, goalWith(layers, layers.minimum, layers.granted, 0));
  const most = Math.max(group.desired, layers.maximum.servers);
  return Math.min(Math.max(after.servers, least), most);
}

/** "cpu is above 70 (now 41.2)" */
function condition({ observation }: DecisionContext, rule: CompiledRule): string {
  const { metricName, threshold, above, inclusive, metricKey } = rule;
  const side = `${inclusive ? 'at or ' : ''}${above ? 'above' : 'below'}`;
  return `${metricName} is ${side} ${threshold} (${reading(observation.metrics[metricKey])})`;
}

function targetNow(
  { observation, tracking, group, layers }: DecisionContext,
  target: CompiledTarget,
): RuleNow {
  const { name, metricKey, targetValue } = target;
  const value = observation.metrics[metricKey];
  const said = { rule: name, kind: 'target' } as const;
  const message = `${name} is to be kept at ${targetValue} (${reading(value)})`;
  if (!value?.known) return { ...said, state: 'unknown', message };
  if (tracking.missing) return { ...said, state: 'waits', message: `${message}; ${tracking.message}` };
  if (tracking.by !== name)
    return { ...said, state: 'content', message: `${message}; another asks for more` };
  const servers = layers.tracked + layers.lifted;
  const state = servers === group.desired ? 'content' : tracking.note ? 'waits' : 'asks';
  return { ...said, state, servers, message: `${message}, and asks for ${servers}` };
}

function objectiveNow({
  policy,
  tracking,
  layers,
  group,
  observation: { forecast },
}: DecisionContext): RuleNow[] {
  if (policy.forecast === 'floor') {
    const { need, message = 'there is no forecast yet' } = forecast ?? {};
    const wants = (need ?? 0) > group.desired ? 'asks' : 'content';
    const state = need === undefined ? 'unknown' : wants;
    return [{ rule: 'forecast', kind: 'objective', state, servers: need, message }];
  }
  if (policy.forecast !== 'tracks') return [];
  const servers = layers.tracked + layers.lifted;
  const asks = servers === group.desired ? 'content' : 'asks';
  const state = tracking.missing ? 'unknown' : tracking.note ? 'waits' : asks;
  return [{ rule: 'objective', kind: 'objective', state, servers, message: tracking.message }];
}

function leaderNow({ policy, observation: { leader }, group: { desired } }: DecisionContext): RuleNow[] {
  if (!policy.follows) return [];
  const { group, ratio } = policy.follows;
  const said = { rule: group, kind: 'leader' } as const;
  if (!leader) return [{ ...said, state: 'unknown', message: `follows ${group}, which cannot be seen` }];
  const servers = followersOf(leader, ratio);
  const has = `has ${leader.inService} of ${leader.desired} servers`;
  const message = `follows ${group}, which ${has}: at ${ratio} for each that makes ${servers}`;
  return [{ ...said, state: servers > desired ? 'asks' : 'content', servers, message }];
}

function reading(value: Reading | undefined): string {
  return value?.known ? `now ${rounded(value.value)}` : 'now unknown';
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function signed(servers: number): string {
  return servers < 0 ? `−${-servers}` : `+${servers}`;
}
