import { metricKey } from '../domain/metric-key.ts';
import type { Instant, ScalingGroup } from '../domain/observation.ts';
import type { Scaler, ScalerGroup } from '../engine/scaler-group.ts';
import { needsLoadBalancer } from '../fleet/metric-query.ts';
import type { LoadMinute } from '../objective/objective.ts';
import type { AskedMetric, AskedUse, ServerCount } from '../ports/metrics.ts';
import { minuteMs } from '../units.ts';
import type { ForecastPolicy } from './forecast-policy.ts';
import { isMeasuredByServers, loadReader } from './load-reader.ts';

const periodSeconds = 60;
/** Minutes before the first: which servers were warm then, and what they carried. */
const leadMinutes = 90;

/** What could be read of one group. */
export interface GroupLoad {
  readonly minutes: readonly LoadMinute[];
  /** The scaling group that publishes no metrics of its own, though it has a load. */
  readonly metricsOff?: string | undefined;
}

/**
 * The load of groups that have an objective or a forecast, in servers, minute by minute in `[from, to)`, by group name. What is
 * not known is NaN. Minutes after the last datapoint are left out, as it may be on its way. A group of which something could
 * not be read is left out: that is its own fault, and nobody else's.
 * @throws PortError when nothing can be read
 */
export async function readLoad(
  { ports }: Pick<Scaler, 'ports'>,
  groups: readonly (readonly [ScalerGroup, ForecastPolicy])[],
  scalingGroups: ReadonlyMap<string, ScalingGroup>,
  from: Instant,
  to: Instant,
): Promise<ReadonlyMap<string, GroupLoad>> {
  const asked = groups.flatMap(([group, policy]): AskedMetric[] => {
    const seen = scalingGroups.get(group.scalingGroup);
    return usesOf(policy).map((use) => ({ group, seen, use }));
  });
  const answers = (await ports.metrics.history(asked, from - leadMinutes * minuteMs, to)).values();
  const loads = new Map<string, GroupLoad>();
  for (const [group, policy] of groups) {
    const [measured, inService, desired, cpu, healthy] = usesOf(policy).map(() => answers.next().value);
    // A group that has no such metric has no minutes; one whose metric could not be read is left out.
    const load = measured === undefined ? new Float64Array() : measured;
    if (!load || !inService || !desired) continue;
    const desiredNow = scalingGroups.get(group.scalingGroup)?.desired ?? 0;
    const firstMinute = from / minuteMs - leadMinutes;
    const minutes = minutesOf(policy, { load, inService, desired, healthy, cpu }, firstMinute, desiredNow);
    loads.set(group.name, {
      minutes: minutes.slice(leadMinutes),
      metricsOff: metricsOff(group, load, inService),
    });
  }
  return loads;
}

/** Auto Scaling publishes nothing of a group until somebody switches its metrics on. */
function metricsOff(group: ScalerGroup, load: Float64Array, inService: Float64Array): string | undefined {
  if (!load.some(Number.isFinite) || inService.some(Number.isFinite)) return undefined;
  return group.scalingGroup;
}

/** The load, the servers that carry it, and what else shows whether it can be believed: CPU is no evidence for itself. */
function usesOf(policy: ForecastPolicy): AskedUse[] {
  const uses = [useOf(policy), countOf('inServiceServers'), countOf('desiredServers')];
  if (isMeasuredByServers(policy.metric)) return uses;
  const cpu = { key: 'cpu', metric: 'cpu', statistic: 'Average', periodSeconds } as const;
  return needsLoadBalancer(policy.metric) ? [...uses, cpu, countOf('healthyServers')] : [...uses, cpu];
}

function useOf({ metric }: ForecastPolicy): AskedUse {
  const statistic = isMeasuredByServers(metric) ? 'Sum' : undefined;
  return { key: metricKey(metric, statistic, periodSeconds), metric, statistic, periodSeconds };
}

function countOf(metric: ServerCount): AskedUse {
  return { key: metric, metric, statistic: undefined, periodSeconds };
}

interface Measured {
  readonly load: Float64Array;
  readonly inService: Float64Array;
  readonly desired: Float64Array;
  /** Without it nobody but the last hours says whether the load can be believed. */
  readonly healthy: Float64Array | null | undefined;
  readonly cpu: Float64Array | null | undefined;
}

function minutesOf(
  policy: ForecastPolicy,
  { load, inService, desired, healthy, cpu }: Measured,
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
      healthy: healthy?.[index],
      cpu: cpu?.[index],
    };
  });
}

/** Auto Scaling has a server in service as soon as it runs, long before it serves: those that have been since a boot time ago do. */
function warmServers(inService: Float64Array, bootMinutes: number): Float64Array {
  return inService.map((_, minute) =>
    Math.min(...inService.subarray(Math.max(0, minute - bootMinutes), minute + 1)),
  );
}
