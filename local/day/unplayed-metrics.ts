import type { Group } from '../../shared/fleet/group.ts';
import { metricName } from '../../shared/fleet/metric-name.ts';
import { isPrometheus } from '../../shared/fleet/prometheus.ts';
import { customMetrics } from '../alibaba/alibaba-groups.ts';

/** What the world of the day measures: servers, load balancers, groups, and the agent on the servers. */
const played: readonly string[] = [
  'AWS/EC2',
  'AWS/ApplicationELB',
  'AWS/NetworkELB',
  'AWS/AutoScaling',
  'CWAgent',
  customMetrics,
];

/**
 * Metrics that a group's rules go by and that nobody publishes in a played day, such as the length of a queue: those rules
 * stay silent in it.
 */
export function unplayedMetrics({ alarms, targets, objective, forecast }: Group): string[] {
  const rules = [
    ...Object.values(alarms),
    ...targets,
    ...[objective, forecast].flatMap((rule) => rule ?? []),
  ];
  const names = rules.flatMap(({ metric }) =>
    typeof metric === 'string' || (!isPrometheus(metric) && played.includes(metric.namespace))
      ? []
      : [isPrometheus(metric) ? metricName(metric) : `${metric.namespace} ${metric.metricName}`],
  );
  return [...new Set(names)];
}
