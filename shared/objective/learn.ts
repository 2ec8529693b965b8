import { minutesPerHour } from '../units.ts';
import { type LoadMinute, Objective, type SavedObjective } from './objective.ts';
import type { ObjectivePolicy } from './objective-policy.ts';

/** What makes up nearly all of the item, and is counts and means: rounded it stays small, and decisions do not notice. */
const bulky: readonly string[] = ['uses', 'season', 'usualError'];
const digits = 6;

/**
 * The hourly half: goes on from what was learnt and takes in the minutes since, up to the last full hour, where the model's fits
 * are renewed. From nothing it learns from all the minutes there are.
 * @param minutes oldest first; those already known are skipped
 * @returns what to save for `advise` and the next `learn`: plain JSON, of a size that does not grow with the history
 */
export function learn(
  policy: ObjectivePolicy,
  saved: SavedObjective | undefined,
  minutes: readonly LoadMinute[],
): SavedObjective {
  const objective = new Objective(policy, saved);
  const newest = minutes.at(-1)?.minute ?? 0;
  const lastFullHour = newest - (newest % minutesPerHour);
  for (const minute of minutes) {
    if (minute.minute > objective.minute && minute.minute <= lastFullHour) objective.step(minute);
  }
  return JSON.parse(JSON.stringify(objective, compact));
}

function compact(key: string, value: unknown): unknown {
  return bulky.includes(key) ? JSON.parse(JSON.stringify(value, rounded)) : value;
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(digits)) : value;
}
