import { type Explanation, explain } from '../domain/explain.ts';
import { readingsOf } from './group-metrics.ts';
import type { GroupState } from './group-state.ts';
import { readMetrics } from './observe.ts';
import { readOutlooks } from './outlooks.ts';
import type { Scaler } from './scaler.ts';

/** Explains a group with all of its metrics, also those that only a change would look up. Writes nothing. */
export async function explainGroup(scaler: Scaler, state: GroupState): Promise<Explanation | undefined> {
  const { group, observation, ledger, at } = state;
  const { policy } = group;
  if (!observation.group || !ledger) return undefined;
  const scalingGroups = new Map([[group.scalingGroup, observation.group]]);
  const [readings, outlooks] = await Promise.all([
    readMetrics(scaler, [group], scalingGroups, at, () => policy.metrics),
    readOutlooks(scaler, [group], scalingGroups, at),
  ]);
  const metrics = readingsOf(group, policy.metrics, readings);
  return explain(policy, ledger, { ...observation, metrics }, at, outlooks.get(group.name));
}
