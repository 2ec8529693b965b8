import { GroupsFailed } from '../shared/engine/groups-failed.ts';
import { limitConcurrency } from '../shared/engine/limit-concurrency.ts';
import type { Scaler } from '../shared/engine/scaler.ts';
import { learnGroup } from '../shared/forecast/learn-group.ts';
import { lambda } from '../shared/runtime/lambda.ts';

/** Each reads up to 15 days of three to five metrics the first time. */
const groupsAtOnce = 5;

/** Minutes of load that were taken in, by group. */
interface Learnt {
  readonly minutes: Readonly<Record<string, number>>;
}

/**
 * Every hour: learns from the load of each group that has an objective or a forecast.
 * @throws GroupsFailed, after all groups that could be learnt from were
 */
export async function handle(_event: unknown, scaler: Scaler): Promise<Learnt> {
  const now = scaler.ports.clock.now();
  const groups = [...scaler.groups.values()].filter(({ policy }) => policy.forecast);
  const minutes: Record<string, number> = {};
  const failures = new Map<string, unknown>();
  await limitConcurrency(groups, groupsAtOnce, async (group) => {
    try {
      minutes[group.name] = await learnGroup(scaler, group, now);
    } catch (error) {
      failures.set(group.name, error);
    }
  });
  if (failures.size > 0) throw new GroupsFailed('learnt from', failures);
  return { minutes };
}

export const handler = lambda(handle);
