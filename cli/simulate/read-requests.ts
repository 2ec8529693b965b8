import type { Instant } from '../../shared/domain/observation.ts';
import type { Scaler, ScalerGroup } from '../../shared/engine/scaler.ts';
import type { AskedMetric, AskedUse } from '../../shared/ports/metrics.ts';
import { dayMs, hourMs, minuteMs, minutesPerDay } from '../../shared/units.ts';
import { Failure } from '../failure.ts';

const leastMinutes = 30;
/** How long CloudWatch keeps datapoints of a period: the older, the coarser. */
const kept = [
  { newestDays: 0, oldestDays: 15, periodSeconds: 60 },
  { newestDays: 15, oldestDays: 63, periodSeconds: 300 },
  { newestDays: 63, oldestDays: 455, periodSeconds: 3600 },
] as const;

/** What a group was asked for: requests per minute, from `start` on. */
export interface Requests {
  readonly start: Instant;
  readonly load: Float64Array;
  /** How it was measured, for people. */
  readonly source: string;
}

/** How the requests per second of a period follow from metrics. */
interface Gauge {
  readonly source: string;
  readonly asked: (periodSeconds: number) => readonly AskedMetric[];
  readonly perSecond: (values: readonly number[]) => number;
}

/**
 * Reads a group's history out of CloudWatch: what its load balancer counted, or, without one, what its servers' CPU amounts to in
 * requests. Gaps are bridged by a straight line.
 * @throws Failure when there is next to none, PortError
 */
export async function readRequests(scaler: Scaler, group: ScalerGroup, days: number): Promise<Requests> {
  const end = Math.ceil(scaler.ports.clock.now() / hourMs) * hourMs;
  const start = end - days * dayMs;
  const { source, asked, perSecond } = await gaugeOf(scaler, group);
  const load = new Float64Array(days * minutesPerDay).fill(Number.NaN);
  for (const { newestDays, oldestDays, periodSeconds } of kept) {
    if (newestDays >= days) break;
    const from = end - Math.min(oldestDays, days) * dayMs;
    const metrics = asked(periodSeconds);
    const read = await scaler.ports.metrics.history(metrics, from, end - newestDays * dayMs);
    const series = read.flatMap((values) => values ?? []);
    if (series.length < metrics.length)
      throw new Failure(`CloudWatch does not tell ${source}.`, {
        advice: 'Is this user allowed to read it? cloudwatch:GetMetricData.',
      });
    const minutes = periodSeconds / 60;
    series[0]!.forEach((_, period) => {
      const first = (from - start) / minuteMs + period * minutes;
      load.fill(60 * perSecond(series.map((values) => values[period]!)), first, first + minutes);
    });
  }
  return { source, ...bridged(load, start) };
}

async function gaugeOf({ ports }: Scaler, group: ScalerGroup): Promise<Gauge> {
  const seen = (await ports.groups.describe([group.scalingGroup])).get(group.scalingGroup);
  const ask = (metric: AskedUse['metric'] & string, periodSeconds: number): AskedMetric => {
    return { group, seen, use: { key: metric, metric, statistic: undefined, periodSeconds } };
  };
  if (seen && seen.trafficSources.length > 0) {
    return {
      source: 'requests at its load balancer',
      asked: (periodSeconds) => [ask('requestsPerSecond', periodSeconds)],
      perSecond: ([requests]) => requests!,
    };
  }
  return {
    source: "requests by its servers' CPU",
    asked: (periodSeconds) => [ask('cpu', periodSeconds), ask('inServiceServers', periodSeconds)],
    perSecond: ([cpu, inService]) =>
      (cpu! / 100) * inService! * group.config.simulation.requestsPerSecondPerServer,
  };
}

/** From the first minute that is known to the last. */
function bridged(values: Float64Array, start: Instant): Pick<Requests, 'start' | 'load'> {
  const first = values.findIndex(Number.isFinite);
  const load = values.slice(Math.max(0, first), values.findLastIndex(Number.isFinite) + 1);
  if (load.length < leastMinutes)
    throw new Failure('CloudWatch has next to no load of this group.', {
      advice: 'Without a load balancer it takes the CPU of its servers and the metrics of the group.',
    });
  let known = 0;
  for (let minute = 1; minute < load.length; minute++) {
    if (!Number.isFinite(load[minute])) continue;
    const slope = (load[minute]! - load[known]!) / (minute - known);
    for (let gap = known + 1; gap < minute; gap++) load[gap] = load[known]! + slope * (gap - known);
    known = minute;
  }
  return { start: start + first * minuteMs, load };
}
