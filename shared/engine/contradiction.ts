import { deniedFall, type SideBySide, unhealthyDrop } from '../domain/contradiction.ts';
import type { Instant, ScalingGroup } from '../domain/observation.ts';
import { isPerServer, type MetricUse } from '../domain/policy.ts';
import type { Sentence } from '../domain/sentence.ts';
import { metricName } from '../fleet/metric-name.ts';
import type { Metric } from '../fleet/rule.ts';
import { dayMs, minuteMs } from '../units.ts';
import { askedOf } from './group-metrics.ts';
import type { Scaler, ScalerGroup } from './scaler.ts';

/** A day, in periods that basic monitoring has too. */
const periodSeconds = 300;
const lookBackMs = dayMs;

/**
 * What speaks against the fall of a load by which a group is about to scale in: servers that are unhealthy, or as busy as before.
 * @returns what says so; null: nothing does, as far as it can be seen
 * @throws PortError
 */
export async function contradictionOf(
  { ports }: Scaler,
  group: ScalerGroup,
  scalingGroup: ScalingGroup,
  now: Instant,
): Promise<Sentence | null> {
  if (ports.health && scalingGroup.trafficSources.length > 0) {
    const healthy = await ports.health.healthy(scalingGroup);
    const inService = scalingGroup.servers.filter(({ lifecycle }) => lifecycle === 'ready');
    const unhealthy = unhealthyDrop(inService.filter(({ id }) => healthy.has(id)).length, inService.length);
    if (unhealthy) return unhealthy;
  }
  const { doubted } = group.policy;
  if (doubted.length === 0) return null;
  const use = (metric: Metric, statistic?: string): MetricUse => {
    return { key: `${doubted.indexOf(metric)} ${statistic}`, metric, statistic, periodSeconds, always: true };
  };
  const cpu = [use('cpu', 'Average'), use('cpu', 'Sum')];
  const to = Math.floor(now / minuteMs) * minuteMs;
  for (const metric of doubted) {
    const asked = askedOf(group, scalingGroup, [use(metric), ...cpu]);
    const [load, mean, sum] = await ports.metrics.history(asked, to - lookBackMs, to);
    if (!load || !mean || !sum) continue;
    const name = metricName(metric);
    const sides: SideBySide = { name, load, busy: isPerServer(metric) ? mean : sum, cpu: mean };
    const denied = deniedFall(sides);
    if (denied) return denied;
  }
  return null;
}
