import { defaultObjective, type LoadMinute, Objective } from '../shared/objective/objective.ts';
import type { AdverseCase } from './adverse/adverse-case.ts';
import { calendarCases } from './adverse/calendar-cases.ts';
import { adverseBootMinutes, playAdverse } from './adverse/fleet.ts';
import { metricCases } from './adverse/metric-cases.ts';
import { stepCases } from './adverse/step-cases.ts';

export function adverseCases(): AdverseCase[] {
  return [...calendarCases(), ...stepCases(), ...metricCases()];
}

/** One case under the objective of production. */
export function playCase({ adverse, judge }: AdverseCase) {
  const { maxServers, saturation } = adverse;
  const policy = { ...defaultObjective, bootMinutes: adverseBootMinutes, maxServers, saturation };
  const objective = new Objective(policy);
  const decide = (seen: LoadMinute) => {
    const { desired, doubt } = objective.step(seen);
    return { desired, doubt: doubt?.why };
  };
  return judge(playAdverse(adverse, decide));
}

/** `npm run bench -- adverse`: loads and metrics that lead a scaler astray, what was wanted of ours, and what it did. */
export function run(): void {
  let missed = 0;
  for (const adverse of adverseCases()) {
    const { seen, within } = playCase(adverse);
    if (!within) missed++;
    console.log(`${within ? 'ok    ' : 'MISSED'}  ${adverse.name}\n        wanted: ${adverse.wanted}\n        seen:   ${seen}`);
  }
  console.log(missed === 0 ? 'All within what was wanted.' : `${missed} missed.`);
  if (missed > 0) process.exitCode = 1;
}
