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
import { partyOf } from './grants.ts';
import { followersOf, goalWith } from './layers.ts';
import type { Grant, Ledger } from './ledger.ts';
import type { Instant, Observation, Reading } from './observation.ts';
import type { Outlook } from './outlook.ts';
import { nameOf } from './party.ts';
import type { CompiledRule, CompiledTarget, Policy } from './policy.ts';
import { whyNoFewer } from './scale-in.ts';
import type { Condition, Sentence } from './sentence.ts';
import { watchesAnother } from './stale-alarms.ts';

/** What one layer holds now. */
export interface LayerNow {
  readonly layer: 'base' | 'granted' | 'tracked' | 'floor' | 'lifted' | 'maximum' | 'goal';
  readonly by: string;
  readonly servers: number;
  /** When it ends by itself, epoch milliseconds. */
  readonly until?: Instant | undefined;
  /** What it is, and what would change it. */
  readonly why: Sentence;
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
  readonly why: Sentence;
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
  const granted = ledger.grants.filter(({ servers }) => servers !== 0);
  const { who } = maximum.holder;
  return [
    layer('base', policy.name, own, { key: 'ownCapacity', servers: own, base: Math.min(ledger.base, own) }),
    ...granted.map(grantNow),
    ...floorsNow(context),
    ...liftedNow(context),
    layer('maximum', nameOf(who), maximum.servers, {
      key: 'maximumIs',
      holder: who,
      servers: maximum.servers,
    }),
    layer('goal', policy.name, goal, { key: 'goalIs', servers: goal }),
  ];
}

function floorsNow({ layers: { tracked, lifted, floor }, ledger }: DecisionContext): LayerNow[] {
  const floors: LayerNow[] = [];
  if (ledger.tracked) {
    const why = { key: 'loadNeeds', servers: tracked + lifted, lifted } as const;
    floors.push(layer('tracked', ledger.tracked.by, tracked, why));
  }
  if (floor) {
    const { servers, holder } = floor;
    const { who } = holder;
    floors.push(layer('floor', nameOf(who), servers, { key: 'floorIs', holder: who, servers }));
  }
  return floors;
}

function liftedNow({ layers, policy }: DecisionContext): LayerNow[] {
  const { lifted } = layers;
  if (lifted === 0) return [];
  return [layer('lifted', policy.name, lifted, { key: 'stepsOnTop', servers: lifted })];
}

function layer(name: LayerNow['layer'], by: string, servers: number, why: Sentence): LayerNow {
  return { layer: name, by, servers, why };
}

function grantNow(grant: Grant): LayerNow {
  const { name, servers, releasing, until } = grant;
  const why: Sentence = releasing
    ? { key: 'grantIsReleasing', grant: partyOf(grant), servers }
    : { key: 'grantAdds', grant: partyOf(grant), servers, until };
  return { layer: 'granted', by: name, servers, until, why };
}

/** @param outlook undefined: nobody has looked, or nothing is known of the newest period */
export function alarmNow(
  context: DecisionContext,
  rule: CompiledRule,
  outlook: Outlook | undefined,
): RuleNow {
  const { policy, group } = context;
  const said = { rule: rule.name, kind: 'alarm' } as const;
  const alarm = alarmOf(context, rule);
  if (!alarm) return { ...said, state: 'unknown', why: { key: 'ruleHasNoAlarm', rule: rule.name } };
  const servers = wouldAskFor(context, rule);
  const wantsIn = servers !== undefined && servers < group.desired;
  const scalesIn = wantsIn || !policy.scaleOutRules.includes(rule);
  const state = ruleState(context, rule, scalesIn ? 'in' : 'out');
  if (state?.kind === 'blocked') return { ...said, state: 'waits', servers, ...told(state.blocker) };
  const waits = state && waitsForServers(context, rule, scalesIn);
  if (waits) return { ...said, state: 'waits', servers, ...waits };
  const stays = servers === group.desired ? servers : undefined;
  const because = stays === undefined ? undefined : whyItStays(context, rule);
  if (state) {
    const now = readingOf(context.observation.metrics[rule.metricKey]);
    const why: Sentence =
      stays === undefined
        ? { key: 'ruleAsks', rule: rule.name, now, servers }
        : { key: 'ruleStays', rule: rule.name, now, servers: stays, because };
    return { ...said, state: stays === undefined ? 'asks' : 'waits', servers, why };
  }
  const { standsBehind } = context.observation;
  if (watchesAnother(alarm, standsBehind)) {
    const watches = alarm.watches ?? '';
    const why = { key: 'ruleIsDeaf', rule: rule.name, watches, behind: standsBehind ?? undefined } as const;
    return { ...said, state: 'unknown', servers, why };
  }
  const near = nearing(context, rule, outlook, servers);
  if (near) return { ...said, state: 'nears', servers, ...near };
  const { value, since } = alarm;
  const why: Sentence = {
    key: 'ruleWaits',
    rule: rule.name,
    state: value,
    since,
    condition: condition(context, rule),
    servers,
    stays: stays === undefined ? undefined : true,
    because,
  };
  return { ...said, state: value === 'OK' ? 'content' : 'unknown', servers, why };
}

/** A rule whose step changes nothing has met a bound, which is not the rule's to say. */
function whyItStays(context: DecisionContext, rule: CompiledRule): Sentence | undefined {
  const { group, layers } = context;
  const after = capacityAfter(context, rule, group.desired);
  if (after.kind !== 'servers' || after.servers === group.desired) return undefined;
  const { servers, holder } = layers.maximum;
  return after.servers > group.desired
    ? { key: 'maximumIs', holder: holder.who, servers }
    : whyNoFewer(context, leastFor(context)).but;
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
  const but: Sentence = isComing ? { key: 'serversComing' } : { key: 'warmingUp', until };
  const now = readingOf(context.observation.metrics[rule.metricKey]);
  const why = { key: 'ruleInAlarmBut', rule: rule.name, now, but } as const;
  return { why, until: isComing ? undefined : until };
}

function told({ why, until }: Blocker): Pick<RuleNow, 'why' | 'until'> {
  return { why, until };
}

/** "cpu-high: cpu is 99.75, above 70: 1 of 3 periods; acts about 16:21 (+2)"; undefined where it would change nothing. */
function nearing(
  { group, ledger }: DecisionContext,
  { name, metricName, threshold, above, cooldownMs }: CompiledRule,
  outlook: Outlook | undefined,
  servers: number | undefined,
): Pick<RuleNow, 'why' | 'until'> | undefined {
  if (outlook?.actsAt === undefined || servers === undefined || servers === group.desired) return undefined;
  const { value, breaching, periods, actsAt } = outlook;
  const coolAt = (ledger.rules[name]?.lastCompletedAt ?? Number.NEGATIVE_INFINITY) + cooldownMs;
  const until = Math.max(actsAt, coolAt);
  const seen = { metric: metricName, value, above, threshold, breaching, periods };
  return {
    why: { key: 'ruleNears', rule: name, ...seen, at: until, change: servers - group.desired },
    until,
  };
}

/** Within what the other layers leave to a rule. */
function wouldAskFor(context: DecisionContext, rule: CompiledRule): number | undefined {
  const { group, layers } = context;
  const after = capacityAfter(context, rule, group.desired);
  if (after.kind !== 'servers') return undefined;
  const least = Math.min(group.desired, leastFor(context));
  const most = Math.max(group.desired, layers.maximum.servers);
  return Math.min(Math.max(after.servers, least), most);
}

/** What stays whatever rules that scale in ask for. */
function leastFor({ layers }: DecisionContext): number {
  return goalWith(layers, layers.minimum, layers.granted, 0);
}

function condition({ observation }: DecisionContext, rule: CompiledRule): Condition {
  const { metricName: metric, threshold, above, inclusive, metricKey } = rule;
  return { metric, above, inclusive, threshold, now: readingOf(observation.metrics[metricKey]) };
}

function targetNow(
  { observation, tracking, group, layers }: DecisionContext,
  { name, metricKey, targetValue }: CompiledTarget,
): RuleNow {
  const value = readingOf(observation.metrics[metricKey]);
  const said = { rule: name, kind: 'target' } as const;
  const why = { key: 'targetIs', metric: name, target: targetValue, value } as const;
  if (value === undefined) return { ...said, state: 'unknown', why };
  if (tracking.missing) return { ...said, state: 'waits', why: { ...why, but: tracking.why } };
  if (tracking.by !== name) return { ...said, state: 'content', why: { ...why, outvoted: true } };
  const servers = layers.tracked + layers.lifted;
  const state = servers === group.desired ? 'content' : tracking.note ? 'waits' : 'asks';
  return { ...said, state, servers, why: { ...why, servers } };
}

function objectiveNow({
  policy,
  tracking,
  layers,
  group,
  observation: { forecast },
}: DecisionContext): RuleNow[] {
  if (policy.forecast === 'floor') {
    const { need, why = { key: 'noForecast' } as const } = forecast ?? {};
    const wants = (need ?? 0) > group.desired ? 'asks' : 'content';
    const state = need === undefined ? 'unknown' : wants;
    return [{ rule: 'forecast', kind: 'objective', state, servers: need, why }];
  }
  if (policy.forecast !== 'tracks') return [];
  const servers = layers.tracked + layers.lifted;
  const asks = servers === group.desired ? 'content' : 'asks';
  const state = tracking.missing ? 'unknown' : tracking.note ? 'waits' : asks;
  return [{ rule: 'objective', kind: 'objective', state, servers, why: tracking.why }];
}

function leaderNow({ policy, observation: { leader }, group: { desired } }: DecisionContext): RuleNow[] {
  if (!policy.follows) return [];
  const { group, ratio } = policy.follows;
  const said = { rule: group, kind: 'leader' } as const;
  if (!leader) return [{ ...said, state: 'unknown', why: { key: 'leaderUnseen', group } }];
  const servers = followersOf(leader, ratio);
  const why = {
    key: 'leaderHas',
    group,
    inService: leader.inService,
    desired: leader.desired,
    ratio,
    servers,
  } as const;
  return [{ ...said, state: servers > desired ? 'asks' : 'content', servers, why }];
}

function readingOf(reading: Reading | undefined): number | undefined {
  return reading?.known ? reading.value : undefined;
}
