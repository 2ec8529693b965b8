import type { Activity } from '../domain/activity.ts';

/**
 * An activity as the world outside reads it: instants are ISO-8601 in UTC (those inside `why` and `detail` are epoch milliseconds),
 * and beside the code and its parameters is the English sentence.
 */
export type ActivityJson = Omit<Activity, 'startedAt' | 'endedAt'> & {
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly message: string;
  /** What `detail` says. */
  readonly statusMessage?: string;
};
