import type { Fleet } from '../../shared/fleet/fleet.ts';
import { asIfInCharge } from '../../shared/forecast/as-if-in-charge.ts';
import { localTime } from '../../shared/forecast/zone-time.ts';
import { type LoadMinute, Objective } from '../../shared/objective/objective.ts';
import { defaultObjective } from '../../shared/objective/objective-policy.ts';
import { minuteMs } from '../../shared/units.ts';
import type { LoadHistory } from '../simulate/load-source.ts';

/** What a full server is to carry at most, as an objective by CPU has it unless the file says otherwise. */
const usualTarget = 0.8;

/**
 * The least share that an objective could have promised over a past: crowds come faster than a launch, and what was unserved while
 * it learnt counts as well.
 * @param until minutes of the history that it may look at: those after them prove it
 */
export function promisable(
  { groups, timeZone, calendars }: Fleet,
  group: string,
  { start, loads }: LoadHistory,
  promise: number,
  until: number,
): number {
  const { maxSize, defaultInstanceWarmup, simulation, objective } = groups[group]!;
  const capacity = 60 * usualTarget * simulation.requestsPerSecondPerServer;
  const minutes = Array.from(loads.get(group)!.subarray(0, until), (requests, index): LoadMinute => {
    const load = requests / capacity;
    const servers = Math.min(maxSize, Math.ceil(load) + 1);
    return { minute: start / minuteMs + index, load, inService: servers, desired: servers };
  });
  const bootMinutes = Math.ceil(defaultInstanceWarmup / 60);
  const time = localTime(timeZone, objective, calendars);
  const policy = { ...defaultObjective, unserved: promise, bootMinutes, maxServers: maxSize, time };
  const learnt = new Objective(policy);
  let share = 0;
  for (const minute of asIfInCharge(policy, minutes)) share = learnt.step(minute).promisable;
  return share;
}
