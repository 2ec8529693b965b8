import type { Group } from './group.ts';
import { isOfCloudWatch } from './is-of-cloudwatch.ts';
import { isPrometheus } from './prometheus.ts';
import { providerOf } from './provider-kind.ts';
import type { AlarmRule } from './rule.ts';

/**
 * Does an alarm of CloudWatch watch this rule of the group? Where CloudWatch has no such metric, or has it in another region
 * than the functions, they judge the rule themselves (see `shared/domain/judge-rule.ts`).
 */
export function hasAlarm(group: Group, { metric }: Pick<AlarmRule, 'metric'>): boolean {
  if (typeof metric === 'object' && isPrometheus(metric)) return false;
  return providerOf(group).hasAlarms || isOfCloudWatch(group, metric);
}
