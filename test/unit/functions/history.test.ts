import { describe, expect, it } from 'vitest';
import { handle as bump } from '../../../functions/bump.ts';
import { handle } from '../../../functions/history.ts';
import { invocation } from '../../kit/stage.ts';
import { metStage } from './fleet.ts';

async function busyStage() {
  const stage = await metStage();
  for (const requestId of ['one', 'two', 'three']) {
    const asked = { group: 'business', adjustment: 1, reason: requestId, requestId };
    await bump(asked, stage.scaler, invocation);
    await stage.playUntil(new Date(stage.now + 600_000).toISOString());
  }
  return stage;
}

describe('history', () => {
  it('tells what was done and why, newest first, in ISO-8601', async () => {
    const { scaler } = await busyStage();
    const { activities } = await handle({ group: 'business', limit: 2 }, scaler);
    expect(
      activities.map(({ from, to, startedAt, statusCode }) => ({ from, to, startedAt, statusCode })),
    ).toEqual([
      { from: 4, to: 5, startedAt: '2026-03-04T02:20:00.000Z', statusCode: 'Successful' },
      { from: 3, to: 4, startedAt: '2026-03-04T02:10:00.000Z', statusCode: 'Successful' },
    ]);
  });

  it('goes on where the page before ended', async () => {
    const { scaler } = await busyStage();
    const { next } = await handle({ group: 'business', limit: 2 }, scaler);
    const { activities } = await handle({ group: 'business', limit: 2, next }, scaler);
    expect(activities[0]).toMatchObject({ from: 2, to: 3 });
  });

  it('goes back as far as is asked', async () => {
    const { scaler } = await busyStage();
    const lately = await handle({ group: 'business', last: '15m' }, scaler);
    const since = await handle({ group: 'business', since: '2026-03-04T02:15:00Z' }, scaler);
    expect(lately.activities).toHaveLength(1);
    expect(since).toEqual(lately);
  });

  it.each([
    [{ group: 'business', limit: 0 }, 'limit: expected between 1 and 200 activities'],
    [{ group: 'business', limit: 1e9 }, 'limit: expected between 1 and 200 activities'],
    [{ group: 'business', next: 'forged' }, 'expected the token of an earlier page'],
    [{ group: 'nowhere' }, 'the fleet has no group nowhere'],
    [{}, 'group: expected the name of a group'],
  ])('refuses %j and says why', async (event, complaint) => {
    const { scaler } = await metStage();
    await expect(handle(event, scaler)).rejects.toThrow(complaint);
  });
});
