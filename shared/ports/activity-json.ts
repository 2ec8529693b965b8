import type { Activity } from '../domain/activity.ts';

/** An activity as the world outside reads it: instants are ISO-8601 in UTC. */
export type ActivityJson = Omit<Activity, 'startedAt' | 'endedAt'> & {
  readonly startedAt: string;
  readonly endedAt?: string;
};

export function activityJson({ startedAt, endedAt, ...activity }: Activity): ActivityJson {
  return {
    ...activity,
    startedAt: new Date(startedAt).toISOString(),
    ...(endedAt !== undefined && { endedAt: new Date(endedAt).toISOString() }),
  };
}
