import { capacityAfter, type RuleState, ruleState } from './domain/alarm-rules.ts';
import type { Reading } from './domain/observation.ts';
import type { CompiledRule } from './domain/policy.ts';
import { type Scene, sceneOf } from './domain/scene.ts';
import { readingsOf } from './group-metrics.ts';
import type { GroupState } from './group-state.ts';
import type { House } from './house.ts';
import { readMetrics } from './observe.ts';

/** What one rule says now, and what would change it. */
export interface RuleNow {
  readonly rule: string;
  readonly kind: 'alarm' | 'target' | 'objective' | 'leader';
  /** One sentence. */
  readonly message: string;
}

/** Asks each rule of a group what it has to say about now. Writes nothing. */
export async function explainRules(house: House, state: GroupState): Promise<RuleNow[]> {
  const { group, observation, ledger, at } = state;
  const { policy } = group;
  if (!observation.group || !ledger) return [];
  const scalingGroups = new Map([[group.scalingGroup, observation.group]]);
  const readings = await readMetrics(house, [group], scalingGroups, at, () => policy.metrics);
  const metrics = readingsOf(group, policy.metrics, readings);
  const scene = sceneOf(
    policy,
    ledger,
    { ...observation, metrics },
    observation.group,
    { kind: 'sweep' },
    at,
  );
  const rules = [...policy.scaleOutRules, ...policy.scaleInRules];
  return [
    ...rules.map((rule) => ({ rule: rule.name, kind: 'alarm' as const, message: ruleSentence(scene, rule) })),
    ...targetSentences(scene),
    ...leaderSentence(scene),
  ];
}

function ruleSentence(scene: Scene, rule: CompiledRule): string {
  const { observation, group, policy } = scene;
  const alarm = observation.alarms?.[rule.name];
  if (!alarm) return `${rule.name} has no alarm: deploy the fleet`;
  const state = ruleState(scene, rule);
  if (!state)
    return `${rule.name} is ${alarm.value} since ${policy.formatTime(alarm.since)}: ${wouldAsk(scene, rule)}`;
  return state.fires
    ? asks(scene, rule, group.desired)
    : (state as RuleState & { fires: false }).blocker.message;
}

function asks(scene: Scene, rule: CompiledRule, desired: number): string {
  const capacity = capacityAfter(scene, rule, desired);
  if (typeof capacity === 'number') return `${rule.name} is in ALARM and asks for ${capacity}`;
  return capacity === 'metrics' ? `${rule.name} is in ALARM` : capacity.message;
}

/** "it asks for 7 once cpu is above 70 (now 41.2)" */
function wouldAsk(scene: Scene, rule: CompiledRule): string {
  const { metricName, threshold, above, inclusive, metricKey } = rule;
  const capacity = rule.steps ? undefined : capacityAfter(scene, rule, scene.group.desired);
  const what = typeof capacity === 'number' ? `it asks for ${capacity}` : 'it asks for a step';
  const side = `${inclusive ? 'at or ' : ''}${above ? 'above' : 'below'}`;
  return `${what} once ${metricName} is ${side} ${threshold} (${readingWords(scene.observation.metrics[metricKey])})`;
}

function readingWords(reading: Reading | undefined): string {
  if (!reading?.known) return 'now unknown';
  return `now ${Math.round(reading.value * 100) / 100}`;
}

function targetSentences({ policy, observation, tracking }: Scene): RuleNow[] {
  if (policy.forecast === 'tracks')
    return [{ rule: 'objective', kind: 'objective', message: tracking.message }];
  return policy.targets.map(({ name, metricKey, targetValue }) => {
    const now = readingWords(observation.metrics[metricKey]);
    const wins = tracking.by === name ? ', and asks for most' : '';
    return { rule: name, kind: 'target', message: `${name} is to be kept at ${targetValue} (${now})${wins}` };
  });
}

function leaderSentence({ policy, observation: { leader } }: Scene): RuleNow[] {
  if (!policy.follows) return [];
  const { group, ratio } = policy.follows;
  const message = leader
    ? `follows ${group}, which has ${leader.inService} of ${leader.desired} servers, at ${ratio} each`
    : `follows ${group}, which is not there`;
  return [{ rule: group, kind: 'leader', message }];
}
