import type { Activity } from '../domain/activity.ts';
import { decide } from '../domain/decide.ts';
import type { Decision, Need } from '../domain/decision.ts';
import type { Ledger } from '../domain/ledger.ts';
import { lossesWithinMs } from '../domain/lost-servers.ts';
import type { Instant, Observation, ScalingGroup } from '../domain/observation.ts';
import type { Trigger } from '../domain/trigger.ts';
import { contradictionOf } from './contradiction.ts';
import { readingsOf } from './group-metrics.ts';
import { readDatapoints } from './judged-rules.ts';
import { alarmsNow, readMetrics } from './observe.ts';
import type { Scaler, ScalerGroup } from './scaler.ts';

/** A decision that knows all it asked for. */
export interface Informed {
  readonly decision: Decision;
  readonly observation: Observation;
  /** Why something could not be looked up: the decision was taken without it, on the safe side. */
  readonly unread: readonly unknown[];
}

/**
 * Decides, looks up what the decision needs to know, and decides again.
 * @throws PortError when alarms cannot be read: without them nothing can be decided
 */
export async function decideWithLookups(
  scaler: Scaler,
  group: ScalerGroup,
  {
    observation: first,
    ledger,
    seenAt,
  }: { observation: Observation; ledger: Ledger | undefined; seenAt: Instant },
  trigger: Trigger,
): Promise<Informed> {
  const now = scaler.ports.clock.now();
  const looked = new Set<Need>();
  const unread: unknown[] = [];
  let observation = first;
  for (;;) {
    const decision = decide(group.policy, ledger, observation, trigger, now, seenAt);
    if (wantsToSay(decision, trigger, looked)) {
      looked.add('metrics');
      observation = { ...observation, ...(await metricsForWords(scaler, group, observation, now)) };
      continue;
    }
    if (decision.needs.length === 0) return { decision, observation, unread };
    for (const need of decision.needs) {
      if (looked.has(need)) throw new Error(`${group.name}: ${need} was looked up, and is asked for again`);
      looked.add(need);
      const since = ledger?.open[0]?.startedAt ?? now;
      let found: Partial<Observation>;
      try {
        found = await lookUp[need]({ scaler, group, observation, ledger, now, since });
      } catch (problem) {
        const instead = whenUnreadable[need];
        if (!instead) throw problem;
        unread.push(problem);
        found = instead;
      }
      observation = { ...observation, ...found };
    }
  }
}

/**
 * The sentence of a rule carries the value that moved it, which is worth a read where a sweep has it act again. An alarm's own event
 * has said it, and in a storm of events nobody reads metrics for a sentence.
 */
function wantsToSay(decision: Decision, { kind }: Trigger, looked: ReadonlySet<Need>): boolean {
  if (kind !== 'sweep' || looked.has('metrics')) return false;
  return decision.reason === 'AlarmScaleOut' || decision.activities.some(isRefusedRule);
}

/** A row that begins, and says of a rule that it is refused without what has moved it. */
function isRefusedRule({ why, trigger, endedAt, startedAt }: Activity): boolean {
  const begins = endedAt === undefined || endedAt === startedAt;
  return begins && trigger === 'alarm' && why.key === 'asksBut' && why.moved === undefined;
}

/** Nothing rests on them: where they cannot be read the sentence goes without. */
async function metricsForWords(
  scaler: Scaler,
  group: ScalerGroup,
  observation: Observation,
  now: Instant,
): Promise<Partial<Observation>> {
  try {
    return await lookUp.metrics({ scaler, group, observation, ledger: undefined, now, since: now });
  } catch {
    return {};
  }
}

interface LookUp {
  readonly scaler: Scaler;
  readonly group: ScalerGroup;
  readonly observation: Observation;
  readonly ledger: Ledger | undefined;
  readonly now: Instant;
  /** When the oldest open activity began: launches that failed before are none of its. */
  readonly since: Instant;
}

/** The one group, if it is there. */
function scalingGroupsOf(
  { scalingGroup }: ScalerGroup,
  { group }: Observation,
): ReadonlyMap<string, ScalingGroup> {
  return new Map(group ? [[scalingGroup, group]] : []);
}

/** How each need is met. What a provider knows nothing of is not there. */
const lookUp: Record<Need, (wanted: LookUp) => Promise<Partial<Observation>>> = {
  async healthy({ scaler, observation }) {
    const { health } = scaler.ports;
    if (!health || !observation.group) return { healthy: null };
    return { healthy: await health.healthy(observation.group) };
  },
  async instanceRefresh({ scaler, group }) {
    const { refresh } = scaler.ports;
    if (!refresh) return { instanceRefresh: null };
    return { instanceRefresh: await refresh.instanceRefresh(group.scalingGroup) };
  },
  async launchFailure({ scaler, group, since }) {
    const { launchFailures } = scaler.ports;
    if (!launchFailures) return { launchFailure: null };
    return { launchFailure: await launchFailures.launchFailure(group.scalingGroup, since) };
  },
  async lost({ scaler, group, now }) {
    const { losses } = scaler.ports;
    if (!losses) return { lost: null };
    try {
      return { lost: await losses.losses(group.scalingGroup, now - lossesWithinMs) };
    } catch (error) {
      // Nothing but the history waits for it, and the next sweep looks again.
      scaler.log.warn('what has become of servers cannot be read', { group: group.name, error });
      return { lost: null };
    }
  },
  async metrics({ scaler, group, observation, now }) {
    const scalingGroups = scalingGroupsOf(group, observation);
    const uses = group.policy.metrics;
    const readings = await readMetrics(scaler, [group], scalingGroups, now, () => uses);
    return { metrics: readingsOf(group, uses, readings) };
  },
  async contradiction({ scaler, group, observation, now }) {
    if (!observation.group) return { contradiction: null };
    return { contradiction: await contradictionOf(scaler, group, observation.group, now) };
  },
  async alarms({ scaler, group, observation, ledger, now }) {
    const scalingGroups = scalingGroupsOf(group, observation);
    const datapoints = await readDatapoints(scaler, [group], scalingGroups, now);
    const states = await scaler.ports.alarms.describe(group.alarms.map(([, alarm]) => alarm));
    return { alarms: alarmsNow(group, states, datapoints, ledger, now) };
  },
};

/** What counts as the answer when a need cannot be met: the one that changes least. Without alarms nothing can be decided. */
const whenUnreadable: Partial<Record<Need, Partial<Observation>>> = {
  healthy: { healthy: null },
  instanceRefresh: { instanceRefresh: 'Unknown' },
  launchFailure: { launchFailure: 'unreadable' },
  contradiction: { contradiction: null },
};
