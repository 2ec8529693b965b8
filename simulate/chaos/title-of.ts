import type { Activity } from '../../shared/domain/activity.ts';
import { english } from '../../shared/sentences/en.ts';
import { speaker } from '../../shared/sentences/speaker.ts';

const { message } = speaker(english, 'UTC');

/** What an activity is, where a rule is broken by it: "business 3 → 5: window 'lunch' opened (+2)". */
export function titleOf(activity: Activity): string {
  return message(activity.group, activity, activity.startedAt);
}
