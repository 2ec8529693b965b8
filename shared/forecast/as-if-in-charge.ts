import { nowMinutes } from '../objective/load-model.ts';
import { type LoadMinute, Objective } from '../objective/objective.ts';
import type { ObjectivePolicy } from '../objective/objective-policy.ts';

/**
 * A past with the servers that the objective would have had. It learns its price from what was not served; from a past in which
 * others kept plenty of servers it would learn that servers are hardly ever needed.
 * @param minutes oldest first, of a group that nothing was learnt about yet
 */
export function asIfInCharge(policy: ObjectivePolicy, minutes: readonly LoadMinute[]): LoadMinute[] {
  const objective = new Objective(policy);
  const wanted: number[] = [];
  return minutes.map((minute, index) => {
    const desired = wanted.at(-1) ?? minute.desired;
    const serving = Math.max(0, index - nowMinutes + 1);
    // A server that serves was wanted when it had to be launched, and in every minute since.
    const since = wanted.slice(Math.max(0, serving - policy.bootMinutes - 1), serving);
    const inService = since.length > 0 ? Math.min(...since) : minute.inService;
    // As busy as they were, however many they are.
    const cpu = minute.cpu === undefined ? undefined : (minute.cpu * minute.inService) / inService;
    const lived = { ...minute, inService, desired, cpu };
    wanted.push(objective.step(lived).desired);
    return lived;
  });
}
