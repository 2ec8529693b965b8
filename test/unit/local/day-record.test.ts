import { expect, it } from 'vitest';
import { recordDay, writeDay } from '../../../local/day/day-record.ts';

const at = '2026-03-04T03:00:00.000Z';

it('writes of each activity what is documented, and nothing else', () => {
  const activity = {
    activityId: 'business-1',
    group: 'business',
    startedAt: at,
    from: 3,
    to: 5,
    trigger: 'schedule',
    reason: 'WindowOpened',
    why: { key: 'windowOpened', window: 'lunch', added: 2 },
    message: "business 3 → 5: window 'lunch' opened (+2)",
    statusCode: 'Successful',
    by: 'lunch',
  } as const;
  const day = { fleet: 'lunch', day: '2026-03-04', timeZone: 'Asia/Shanghai', seed: 7 };
  const written = JSON.parse(writeDay(recordDay(day, { business: [] }, { business: [activity] })));
  expect(written.groups.business.activities).toEqual([
    {
      activityId: 'business-1',
      at,
      from: 3,
      to: 5,
      trigger: 'schedule',
      reason: 'WindowOpened',
      message: activity.message,
      statusCode: 'Successful',
    },
  ]);
});
