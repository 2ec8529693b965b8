import { decide } from '../domain/decide.ts';
import type { Decision, Need } from '../domain/decision.ts';
import type { Ledger } from '../domain/ledger.ts';
import { lossesWithinMs } from '../domain/lost-servers.ts';
import type { Instant, Observation } from '../domain/observation.ts';
import type { Trigger } from '../domain/trigger.ts';
import { contradictionOf } from './contradiction.ts';
import { readingsOf } from './group-metrics.ts';
import { alarmNames, alarmsOf, readMetrics } from './observe.ts';
import type { Scaler, ScalerGroup } from './scaler.ts';

/** A decision that knows all it asked for. */
export interface Informed {
  readonly decision: Decision;
  readonly observation: Observation;
}

/**
 * Decides, looks up what the decision needs to know, and decides again.
 * @param problems gathers look-ups that failed; the decision is then taken without them, on the safe side
 * @throws PortError when alarms cannot be read: without them nothing can be decided
 */
export async function decideWithLookups(
  scaler: Scaler,
  group: ScalerGroup,
  { observation: first, ledger }: { observation: Observation; ledger: Ledger | undefined },
  trigger: Trigger,
  problems: unknown[],
): Promise<Informed> {
  const now = scaler.ports.clock.now();
  const looked = new Set<Need>();
  let observation = first;
  for (;;) {
    const decision = decide(group.policy, ledger, observation, trigger, now);
    if (decision.needs.length === 0) return { decision, observation };
    for (const need of decision.needs) {
      if (looked.has(need)) throw new Error(`${group.name}: ${need} was looked up, and is asked for again`);
      looked.add(need);
      const since = ledger?.open[0]?.startedAt ?? now;
      const found = await lookUp[need]({ scaler, group, observation, now, since, problems });
      observation = { ...observation, ...found };
    }
  }
}

interface LookUp {
  readonly scaler: Scaler;
  readonly group: ScalerGroup;
  readonly observation: Observation;
  readonly now: Instant;
  /** When the oldest open activity began: launches that failed before are none of its. */
  readonly since: Instant;
  readonly problems: unknown[];
}

/** How each need is met. What cannot be read counts as the answer that changes least; what a provider knows nothing of is not there. */
const lookUp: Record<Need, (wanted: LookUp) => Promise<Partial<Observation>>> = {
  async healthy({ scaler, observation, problems }) {
    const { health } = scaler.ports;
    if (!health || !observation.group) return { healthy: null };
    return { healthy: await orElse(null, problems, health.healthy(observation.group)) };
  },
  async instanceRefresh({ scaler, group, problems }) {
    const { refresh } = scaler.ports;
    if (!refresh) return { instanceRefresh: null };
    const status = refresh.instanceRefresh(group.scalingGroup);
    return { instanceRefresh: await orElse('Unknown', problems, status) };
  },
  async launchFailure({ scaler, group, since, problems }) {
    const { launchFailures } = scaler.ports;
    if (!launchFailures) return { launchFailure: null };
    const failure = launchFailures.launchFailure(group.scalingGroup, since);
    return { launchFailure: await orElse('unreadable', problems, failure) };
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
    const scalingGroups = new Map(observation.group ? [[group.scalingGroup, observation.group]] : []);
    const uses = group.policy.metrics;
    const readings = await readMetrics(scaler, [group], scalingGroups, now, () => uses);
    return { metrics: readingsOf(group, uses, readings) };
  },
  async contradiction({ scaler, group, observation, now, problems }) {
    if (!observation.group) return { contradiction: null };
    const found = contradictionOf(scaler, group, observation.group, now);
    return { contradiction: await orElse(null, problems, found) };
  },
  async alarms({ scaler, group }) {
    return { alarms: alarmsOf(group, await scaler.ports.alarms.describe(alarmNames([group]))) };
  },
};

async function orElse<T, E>(fallback: E, problems: unknown[], answer: Promise<T>): Promise<T | E> {
  try {
    return await answer;
  } catch (problem) {
    problems.push(problem);
    return fallback;
  }
}
