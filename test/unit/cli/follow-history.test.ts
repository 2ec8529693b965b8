import { expect, it } from 'vitest';
import { followHistory } from '../../../cli/follow-history.ts';
import type { Activity } from '../../../shared/domain/activity.ts';

function activity(id: string, statusCode: Activity['statusCode'], endedAt?: number): Activity {
  const why = { key: 'alarmScales', rule: 'cpu-high', change: 1 } as const;
  const what = { from: 1, to: 2, trigger: 'alarm', reason: 'AlarmScaleOut', why } as const;
  return { activityId: id, group: 'web', startedAt: 0, statusCode, endedAt, ...what };
}

it('passes on each activity as it begins and as it ends, oldest first, and outlives a look that fails', async () => {
  const looks: (readonly Activity[] | Error)[] = [
    [activity('b', 'InProgress'), activity('a', 'Successful', 1)],
    new Error('Throttling'),
    [activity('b', 'PreInService'), activity('a', 'Successful', 1)],
    [activity('c', 'InProgress'), activity('b', 'Successful', 2), activity('a', 'Successful', 1)],
  ];
  const end = new AbortController();
  const told: string[] = [];
  const read = async () => {
    const look = looks.shift();
    if (looks.length === 0) end.abort();
    if (look instanceof Error) throw look;
    return look ?? [];
  };
  const tell = (news: readonly Activity[]) =>
    void told.push(news.map(({ activityId, statusCode }) => `${activityId} ${statusCode}`).join(', '));
  await followHistory(read, tell, 0, end.signal);
  expect(told).toEqual(['a Successful, b InProgress', 'b Successful, c InProgress']);
});
