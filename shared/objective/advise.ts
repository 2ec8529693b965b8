import { type Advice, type LoadMinute, Objective, type SavedObjective } from './objective.ts';
import type { ObjectivePolicy } from './objective-policy.ts';

/** When the newest known minute is older than this, the load is unknown. */
export const staleMinutes = 5;

/**
 * The half of every minute: replays the minutes since the model was saved, at most an hour or two, and says what the load needs
 * now. The same steps as in a backtest, so it decides the same.
 * @param saved what `learn` returned; undefined for a group that nothing was learnt about yet
 * @param minutes oldest first; those that the model knows are skipped
 * @param now the minute that begins now, since the epoch
 * @returns undefined while nothing is known at all
 */
export function advise(
  policy: ObjectivePolicy,
  saved: SavedObjective | undefined,
  minutes: readonly LoadMinute[],
  now: number,
): Advice | undefined {
  const objective = new Objective(policy, saved);
  let advice: Advice | undefined;
  for (const minute of minutes) {
    if (minute.minute > objective.minute && minute.minute < now) advice = objective.step(minute);
  }
  if (!advice || now - objective.minute <= staleMinutes) return advice;
  const desired = minutes.at(-1)!.desired;
  return { ...advice, known: false, desired, keep: desired };
}
