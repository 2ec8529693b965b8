import type { FleetWarning } from './fleet-warning.ts';
import type { Group } from './group.ts';
import type { AlarmRule, Metric } from './rule.ts';
import { scalesOut } from './scales-out.ts';
import type { ScheduleWindow } from './window.ts';

/** Whether one thing of the fleet file adds servers to a group that has none, and if not, why not. */
interface Waker {
  readonly path: string;
  readonly effect: 'wakes' | 'needs requests' | 'none';
  readonly why: string;
}

const turnedAway =
  'a load balancer without servers counts no requests: have an alarm on its HTTPCode_ELB_503_Count wake the group from 0';

/**
 * Judges by effect whether anything wakes a group from 0 servers: a percentage of nothing is nothing, a maximum adds nobody, and
 * a metric of the servers says nothing without servers.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html on RequestCount
 */
export function wakingWarnings({
  minSize,
  maxSize,
  instances,
  follows,
  schedules,
  alarms,
  targets,
  objective,
  forecast,
}: Group): FleetWarning[] {
  if (minSize > 0 || maxSize === 0 || instances.length > 0 || follows) return [];
  const wakers = [
    ...Object.entries(schedules).map(([name, window]) => ofWindow(`schedules.${name}`, window)),
    ...Object.entries(alarms).map(([name, rule]) => ofAlarm(`alarms.${name}`, rule)),
    ...targets.map(({ metric }, index) => ofLoad(`targets.${index}`, metric)),
    ...(objective ? [ofLoad('objective', objective.metric)] : []),
    ...(forecast ? [ofLoad('forecast', forecast.metric)] : []),
  ];
  if (wakers.some(({ effect }) => effect === 'wakes')) return [];
  const waiting = wakers.filter(({ effect }) => effect === 'needs requests');
  if (waiting.length > 0) return waiting.map(({ path, why: message }) => ({ path, message }));
  const reasons = wakers.map(({ path, why }) => `${path} ${why}`).join(', ');
  const message = `nothing wakes this group from 0 servers: ${reasons}; have a window add servers or ask for some (minSize), or an alarm or a target on a fleet total (perServer: false)`;
  return [{ path: 'minSize', message }];
}

function ofWindow(path: string, { scalingAdjustment, minSize = 0 }: ScheduleWindow): Waker {
  if (typeof scalingAdjustment === 'number' || minSize > 0) return { path, effect: 'wakes', why: '' };
  const why =
    scalingAdjustment === undefined
      ? 'only bounds it'
      : `adds ${scalingAdjustment} of nothing, which is none`;
  return { path, effect: 'none', why };
}

function ofAlarm(path: string, rule: AlarmRule): Waker {
  const none = (why: string): Waker => ({ path, effect: 'none', why });
  if (!scalesOut(rule)) return none('only scales in');
  const { metric, adjustmentType, minAdjustmentMagnitude = 0, scalingAdjustment, stepAdjustments } = rule;
  if (typeof metric === 'string' && metric !== 'requestsPerSecond')
    return none(`goes by ${metric}, which nobody measures without servers`);
  if (adjustmentType === 'PercentChangeInCapacity' && minAdjustmentMagnitude === 0)
    return none('adds a percentage of nothing, which is none (minAdjustmentMagnitude: 1 adds one)');
  const most = Math.max(
    scalingAdjustment ?? 0,
    ...(stepAdjustments ?? []).map((step) => step.scalingAdjustment),
  );
  if (most <= 0) return none('sets no servers');
  return ofLoad(path, metric, true);
}

/** @param counts does a custom metric count, also one that is per server? An alarm needs no servers to share it. */
function ofLoad(path: string, metric: Metric, counts = false): Waker {
  if (metric === 'requestsPerSecond') return { path, effect: 'needs requests', why: turnedAway };
  if (typeof metric === 'string')
    return { path, effect: 'none', why: `goes by ${metric}, which nobody measures without servers` };
  if (counts || !metric.perServer) return { path, effect: 'wakes', why: '' };
  return { path, effect: 'none', why: 'goes by an average over servers, and there are none (perServer)' };
}
