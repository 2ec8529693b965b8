import type { Activity } from '../domain/activity.ts';
import type { Instant } from '../domain/observation.ts';

export interface ActivityPage {
  readonly activities: readonly Activity[];
  /** Pass it back for the next page; undefined: this was the last. */
  readonly next: string | undefined;
}

export interface ActivityLog {
  /** Idempotent by activity id. A row that has ended is never overwritten by one that has not. */
  put(activity: Activity): Promise<void>;
  /** Newest first. */
  query(
    group: string,
    options: { since?: Instant | undefined; limit: number; next?: string | undefined },
  ): Promise<ActivityPage>;
}
