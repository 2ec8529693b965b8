import { hourMs } from '../units.ts';
import type { DecisionContext } from './decision-context.ts';
import type { Instant } from './observation.ts';

/** The longest deregistration delay that ELB allows. */
const longestDeregistrationMs = hourMs;

/** When an activity that begins now and goes from desired `from` to `to` has failed. */
export function deadlineOf({ policy, group, now }: DecisionContext, from: number, to: number): Instant {
  if (to > from) return now + policy.launchDeadlineMs;
  const isUnknown = group.trafficSources.length > 0 && !policy.ownsTrafficSources;
  return now + policy.leaveDeadlineMs + (isUnknown ? longestDeregistrationMs : 0);
}
