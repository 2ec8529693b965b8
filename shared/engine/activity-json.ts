import type { Activity } from '../domain/activity.ts';
import type { ActivityJson } from '../ports/activity-json.ts';
import type { Speaker } from '../sentences/speaker.ts';

/**
 * @param english events and programs read English, whatever people read
 * @param message what it says of the activity, where that is known already
 */
export function activityJson(
  { startedAt, endedAt, ...activity }: Activity,
  english: Speaker,
  message = english.message(activity.group, activity, startedAt),
): ActivityJson {
  const { detail } = activity;
  return {
    ...activity,
    startedAt: new Date(startedAt).toISOString(),
    ...(endedAt !== undefined && { endedAt: new Date(endedAt).toISOString() }),
    message,
    ...(detail && { statusMessage: english.of(activity.group).sentence(detail, endedAt ?? startedAt) }),
  };
}
