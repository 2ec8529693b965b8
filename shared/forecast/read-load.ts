import { metricKey } from '../domain/metric-key.ts';
import type { Instant, ScalingGroup } from '../domain/observation.ts';
import type { MetricUse } from '../domain/policy.ts';
import { queriesFor } from '../engine/group-metrics.ts';
import type { HouseGroup } from '../engine/house.ts';
import { type MetricQuery, needsLoadBalancer } from '../fleet/metric-query.ts';
import type { LoadMinute } from '../objective/objective.ts';
import type { Ports } from '../ports/ports.ts';
import { type ForecastPolicy, forecastPolicy } from './forecast-policy.ts';
import { isMeasuredByServers, loadReader } from './load-reader.ts';

const minuteMs = 60_000;
const periodSeconds = 60;
/** Minutes before the first: which servers were warm then, and what they carried. */
const leadMinutes = 90;

/** Where one group's answers lie among those to all queries; -1: it has no such metric. */
interface Places {
  readonly group: HouseGroup;
  readonly policy: ForecastPolicy;
  readonly load: number;
  readonly inService: number;
  readonly desired: number;
}

/** What could be read of one group. */
export interface GroupLoad {
  readonly minutes: readonly LoadMinute[];
  /** What must be there and is not, in a sentence. */
  readonly lacks?: string | undefined;
}

/**
 * The load of groups that have an objective or a forecast, in servers, minute by minute in `[from, to)`, by group name. What is
 * not known is NaN. Minutes after the last datapoint are left out, as it may be on its way. A group of which something could
 * not be read is left out: that is its own fault, and nobody else's.
 * @throws PortError when nothing can be read
 */
export async function readLoad(
  ports: Ports,
  groups: readonly HouseGroup[],
  scalingGroups: ReadonlyMap<string, ScalingGroup>,
  from: Instant,
  to: Instant,
): Promise<ReadonlyMap<string, GroupLoad>> {
  const queries: MetricQuery[] = [];
  const loadBalancers = await loadBalancersOf(ports, groups, scalingGroups);
  const places = groups.map((group): Places => {
    const policy = forecastPolicy(group.config)!;
    const targetGroups = scalingGroups.get(group.scalingGroup)?.targetGroups ?? [];
    const [load] = queriesFor(group, [useOf(policy)], targetGroups, loadBalancers);
    const add = (query: MetricQuery) => queries.push(query) - 1;
    return {
      group,
      policy,
      load: load ? add(load) : -1,
      inService: add(groupQuery(group, 'GroupInServiceInstances')),
      desired: add(groupQuery(group, 'GroupDesiredCapacity')),
    };
  });
  const series = await ports.metrics.history(queries, from - leadMinutes * minuteMs, to);
  const loads = new Map<string, GroupLoad>();
  for (const place of places) {
    const { group } = place;
    const load = place.load < 0 ? new Float64Array() : series[place.load];
    const [inService, desired] = [series[place.inService], series[place.desired]];
    if (!load || !inService || !desired) continue;
    const desiredNow = scalingGroups.get(group.scalingGroup)?.desired ?? 0;
    const firstMinute = from / minuteMs - leadMinutes;
    const minutes = minutesOf(place.policy, { load, inService, desired }, firstMinute, desiredNow);
    loads.set(group.name, { minutes: minutes.slice(leadMinutes), lacks: lacking(place, load, inService) });
  }
  return loads;
}

/** Auto Scaling publishes nothing of a group until somebody switches its metrics on. */
function lacking({ group }: Places, load: Float64Array, inService: Float64Array): string | undefined {
  if (!load.some(Number.isFinite) || inService.some(Number.isFinite)) return undefined;
  return `the group metrics of ${group.scalingGroup} are off`;
}

async function loadBalancersOf(
  { groups: port }: Ports,
  groups: readonly HouseGroup[],
  scalingGroups: ReadonlyMap<string, ScalingGroup>,
): Promise<ReadonlyMap<string, string>> {
  const behind = groups
    .filter(({ config }) => needsLoadBalancer(forecastPolicy(config)!.metric))
    .flatMap(({ scalingGroup }) => scalingGroups.get(scalingGroup)?.targetGroups ?? []);
  return behind.length === 0 ? new Map() : port.loadBalancers(behind);
}

function useOf({ metric }: ForecastPolicy): MetricUse {
  const statistic = isMeasuredByServers(metric) ? 'Sum' : undefined;
  return { key: metricKey(metric, statistic, periodSeconds), metric, statistic, periodSeconds, always: true };
}

function groupQuery({ name, scalingGroup }: HouseGroup, metricName: string): MetricQuery {
  return {
    id: `${name} ${metricName}`,
    namespace: 'AWS/AutoScaling',
    metricName,
    dimensions: { AutoScalingGroupName: scalingGroup },
    statistic: 'Average',
    periodSeconds,
    divisor: 1,
  };
}

interface Measured {
  readonly load: Float64Array;
  readonly inService: Float64Array;
  readonly desired: Float64Array;
}

function minutesOf(
  policy: ForecastPolicy,
  { load, inService, desired }: Measured,
  firstMinute: number,
  desiredNow: number,
): LoadMinute[] {
  const known = load.findLastIndex(Number.isFinite) + 1;
  const warm = warmServers(inService, policy.objective.bootMinutes);
  const loadOf = loadReader(policy);
  let before = Number.NaN;
  return Array.from(load.subarray(0, known), (value, index) => {
    // A minute is looked at when the next has passed: what was desired then.
    const then = index === known - 1 ? desiredNow : desired[index + 1]!;
    before = loadOf(value, warm[index]!, inService[index]!, before);
    return {
      minute: firstMinute + index,
      load: before,
      inService: warm[index]!,
      desired: Number.isFinite(then) ? then : desiredNow,
    };
  });
}

/** Auto Scaling has a server in service as soon as it runs, long before it serves: those that have been since a boot time ago do. */
function warmServers(inService: Float64Array, bootMinutes: number): Float64Array {
  return inService.map((_, minute) =>
    Math.min(...inService.subarray(Math.max(0, minute - bootMinutes), minute + 1)),
  );
}
