import type { Ledger } from '../domain/ledger.ts';
import type {
  AlarmState,
  Forecast,
  Instant,
  Leader,
  Observation,
  Reading,
  ScalingGroup,
} from '../domain/observation.ts';
import type { MetricUse } from '../domain/policy.ts';
import { inServiceCapacity } from '../domain/servers.ts';
import { needsLoadBalancer } from '../fleet/metric-query.ts';
import type { AskedMetric } from '../ports/metrics.ts';
import type { Batch } from './batch.ts';
import { askedOf, named, readingsOf } from './group-metrics.ts';
import { type Datapoints, judgedAlarms, readDatapoints } from './judged-rules.ts';
import type { Scaler, ScalerGroup } from './scaler.ts';

/** What one look at many groups has found. */
export interface Look {
  /** When it was begun. */
  readonly at: Instant;
  readonly scalingGroups: ReadonlyMap<string, ScalingGroup>;
  /** By alarm name; undefined: not looked. */
  readonly alarms: ReadonlyMap<string, AlarmState> | undefined;
  /** What rules go by that have no alarm; undefined: not looked. */
  readonly datapoints: Datapoints | undefined;
  readonly readings: ReadonlyMap<string, Reading>;
  /** By group name, of groups that have an objective or a forecast. */
  readonly forecasts: ReadonlyMap<string, Forecast>;
  /** By group name, of groups whose alarms watch a load balancer: the one that stands before it now. */
  readonly balancers: ReadonlyMap<string, string | null>;
}

const noForecasts: ReadonlyMap<string, Forecast> = new Map();
const noBalancers: ReadonlyMap<string, string | null> = new Map();
const noReadings: ReadonlyMap<string, Reading> = new Map();
const none: readonly ScalerGroup[] = [];
/** What a look finds of what it does not ask for. */
const nothingMore = {
  datapoints: undefined,
  readings: noReadings,
  forecasts: noForecasts,
  balancers: noBalancers,
};
const noMetrics: Readonly<Record<string, Reading>> = {};

/**
 * Looks at the groups and their leaders in as few calls as there can be.
 * @param options.withAlarms false: a fresh alarm event has told enough; a decision that needs the others says so
 * @param options.elsewhere false: leaders of another source are not looked at
 * @throws PortError when the groups or their alarms cannot be read
 */
export async function look(
  scaler: Scaler,
  batch: Batch,
  now: Instant,
  { withAlarms = true, elsewhere = true } = {},
): Promise<Look> {
  const { ports } = scaler;
  const { judged, polled, forecast } = batch;
  const leaders = elsewhere ? batch.leaders : batch.leadersHere;
  const [scalingGroups, alarms] = await Promise.all([
    leaders.length === 0
      ? ports.groups.describe(batch.scalingGroups)
      : describeWithLeaders(scaler, batch.scalingGroups, leaders),
    withAlarms ? ports.alarms.describe(batch.alarms) : undefined,
  ]);
  const watching = alarms ? watchingOf(batch, alarms) : none;
  if (!batch.asksMore && watching.length === 0) return { ...nothingMore, at: now, scalingGroups, alarms };
  // All are begun before the first is waited for, and none of them ever throws.
  const datapoints =
    withAlarms && judged.length > 0 ? readDatapoints(scaler, judged, scalingGroups, now) : undefined;
  const readings =
    polled.length === 0 ? noReadings : readMetrics(scaler, polled, scalingGroups, now, polledMetrics);
  const forecasts =
    forecast.length === 0 ? noForecasts : scaler.forecaster(scaler, forecast, scalingGroups, now);
  const balancers = watching.length === 0 ? noBalancers : standsBehind(scaler, watching, scalingGroups);
  return {
    at: now,
    scalingGroups,
    alarms,
    datapoints: await datapoints,
    readings: await readings,
    forecasts: await forecasts,
    balancers: await balancers,
  };
}

/** Those with an alarm that watches a load balancer: mostly none. */
function watchingOf(
  { groups, alarms: names }: Batch,
  states: ReadonlyMap<string, AlarmState>,
): readonly ScalerGroup[] {
  const watches = (alarm: string) => states.get(alarm)?.watches !== undefined;
  return names.some(watches)
    ? groups.filter(({ alarms }) => alarms.some(([, alarm]) => watches(alarm)))
    : none;
}

/** By group name: the load balancer before it now, for a target group can be moved while alarms stay. Never throws. */
async function standsBehind(
  { ports, log }: Scaler,
  groups: readonly ScalerGroup[],
  scalingGroups: ReadonlyMap<string, ScalingGroup>,
): Promise<ReadonlyMap<string, string | null>> {
  if (!ports.loadBalancers) return noBalancers;
  try {
    const seen = groups.flatMap(({ scalingGroup }) => scalingGroups.get(scalingGroup) ?? []);
    const found = await ports.loadBalancers.standsBehind(seen);
    return new Map(groups.map(({ name, scalingGroup }) => [name, found.get(scalingGroup) ?? null]));
  } catch (error) {
    log.warn('load balancers cannot be read', { groups: groups.map(({ name }) => name), error });
    return noBalancers;
  }
}

/** A leader that cannot be described is unknown to its followers, and no reason to leave them alone. */
async function describeWithLeaders(
  { ports, log }: Scaler,
  own: readonly string[],
  foreign: readonly string[],
): Promise<ReadonlyMap<string, ScalingGroup>> {
  try {
    return await ports.groups.describe([...own, ...foreign]);
  } catch (error) {
    const found = new Map(await ports.groups.describe(own));
    for (const name of foreign) {
      try {
        for (const [key, leader] of await ports.groups.describe([name])) found.set(key, leader);
      } catch {
        log.warn('a leader cannot be described', { leader: name, error });
      }
    }
    return found;
  }
}

/**
 * What is true of one group, as far as `look` went.
 * @param ledger remembers alarms that nobody else keeps
 * @param leaderNow the leader, if it was changed after the look
 */
export function observationOf(
  { scalingGroups, alarms, datapoints, readings, forecasts, balancers }: Look,
  group: ScalerGroup,
  now: Instant,
  ledger: Ledger | undefined,
  leaderNow?: ScalingGroup,
): Observation {
  const { leader } = group;
  const leading = leader && (leaderNow ?? scalingGroups.get(leader.scalingGroup));
  return {
    group: scalingGroups.get(group.scalingGroup),
    alarms: alarms && alarmsNow(group, alarms, datapoints, ledger, now),
    windows: group.timetable.openAt(now),
    metrics: readings === noReadings ? noMetrics : readingsOf(group, polledMetrics(group), readings),
    leader: leading && asLeader(leader.name, leading),
    forecast: forecasts.get(group.name),
    standsBehind: balancers.get(group.name),
  };
}

/** Alarm states by rule name: CloudWatch's, and those that nobody but the look judges. */
export function alarmsNow(
  group: ScalerGroup,
  states: ReadonlyMap<string, AlarmState>,
  datapoints: Datapoints | undefined,
  ledger: Ledger | undefined,
  now: Instant,
): Record<string, AlarmState> {
  const byRule: Record<string, AlarmState> = {};
  for (const [rule, alarm] of group.alarms) {
    const state = states.get(alarm);
    if (state) byRule[rule] = state;
  }
  if (group.judgedRules.length === 0) return byRule;
  return { ...byRule, ...judgedAlarms(group, datapoints?.get(group), ledger, now) };
}

/**
 * Reads metrics of several groups. Never throws: what cannot be read is unknown, and a decision can live with that.
 * @param usesOf which of a group's metrics
 */
export async function readMetrics(
  { ports, log }: Scaler,
  groups: readonly ScalerGroup[],
  scalingGroups: ReadonlyMap<string, ScalingGroup>,
  now: Instant,
  usesOf: (group: ScalerGroup) => readonly MetricUse[],
): Promise<ReadonlyMap<string, Reading>> {
  const asked = groups.flatMap((group) =>
    askedOf(group, scalingGroups.get(group.scalingGroup), usesOf(group)),
  );
  const warn = (failed: readonly AskedMetric[], error?: unknown) =>
    log.warn('metrics cannot be read', {
      groups: [...new Set(failed.map(({ group }) => group.name))],
      error,
    });
  try {
    const readings = await ports.metrics.latest(asked, now);
    const failed = asked.filter((one, index) => !wasAnswered(readings[index]!) && isMeasured(one));
    if (failed.length > 0) warn(failed);
    return named(asked, readings);
  } catch (error) {
    warn(asked, error);
    return new Map();
  }
}

function wasAnswered(reading: Reading): boolean {
  return reading.known || reading.why !== 'failed';
}

/** What a load balancer measures is not to be had of a group without one. */
function isMeasured({ seen, use }: AskedMetric): boolean {
  return !needsLoadBalancer(use.metric) || (seen?.trafficSources.length ?? 0) > 0;
}

const polledMemo = new WeakMap<ScalerGroup, readonly MetricUse[]>();

/** Metrics that every look needs: those of targets. */
function polledMetrics(group: ScalerGroup): readonly MetricUse[] {
  let uses = polledMemo.get(group);
  if (!uses) {
    uses = group.policy.metrics.filter(({ always }) => always);
    polledMemo.set(group, uses);
  }
  return uses;
}

function asLeader(name: string, group: ScalingGroup): Leader {
  return { group: name, desired: group.desired, inService: inServiceCapacity(group) };
}
