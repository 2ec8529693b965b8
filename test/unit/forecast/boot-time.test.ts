import { beforeEach, expect, it } from 'vitest';
import type { Activity } from '../../../shared/domain/activity.ts';
import { learnBoot } from '../../../shared/forecast/boot-time.ts';
import type { ActivityLog } from '../../../shared/ports/activity-log.ts';
import { memoryPorts } from '../../../shared/providers/memory/ports.ts';

const now = Date.parse('2026-03-04T00:00:00Z');
let log: ActivityLog;
let rows: number;

beforeEach(() => {
  log = memoryPorts(now, {
    launch: () => ({ inServiceAfterSeconds: 60, healthyAfterSeconds: 90 }),
    terminationSeconds: () => 30,
  }).activities;
  rows = 0;
});

/** Changes that took so many seconds, the newest last. */
async function took(seconds: readonly number[], what: Partial<Activity> = {}): Promise<void> {
  for (const each of seconds) {
    const startedAt = now - 3_600_000 + 1000 * rows++;
    await log.put({
      activityId: `a${rows}`,
      group: 'web',
      startedAt,
      endedAt: startedAt + 1000 * each,
      from: 2,
      to: 3,
      trigger: 'forecast',
      reason: 'ObjectiveScaleOut',
      why: { key: 'noForecast' },
      statusCode: 'Successful',
      ...what,
    });
  }
}

const learn = (before?: number) =>
  learnBoot(log, 'web', before === undefined ? undefined : { minutes: before, launches: 9 }, now);

it('is the 90th percentile of the launches that were successful, in whole minutes', async () => {
  await took([100, 110, 120, 130, 140, 150, 160, 170, 230, 900]);
  expect(await learn()).toEqual({ minutes: 4, launches: 10 });
});

it('goes by nothing but successful launches of the last four weeks', async () => {
  await took([100, 100, 100, 100, 100]);
  await took([5000, 5000], { statusCode: 'Failed' });
  await took([5000, 5000], { statusCode: 'Cancelled' });
  await took([5000, 5000], { from: 4, to: 3 });
  const old = now - 29 * 86_400_000;
  await took([1, 1], { startedAt: old, endedAt: old + 5_000_000 });
  expect(await learn()).toEqual({ minutes: 2, launches: 5 });
});

it('says nothing of fewer than five', async () => {
  await took([100, 100, 100, 100]);
  expect(await learn()).toBeUndefined();
});

it('stays what it was for a few seconds: a model is learnt for one boot time', async () => {
  await took([190, 190, 190, 190, 190]);
  expect((await learn(3))!.minutes).toBe(3);
  expect((await learn(2))!.minutes).toBe(4);
  expect((await learn())!.minutes).toBe(4);
  await took([60, 60, 60, 60, 60, 205, 205, 205, 205, 205]);
  expect((await learn(3))!.minutes).toBe(4);
});
