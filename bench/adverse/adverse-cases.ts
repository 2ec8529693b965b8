import { type LoadMinute, Objective } from '../../shared/objective/objective.ts';
import { defaultObjective } from '../../shared/objective/objective-policy.ts';
import type { AdverseCase, Finding } from './adverse-case.ts';
import { calendarCases } from './calendar-cases.ts';
import { adverseBootMinutes, playAdverse } from './fleet.ts';
import { metricCases } from './metric-cases.ts';
import { stepCases } from './step-cases.ts';

/** Every row of the table. */
export function adverseCases(): AdverseCase[] {
  return [...calendarCases(), ...stepCases(), ...metricCases()];
}

/** One case under the objective of production. */
export function playCase({ adverse, judge }: AdverseCase): Finding {
  const { maxServers, saturation, time } = adverse;
  const policy = { ...defaultObjective, bootMinutes: adverseBootMinutes, maxServers, saturation, time };
  const objective = new Objective(policy);
  const decide = (seen: LoadMinute) => {
    const { desired, doubt } = objective.step(seen);
    return { desired, doubt: doubt?.why };
  };
  return judge(playAdverse(adverse, decide));
}
