import { expect, it } from 'vitest';
import type { Activity } from '../../shared/domain/activity.ts';
import { contract } from './contract.ts';
import { start } from './implementation.ts';

const minuteMs = 60_000;

function activity(number: number, changes: Partial<Activity> = {}): Activity {
  return {
    activityId: `business-${number}`,
    group: 'business',
    startedAt: start + number * minuteMs,
    from: 3,
    to: 5,
    trigger: 'schedule',
    reason: 'WindowOpened',
    why: {
      key: 'windowOpened',
      window: 'lunch',
      added: 2,
      inherited: { servers: 1, from: [{ kind: 'window', name: 'tea' }] },
      there: undefined,
    },
    statusCode: 'PreInService',
    ...changes,
  };
}

contract('The activity log', (tested) => {
  it('gives back what was put, newest first', async () => {
    const { activities: log } = tested().ports;
    for (const number of [2, 1, 3]) await log.put(activity(number));
    const { activities, next } = await log.query('business', { limit: 10 });
    expect(activities).toEqual([activity(3), activity(2), activity(1)]);
    expect(next).toBeUndefined();
  });

  it('keeps one row per activity, however often it is put', async () => {
    const { activities: log } = tested().ports;
    await log.put(activity(1));
    await log.put(activity(1, { statusCode: 'InProgress' }));
    const { activities } = await log.query('business', { limit: 10 });
    expect(activities).toEqual([activity(1, { statusCode: 'InProgress' })]);
  });

  it('never overwrites an end with what came before it', async () => {
    const { activities: log } = tested().ports;
    const ended = activity(1, { statusCode: 'Successful', endedAt: start + 5 * minuteMs });
    await log.put(ended);
    await log.put(activity(1, { statusCode: 'InProgress' }));
    expect((await log.query('business', { limit: 10 })).activities).toEqual([ended]);
  });

  it('pages through everything exactly once', async () => {
    const { activities: log } = tested().ports;
    for (let number = 1; number <= 7; number++) await log.put(activity(number));
    const seen: string[] = [];
    let next: string | undefined;
    do {
      const page = await log.query('business', { limit: 3, next });
      seen.push(...page.activities.map(({ activityId }) => activityId));
      next = page.next;
    } while (next);
    expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1].map((number) => `business-${number}`));
  });

  it('leaves out what is older than asked for, and other groups', async () => {
    const { activities: log } = tested().ports;
    for (let number = 1; number <= 4; number++) await log.put(activity(number));
    await log.put(activity(9, { group: 'session', activityId: 'session-9' }));
    const { activities } = await log.query('business', { since: start + 3 * minuteMs, limit: 10 });
    expect(activities.map(({ activityId }) => activityId)).toEqual(['business-4', 'business-3']);
  });

  it('refuses a page token that it did not give', async () => {
    const { activities: log } = tested().ports;
    await log.put(activity(1));
    await expect(log.query('business', { limit: 3, next: 'forged' })).rejects.toMatchObject({
      code: 'Invalid',
    });
  });
});
