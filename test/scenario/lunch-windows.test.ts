import { describe, expect, it } from 'vitest';
import { handle as onSchedule } from '../../functions/on-schedule.ts';
import { Stage } from '../kit/stage.ts';

const fleetFile = (maxSize: number) => `
name: lunch
timeZone: Asia/Shanghai
groups:
  business:
    existing: my-group
    minSize: 3
    maxSize: ${maxSize}
    schedules:
      lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 2 }
    alarms:
      cpu-high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 300,
                  evaluationPeriods: 3, scalingAdjustment: 2, cooldown: 300 }
`;

const morning = '2026-03-04T10:30:00+08:00';
const opening = { group: 'business', window: 'lunch', edge: 'start', at: '2026-03-04T03:00:00Z' };
const closing = { group: 'business', window: 'lunch', edge: 'end', at: '2026-03-04T05:00:00Z' };

function morningOf(maxSize = 10, desired = 3): Stage {
  return new Stage(fleetFile(maxSize), { start: morning, desired });
}

describe('a lunch window', () => {
  it('gives back the one server that fitted under maxSize, not the two it asked for', async () => {
    const stage = morningOf(6, 5);
    await stage.playUntil('2026-03-04T11:05:00+08:00');
    expect(stage.desired('business')).toBe(6);
    await stage.playUntil('2026-03-04T14:00:00+08:00');
    expect(stage.desired('business')).toBe(5);
    expect(stage.changes('business')).toEqual(['5 → 6 WindowOpened', '6 → 5 WindowClosed']);
  });

  it('leaves the servers that an alarm added at noon', async () => {
    const stage = morningOf();
    await stage.playUntil('2026-03-04T12:00:00+08:00');
    stage.alarm('business', 'cpu-high', 'ALARM');
    await stage.playUntil('2026-03-04T12:02:00+08:00');
    stage.alarm('business', 'cpu-high', 'OK');
    await stage.playUntil('2026-03-04T14:00:00+08:00');
    expect(stage.changes('business')).toEqual([
      '3 → 5 WindowOpened',
      '5 → 7 AlarmScaleOut',
      '7 → 5 WindowClosed',
    ]);
  });

  it('opens at once when its event comes on time, before any sweep', async () => {
    const stage = morningOf();
    await stage.playUntil('2026-03-04T10:59:59+08:00');
    stage.ports.clock.set(Date.parse('2026-03-04T11:00:01+08:00'));
    const answer = await onSchedule(opening, stage.scaler);
    expect(answer.decisions[0]?.message).toBe("business 3 → 5: window 'lunch' opened (+2)");
    expect(stage.desired('business')).toBe(5);
  });

  it('opens and closes by the sweep alone when both events are lost', async () => {
    const stage = morningOf();
    await stage.playUntil('2026-03-04T14:00:00+08:00');
    expect(stage.changes('business')).toEqual(['3 → 5 WindowOpened', '5 → 3 WindowClosed']);
  });

  it('changes capacity once when its events come twice', async () => {
    const stage = morningOf();
    await stage.playUntil('2026-03-04T11:00:00+08:00');
    await onSchedule(opening, stage.scaler);
    await onSchedule(opening, stage.scaler);
    await stage.playUntil('2026-03-04T13:00:00+08:00');
    await onSchedule(closing, stage.scaler);
    await onSchedule(closing, stage.scaler);
    await stage.playUntil('2026-03-04T14:00:00+08:00');
    expect(stage.changes('business')).toEqual(['3 → 5 WindowOpened', '5 → 3 WindowClosed']);
  });

  it('records an opening that comes two hours late, and does not obey it', async () => {
    const stage = morningOf();
    await stage.playUntil('2026-03-04T13:10:00+08:00');
    await onSchedule(opening, stage.scaler);
    await stage.playUntil('2026-03-04T14:00:00+08:00');
    expect(stage.changes('business')).toEqual(['3 → 5 WindowOpened', '5 → 3 WindowClosed']);
    const stale = stage.history('business').filter(({ reason }) => reason === 'StaleEvent');
    expect(stale).toHaveLength(1);
    expect(stage.desired('business')).toBe(3);
  });

  it('ends every activity, with the servers that it asked for in service', async () => {
    const stage = morningOf();
    await stage.playUntil('2026-03-04T14:00:00+08:00');
    const changes = stage.history('business').filter(({ from, to }) => from !== to);
    expect(changes.map(({ statusCode, endedAt }) => [statusCode, endedAt !== undefined])).toEqual([
      ['Successful', true],
      ['Successful', true],
    ]);
  });
});
