import { newsOf } from './news-of.ts';
import type { Scaler, ScalerGroup } from './scaler.ts';

/**
 * Scaling policies and scheduled actions of AWS's own fight with ours over the capacity of a group that was taken over:
 * people hear of them when the group is met. @throws PortError
 */
export async function warnOfNativeScaling(scaler: Scaler, group: ScalerGroup): Promise<void> {
  const { ports } = scaler;
  const { scalingGroup, config } = group;
  if (config.launch !== undefined) return;
  const found = (await ports.rivals?.nativeScaling(scalingGroup)) ?? [];
  const rules = found.filter(({ isAsleep }) => !isAsleep).map((rule) => rule.name);
  if (rules.length === 0) return;
  const now = ports.clock.now();
  const news = { key: 'scalesByOtherRules', scalingGroup } as const;
  const key = config.mode === 'observe' ? 'otherRulesStay' : 'otherRulesFight';
  const notice = newsOf(scaler, group, now, news, { key, rules });
  await ports.events.publish([{ ...notice, urgent: false }]);
}
