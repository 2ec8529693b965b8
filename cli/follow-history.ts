import { setTimeout } from 'node:timers/promises';
import type { Activity } from '../shared/domain/activity.ts';
import { complain } from './complain.ts';

/**
 * Passes on each activity as it begins and as it ends, oldest first: what is there, and then, look after look, what is new.
 * A look that fails is reported, and does not end it.
 * @param read the newest activities, newest first
 * @param signal ends it
 * @throws what the first look throws
 */
export async function followHistory(
  read: () => Promise<readonly Activity[]>,
  tell: (activities: readonly Activity[]) => void,
  seconds: number,
  signal?: AbortSignal,
): Promise<void> {
  const told = new Map<string, string>();
  let newest = await read();
  for (;;) {
    const news = newest
      .filter((activity) => told.get(activity.activityId) !== stateOf(activity))
      .toReversed();
    for (const activity of news) told.set(activity.activityId, stateOf(activity));
    if (news.length > 0) tell(news);
    try {
      await setTimeout(seconds * 1000, undefined, { signal });
    } catch {
      return;
    }
    newest = await read().catch((error) => {
      complain(error);
      return [];
    });
  }
}

/** How far it has come: servers that arrive one by one are no news. */
function stateOf({ statusCode, endedAt }: Activity): string {
  return endedAt === undefined ? 'open' : statusCode;
}
