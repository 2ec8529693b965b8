import { describe, expect, it } from 'vitest';
import { handle } from '../../../functions/on-schedule.ts';
import { metStage } from './fleet.ts';

const opening = { group: 'business', window: 'lunch', edge: 'start', at: '2026-03-04T03:00:00Z' };

describe('on-schedule', () => {
  it('opens the window that is open now', async () => {
    const stage = await metStage();
    stage.ports.clock.set(Date.parse('2026-03-04T03:00:20Z'));
    const answer = await handle(opening, stage.scaler);
    expect(answer).toMatchObject({ group: 'business', desiredCapacity: 4 });
  });

  it('does not open a window before its time, whatever the event says', async () => {
    const stage = await metStage();
    await handle(opening, stage.scaler);
    expect(stage.changes('business')).toEqual([]);
  });

  it.each([
    [{ ...opening, group: 'busyness' }, 'the fleet has no group busyness'],
    [{ ...opening, window: 'dinner' }, 'window: expected a window of business'],
    [{ ...opening, window: 'constructor' }, 'window: expected a window of business'],
    [{ ...opening, edge: 'middle' }, 'edge: expected start or end'],
    [{ ...opening, at: '2026-02-30T03:00:00Z' }, 'at: expected an instant'],
    [{ ...opening, at: '<aws.scheduler.scheduled-time>' }, 'at: expected an instant'],
    [{ ...opening, force: true }, 'expected no force'],
    [null, 'expected object'],
  ])('refuses %j and says why', async (event, complaint) => {
    const stage = await metStage();
    await expect(handle(event, stage.scaler)).rejects.toThrow(complaint);
  });
});
