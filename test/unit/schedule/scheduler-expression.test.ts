import { describe, expect, it } from 'vitest';
import { scheduleWindow } from '../../../shared/fleet/window.ts';
import { schedulerExpression } from '../../../shared/schedule/scheduler-expression.ts';

function expression(window: object, edge: 'start' | 'end' = 'start', timeZone = 'Asia/Shanghai') {
  return schedulerExpression(scheduleWindow.parse({ scalingAdjustment: 1, ...window }), edge, timeZone);
}

const start = (cron: string) => expression({ start: cron, duration: '1m' })?.expression;

describe('the schedule given to EventBridge', () => {
  it('has six fields, one of the two days being ?', () => {
    expect(start('0 11 * * *')).toBe('cron(0 11 * * ? *)');
    expect(start('0 11 * * MON-FRI')).toBe('cron(0 11 ? * MON-FRI *)');
    expect(start('0 11 1 * *')).toBe('cron(0 11 1 * ? *)');
    expect(start('0 0 L 2 *')).toBe('cron(0 0 L 2 ? *)');
  });

  it('names weekdays, which EventBridge would count from 1', () => {
    expect(start('0 0 * * 0')).toBe('cron(0 0 ? * SUN *)');
    expect(start('0 0 * * 7')).toBe('cron(0 0 ? * SUN *)');
    expect(start('0 0 * * 6,0')).toBe('cron(0 0 ? * SUN,SAT *)');
    expect(start('0 0 * * 0-7')).toBe('cron(0 0 * * ? *)');
  });

  it('spells out steps, so that nobody has to agree on where they begin', () => {
    expect(start('*/20 9-17/4 */10 * *')).toBe('cron(0,20,40 9,13,17 1,11,21,31 * ? *)');
  });

  it.each([
    ['0/15 * * * *', 'cron(0,15,30,45 * * * ? *)'],
    ['0 11 ? * MON-FRI', 'cron(0 11 ? * MON-FRI *)'],
    ['0 11 15 * ?', 'cron(0 11 15 * ? *)'],
    ['0 11 * * FRI-MON', 'cron(0 11 ? * SUN,MON,FRI,SAT *)'],
    ['0 11 * * 5-7', 'cron(0 11 ? * SUN,FRI,SAT *)'],
    ['0 22-2 * * *', 'cron(0 0-2,22,23 * * ? *)'],
    ['0 11 * NOV-JAN *', 'cron(0 11 * 1,11,12 ? *)'],
    ['0 11 15W * *', 'cron(0 11 15W * ? *)'],
    ['0 11 * * FRI#2', 'cron(0 11 ? * 6#2 *)'],
    ['0 11 * * 5#2', 'cron(0 11 ? * 6#2 *)'],
    ['0 11 * * 0#1', 'cron(0 11 ? * 1#1 *)'],
    ['0 11 * * 7#1', 'cron(0 11 ? * 1#1 *)'],
    ['0 11 * * 5L', 'cron(0 11 ? * 6L *)'],
    ['0 11 * * 7L', 'cron(0 11 ? * 1L *)'],
    ['0 11 * * satL', 'cron(0 11 ? * 7L *)'],
  ])('says %s as %s', (cron, expected) => {
    expect(start(cron)).toBe(expected);
  });

  it('runs in the time zone of the window, or else of the fleet', () => {
    expect(expression({ start: '0 1 * * *', duration: 60 })?.timeZone).toBe('Asia/Shanghai');
    expect(expression({ start: '0 1 * * *', duration: 60, timeZone: 'Europe/Paris' })?.timeZone).toBe(
      'Europe/Paris',
    );
  });

  it('has the instant of a dated edge in UTC', () => {
    const sale = { start: '2026-11-11T00:00', end: '2026-11-12T02:00' };
    expect(expression(sale)).toEqual({
      expression: 'at(2026-11-10T16:00:00)',
      timeZone: 'UTC',
      at: Date.parse('2026-11-10T16:00:00Z'),
    });
    expect(expression(sale, 'end')).toEqual({
      expression: 'at(2026-11-11T18:00:00)',
      timeZone: 'UTC',
      at: Date.parse('2026-11-11T18:00:00Z'),
    });
    const timed = { start: '2026-11-11T00:00', duration: '90m' };
    expect(expression(timed, 'end')?.expression).toBe('at(2026-11-10T17:30:00)');
  });

  it('is none for the end of a recurring window with a duration', () => {
    expect(expression({ start: '0 23 * * FRI', duration: '2h' }, 'end')).toBeUndefined();
  });
});
