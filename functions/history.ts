import * as z from 'zod/mini';
import { activityJson } from '../shared/engine/activity-json.ts';
import { groupNamed, type Scaler } from '../shared/engine/scaler.ts';
import type { ActivityJson } from '../shared/ports/activity-json.ts';
import { lambda } from '../shared/runtime/lambda.ts';
import { parseEvent } from '../shared/runtime/parse-event.ts';
import { duration, instant, name } from '../shared/runtime/scalars.ts';

const limitError = { error: 'expected between 1 and 200 activities' };

const event = z.strictObject({
  group: name('a group'),
  since: z.optional(instant),
  /** How long ago, instead of since when. */
  last: z.optional(duration),
  limit: z.optional(z.int(limitError).check(z.gte(1, limitError), z.lte(200, limitError))),
  /** From the page before. */
  next: z.optional(z.string({ error: 'expected the token of an earlier page' }).check(z.maxLength(1024))),
});

interface History {
  readonly activities: readonly ActivityJson[];
  /** Pass it back for the next page. */
  readonly next?: string | undefined;
}

/** What was done to a group and why, newest first. @throws InvalidEvent, UnknownGroup, PortError */
export async function handle(payload: unknown, scaler: Scaler): Promise<History> {
  const { group, last, limit = 50, next, ...asked } = parseEvent(event, payload);
  const { name } = groupNamed(scaler, group);
  const since = last === undefined ? asked.since : scaler.ports.clock.now() - last * 1000;
  const page = await scaler.ports.activities.query(name, { since, limit, next });
  return { activities: page.activities.map((each) => activityJson(each, scaler.english)), next: page.next };
}

export const handler = lambda(handle);
