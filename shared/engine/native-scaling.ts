import { newsOf } from './news-of.ts';
import type { Scaler, ScalerGroup } from './scaler.ts';

/**
 * Scaling policies and scheduled actions of AWS's own fight with ours over the capacity of a group that was taken over:
 * people hear of them when the group is met. @throws PortError
 */
export async function warnOfNativeScaling(scaler: Scaler, group: ScalerGroup): Promise<void> {
  const { ports } = scaler;
  const { scalingGroup, config } = group;
  if (config.existing === undefined && config.ecs === undefined) return;
  const rules = (await ports.rivals?.nativeScaling(scalingGroup)) ?? [];
  if (rules.length === 0) return;
  const now = ports.clock.now();
  const news = { key: 'scalesByOtherRules', scalingGroup } as const;
  const notice = newsOf(scaler, group, now, news, { key: 'otherRulesFight', rules });
  await ports.events.publish([{ ...notice, urgent: false }]);
}
