import type { Activity } from '../../domain/activity.ts';
import type { Instant } from '../../domain/observation.ts';
import type { ActivityLog, ActivityPage } from '../../ports/activity-log.ts';
import { PortError } from '../../ports/port-error.ts';

/** The history, by group, in the order in which activities started. */
export class MemoryActivityLog implements ActivityLog {
  readonly #activities = new Map<string, Map<string, Activity>>();

  async put(activity: Activity): Promise<void> {
    const rows = this.#activities.get(activity.group) ?? new Map<string, Activity>();
    this.#activities.set(activity.group, rows);
    const known = rows.get(activity.activityId);
    if (known?.endedAt !== undefined && activity.endedAt === undefined) return;
    rows.set(activity.activityId, activity);
  }

  async query(
    group: string,
    { since = 0, limit, next }: { since?: Instant | undefined; limit: number; next?: string | undefined },
  ): Promise<ActivityPage> {
    const rows = [...(this.#activities.get(group)?.values() ?? [])]
      .filter(({ startedAt }) => startedAt >= since)
      .sort(newestFirst);
    const start = next === undefined ? 0 : rows.findIndex(({ activityId }) => activityId === next) + 1;
    if (next !== undefined && start === 0) {
      throw new PortError('Invalid', 'next: expected the token of an earlier page');
    }
    const activities = rows.slice(start, start + limit);
    return { activities, next: start + limit < rows.length ? activities.at(-1)?.activityId : undefined };
  }

  /** Everything of one group, oldest first. */
  of(group: string): readonly Activity[] {
    return [...(this.#activities.get(group)?.values() ?? [])].sort((a, b) => newestFirst(b, a));
  }
}

function newestFirst(a: Activity, b: Activity): number {
  return b.startedAt - a.startedAt || (a.activityId < b.activityId ? 1 : -1);
}
