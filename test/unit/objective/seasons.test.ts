import { describe, expect, it } from 'vitest';
import { localTime } from '../../../shared/forecast/zone-time.ts';
import { universalTime } from '../../../shared/objective/local-time.ts';
import { Seasons } from '../../../shared/objective/seasons.ts';

const day = 1440;
const at = (text: string) => Date.parse(text) / 60_000;

/** Takes in what a load is by the wall clock, from one instant to another. */
function learn(
  seasons: Seasons,
  from: number,
  to: number,
  load: (local: Date) => number,
  ahead: (minute: number) => number,
) {
  for (let minute = from; minute < to; minute++) {
    seasons.add(minute, load(new Date((minute + ahead(minute)) * 60_000)));
    if (minute % 60 === 0) seasons.publish();
  }
  seasons.publish();
}

/** The load doubles at nine. */
const office = (local: Date) => (local.getUTCHours() >= 9 && local.getUTCHours() < 18 ? 20 : 10);
/** What is usual half an hour after a time ÷ what is usual in the minutes before it. */
const jump = (seasons: Seasons, time: string) => {
  const { ahead, before5 } = seasons.compare(at(time), 30);
  return ahead / before5;
};

describe('the clock on the wall', () => {
  const berlin = localTime('Europe/Berlin');

  it.each([
    ['forward', '2026-03-29T00:00Z', '2026-03-30T07:50+02:00', '2026-03-30T08:50+02:00'],
    ['back', '2026-10-25T00:00Z', '2026-10-26T07:50+01:00', '2026-10-26T08:50+01:00'],
  ])('goes %s, and the season with it', (_, change, hourBefore, before) => {
    const seasons = new Seasons(berlin);
    learn(seasons, at(change) - 14 * day, at(change), office, (minute) => berlin.aheadAt(minute));
    expect(jump(seasons, before)).toBeCloseTo(2, 1);
    expect(jump(seasons, hourBefore)).toBeCloseTo(1, 1);
  });

  it('is asked for the minute and not for the day on which it changes', () => {
    expect(berlin.aheadAt(at('2026-03-29T00:59Z'))).toBe(60);
    expect(berlin.aheadAt(at('2026-03-29T01:00Z'))).toBe(120);
    expect(berlin.aheadAt(at('2026-10-25T00:59Z'))).toBe(120);
    expect(berlin.aheadAt(at('2026-10-25T01:00Z'))).toBe(60);
    expect(localTime('Asia/Kolkata').aheadAt(0)).toBe(330);
  });
});

describe('kinds of days', () => {
  const quietOnSundays = (local: Date) => (local.getUTCDay() === 0 ? 5 : office(local));
  /** Wednesday and Thursday of the fifth week. */
  const holidays = ['2026-02-04..2026-02-05', 'spring'];
  const time = localTime(
    'UTC',
    { holidays },
    { spring: { days: [{ from: '2026-02-16', to: '2026-02-16' }] } },
  );
  const start = at('2026-01-05T00:00Z');

  it('are told apart once two of them have been seen', () => {
    const seasons = new Seasons(universalTime);
    learn(seasons, start, at('2026-01-19T01:00Z'), quietOnSundays, () => 0);
    expect(jump(seasons, '2026-01-25T08:50Z')).toBeCloseTo(1, 2);
    expect(jump(seasons, '2026-01-26T08:50Z')).toBeCloseTo(2, 1);
  });

  it('have holidays among them, which are like Sundays until two have shown what they are like', () => {
    const seasons = new Seasons(time);
    // On holidays people come in the evening.
    const load = (local: Date) => {
      const isHoliday = ['2026-02-04', '2026-02-05', '2026-02-16'].includes(local.toISOString().slice(0, 10));
      return isHoliday ? (local.getUTCHours() >= 19 ? 30 : 5) : quietOnSundays(local);
    };
    learn(seasons, start, at('2026-02-04T01:00Z'), load, () => 0);
    expect(jump(seasons, '2026-02-04T08:50Z')).toBeCloseTo(1, 2);
    expect(jump(seasons, '2026-02-04T18:50Z')).toBeCloseTo(1, 2);
    expect(jump(seasons, '2026-02-03T08:50Z')).toBeCloseTo(2, 1);
    learn(seasons, at('2026-02-04T01:00Z'), at('2026-02-16T01:00Z'), load, () => 0);
    expect(jump(seasons, '2026-02-16T18:50Z')).toBeCloseTo(6, 1);
    expect(jump(seasons, '2026-02-17T18:50Z')).toBeCloseTo(1, 1);
  });

  it('have weekend days among them that are worked, which are like workdays and say nothing of the weekend', () => {
    const worked = ['2026-01-18', '2026-02-01', '2026-02-15'];
    const isWorked = (local: Date) => worked.includes(local.toISOString().slice(0, 10));
    const load = (local: Date) => (isWorked(local) ? office(local) : quietOnSundays(local));
    // Whoever lists all days off as holidays may list a worked Sunday in both.
    const seasons = new Seasons(localTime('UTC', { holidays: ['2026-02-15'], workdays: worked }));
    learn(seasons, start, at('2026-02-08T01:00Z'), load, () => 0);
    expect(jump(seasons, '2026-02-08T08:50Z')).toBeCloseTo(1, 2);
    expect(jump(seasons, '2026-02-15T08:50Z')).toBeCloseTo(2, 1);
    const unaware = new Seasons(universalTime);
    learn(unaware, start, at('2026-02-08T01:00Z'), load, () => 0);
    expect(jump(unaware, '2026-02-08T08:50Z')).toBeGreaterThan(1.2);
    expect(jump(unaware, '2026-02-15T08:50Z')).toBeLessThan(1.8);
  });

  it('are compared with their like alone', () => {
    const seasons = new Seasons(universalTime);
    learn(seasons, start, at('2026-01-26T01:00Z'), quietOnSundays, () => 0);
    // From Sunday's last minutes to Monday's first: both are known.
    expect(jump(seasons, '2026-02-01T23:50Z')).toBeCloseTo(2, 1);
  });
});

it('goes on as if it had never been saved', () => {
  const one = new Seasons(universalTime);
  learn(one, at('2026-01-05T00:00Z'), at('2026-01-20T05:03Z'), office, () => 0);
  const other = new Seasons(universalTime);
  other.restore(JSON.parse(JSON.stringify(one)));
  for (const seasons of [one, other])
    learn(seasons, at('2026-01-20T05:03Z'), at('2026-01-21T00:00Z'), office, () => 0);
  expect(JSON.stringify(other)).toBe(JSON.stringify(one));
});
