import { describe, expect, it } from 'vitest';
import { ticksBetween } from '../../../simulate/time-axis.ts';

const hourMs = 3_600_000;
const labels = (from: string, hours: number, timeZone = 'UTC') => {
  const start = Date.parse(from);
  return ticksBetween(start, start + hours * hourMs, timeZone).map(({ label }) => label);
};

describe('the time axis', () => {
  it('stands at full hours of the clock on the wall, wherever the time begins', () => {
    expect(labels('2026-03-04T00:00:00Z', 6, 'Asia/Kolkata')).toEqual([
      '06:00',
      '07:00',
      '08:00',
      '09:00',
      '10:00',
      '11:00',
    ]);
    expect(labels('2026-03-04T00:00:00Z', 24).slice(0, 3)).toEqual(['00:00', '02:00', '04:00']);
  });

  it('says the day at a midnight that is one of several', () => {
    expect(labels('2026-03-04T16:00:00Z', 48)).toEqual([
      '18:00',
      '05 Mar',
      '06:00',
      '12:00',
      '18:00',
      '06 Mar',
      '06:00',
      '12:00',
    ]);
    expect(labels('2026-03-04T16:00:00Z', 28 * 24).slice(0, 3)).toEqual(['05 Mar', '07 Mar', '09 Mar']);
  });

  it('leaves out an hour that daylight saving skips, and stands at midnights after it', () => {
    expect(labels('2026-03-28T23:00:00Z', 5, 'Europe/Berlin')).toEqual([
      '00:00',
      '01:00',
      '03:00',
      '04:00',
      '05:00',
    ]);
    const [, second] = ticksBetween(
      Date.parse('2026-03-28T12:00:00Z'),
      Date.parse('2026-04-08T12:00:00Z'),
      'Europe/Berlin',
    );
    expect(new Date(second!.at).toISOString()).toBe('2026-03-29T22:00:00.000Z');
  });

  it('has few ticks however long the time is', () => {
    expect(labels('2026-01-01T00:00:00Z', 24 * 3650).length).toBeLessThan(50);
  });
});
