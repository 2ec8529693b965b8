import { movedBy, takesAway } from './alarm-rules.ts';
import { fewestAllowed } from './behavior.ts';
import { blocked, blockerOf } from './blockers.ts';
import { breaches } from './breaches.ts';
import type { CapacityRequest } from './capacity-request.ts';
import type { Allowed, Blocked, Blocker, Need, Unknown } from './decision.ts';
import { alarmOf, capacityBeforeScaleOut, type DecisionContext } from './decision-context.ts';
import { guarded } from './flap-guard.ts';
import type { ReasonCode } from './reason.ts';
import type { Sentence } from './sentence.ts';

type Least = Exclude<Allowed, { kind: 'blocked' }>;

function least(servers: number): Least {
  return { kind: 'servers', servers };
}

function unknown(need: Need): Unknown {
  return { kind: 'unknown', need };
}

/**
 * How far a scale-in may go now: at least to what is asked for, at most to where it is. Whatever shrinks or refuses it is
 * among the context's blockers.
 * @returns unknown when something must be looked up first
 */
export function leastAllowed(context: DecisionContext, request: CapacityRequest): Least {
  const { group, observation, ledger, policy, now } = context;
  if (observation.alarms === undefined && policy.scaleOutRules.length > 0) return unknown('alarms');
  const waits = waitsFor(context, request);
  if (waits?.kind === 'unknown') return waits;
  if (waits) return heldBack(context, waits.blocker);
  const paced = Math.max(
    request.to,
    fewestAllowed(policy.behavior.scaleDown, ledger.changes, group.desired, now),
  );
  if (paced > request.to) context.blockers.push(pace(context, request, paced));
  if (paced >= group.desired) return least(group.desired);
  if (observation.instanceRefresh === undefined) return unknown('instanceRefresh');
  if (observation.instanceRefresh !== null) {
    const why = { key: 'refreshing', status: observation.instanceRefresh } as const;
    return heldBack(context, blockerOf(request, 'InstanceRefreshing', why));
  }
  const guard = guarded(context, paced, request);
  if (guard.kind === 'unknown') return guard;
  if (guard.blocker) context.blockers.push(guard.blocker);
  return guard.servers < group.desired && goesByLoad(request)
    ? unlessDenied(context, request, guard.servers)
    : least(guard.servers);
}

function goesByLoad({ cause }: CapacityRequest): boolean {
  return cause === 'alarm' || cause === 'metric' || cause === 'forecast';
}

/** A load that seems to fall while its servers are unhealthy, or as busy as before, is one that is not measured any more. */
function unlessDenied(context: DecisionContext, request: CapacityRequest, to: number): Least {
  const { observation, policy, group } = context;
  if (policy.doubted.length === 0 && group.trafficSources.length === 0) return least(to);
  const { contradiction } = observation;
  if (contradiction === undefined) return unknown('contradiction');
  if (contradiction === null) return least(to);
  return heldBack(context, blockerOf(request, 'MetricContradicted', contradiction));
}

function heldBack(context: DecisionContext, blocker: Blocker): Least {
  context.blockers.push(blocker);
  return least(context.group.desired);
}

/** Scale-in waits for alarms that want the opposite, for what is coming, and, unless a schedule or a person asks, for data. */
function waitsFor(context: DecisionContext, request: CapacityRequest): Blocked | Unknown | undefined {
  const waits = (code: ReasonCode, but: Sentence) => blocked(blockerOf(request, code, but));
  if (capacityBeforeScaleOut(context.ledger) !== undefined)
    return waits('ScaleOutInFlight', { key: 'serversComing' });
  const why = unknownFloor(context);
  if (why) return waits('MetricMissing', why);
  const needsData = request.cause !== 'schedule' && request.cause !== 'manual';
  for (const rule of context.policy.scaleOutRules) {
    const alarm = alarmOf(context, rule);
    if (alarm?.value === 'ALARM' && takesAway(context, rule)) continue;
    if (alarm?.value === 'ALARM')
      return waits('ScaleOutAlarmActive', {
        key: 'ruleInAlarm',
        rule: rule.name,
        moved: movedBy(context, rule, alarm),
      });
    if (!needsData || rule.silenceIsFine || alarm?.value === 'OK') continue;
    const missing = { key: alarm ? 'ruleHasNoData' : 'ruleHasNoAlarm', rule: rule.name } as const;
    if (!alarm || !rule.hasEvidence) return waits('AlarmDataMissing', missing);
    const reading = context.observation.metrics[rule.metricKey];
    if (reading === undefined) return unknown('metrics');
    if (!reading.known || breaches(rule, reading.value)) return waits('AlarmDataMissing', missing);
  }
  return undefined;
}

/** What is unknown might ask for more than is there. */
function unknownFloor({ policy, observation, tracking }: DecisionContext): Sentence | undefined {
  if (tracking.missing) return tracking.why;
  if (policy.follows && !observation.leader) return { key: 'leaderUnknown', group: policy.follows.group };
  return undefined;
}

function pace({ policy }: DecisionContext, request: CapacityRequest, fewest: number): Blocker {
  return policy.behavior.scaleDown.selectPolicy === 'Disabled'
    ? blockerOf(request, 'ScalingDisabled', { key: 'behaviorDisabled', direction: 'scaleDown' })
    : blockerOf(request, 'RateLimited', { key: 'behaviorLimits', direction: 'scaleDown', servers: fewest });
}
