import { breaches, takesAway } from './alarm-rules.ts';
import type { Ask } from './ask.ts';
import { fewestAllowed } from './behavior.ts';
import { blockerOf } from './blockers.ts';
import type { Allowed, Blocker, Need } from './decision.ts';
import { guarded } from './flap-guard.ts';
import { alarmOf, capacityBeforeScaleOut, type Scene } from './scene.ts';

type Least = Exclude<Allowed, { kind: 'blocked' }>;

function least(servers: number): Least {
  return { kind: 'servers', servers };
}

function unknown(need: Need): Least {
  return { kind: 'unknown', need };
}

/**
 * How far a scale-in may go now: at least to what is asked for, at most to where it is. Whatever shrinks or refuses it is
 * among the scene's blockers.
 * @returns unknown when something must be looked up first
 */
export function leastAllowed(scene: Scene, ask: Ask): Least {
  const { group, observation, ledger, policy, now } = scene;
  if (observation.alarms === undefined && policy.scaleOutRules.length > 0) return unknown('alarms');
  const waits = waitsFor(scene, ask);
  if (waits === 'metrics') return unknown('metrics');
  if (waits) return blocked(scene, waits);
  const paced = Math.max(
    ask.to,
    fewestAllowed(policy.behavior.scaleDown, ledger.changes, group.desired, now),
  );
  if (paced > ask.to) scene.blockers.push(pace(scene, ask, paced));
  if (paced >= group.desired) return least(group.desired);
  if (observation.instanceRefresh === undefined) return unknown('instanceRefresh');
  if (observation.instanceRefresh !== null) {
    const why = `an instance refresh is ${observation.instanceRefresh}`;
    return blocked(scene, blockerOf(ask, 'InstanceRefreshing', why));
  }
  const guard = guarded(scene, paced, ask);
  if (guard.needsMetrics) return unknown('metrics');
  if (guard.blocker) scene.blockers.push(guard.blocker);
  return guard.to < group.desired && goesByLoad(ask) ? unlessDenied(scene, ask, guard.to) : least(guard.to);
}

function goesByLoad({ cause }: Ask): boolean {
  return cause === 'alarm' || cause === 'metric' || cause === 'forecast';
}

/** A load that seems to fall while its servers are sick, or as busy as before, is one that is not measured any more. */
function unlessDenied(scene: Scene, ask: Ask, to: number): Least {
  const { observation, policy, group } = scene;
  if (policy.doubted.length === 0 && group.targetGroups.length === 0) return least(to);
  const { contradiction } = observation;
  if (contradiction === undefined) return unknown('contradiction');
  if (contradiction === null) return least(to);
  return blocked(scene, blockerOf(ask, 'MetricContradicted', contradiction));
}

function blocked(scene: Scene, blocker: Blocker): Least {
  scene.blockers.push(blocker);
  return least(scene.group.desired);
}

/** Scale-in waits for alarms that want the opposite, for what is coming, and, unless a schedule or a person asks, for data. */
function waitsFor(scene: Scene, ask: Ask): Blocker | 'metrics' | undefined {
  if (capacityBeforeScaleOut(scene.ledger) !== undefined)
    return blockerOf(ask, 'ScaleOutInFlight', 'servers of a scale-out are still coming');
  const why = unknownFloor(scene);
  if (why) return blockerOf(ask, 'MetricMissing', why);
  const needsData = ask.cause !== 'schedule' && ask.cause !== 'manual';
  for (const rule of scene.policy.scaleOutRules) {
    const alarm = alarmOf(scene, rule);
    if (alarm?.value === 'ALARM' && takesAway(scene, rule)) continue;
    if (alarm?.value === 'ALARM') return blockerOf(ask, 'ScaleOutAlarmActive', `${rule.name} is in ALARM`);
    if (!needsData || rule.silenceIsFine || alarm?.value === 'OK') continue;
    const missing = `${rule.name} has no ${alarm ? 'data' : 'alarm: deploy the fleet'}`;
    if (!alarm || !rule.hasEvidence) return blockerOf(ask, 'AlarmDataMissing', missing);
    const reading = scene.observation.metrics[rule.metricKey];
    if (reading === undefined) return 'metrics';
    if (!reading.known || breaches(rule, reading.value)) return blockerOf(ask, 'AlarmDataMissing', missing);
  }
  return undefined;
}

/** What is unknown might ask for more than is there. */
function unknownFloor({ policy, observation, tracking }: Scene): string | undefined {
  if (tracking.missing) return tracking.message;
  if (policy.follows && !observation.leader) return `the capacity of ${policy.follows.group} is unknown`;
  return undefined;
}

function pace({ policy }: Scene, ask: Ask, fewest: number): Blocker {
  return policy.behavior.scaleDown.selectPolicy === 'Disabled'
    ? blockerOf(ask, 'ScalingDisabled', 'behavior.scaleDown is Disabled')
    : blockerOf(ask, 'RateLimited', `behavior.scaleDown allows no fewer than ${fewest} now`);
}
