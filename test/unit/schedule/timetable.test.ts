import { describe, expect, it } from 'vitest';
import type { Calendar } from '../../../shared/fleet/calendar-days.ts';
import { scheduleWindow } from '../../../shared/fleet/window.ts';
import { Timetable } from '../../../shared/schedule/timetable.ts';

const at = (iso: string) => Date.parse(iso);
const iso = (instant: number) => new Date(instant).toISOString().slice(0, 16);

/** A timetable of one window, `w`, that adds two servers unless told otherwise. */
function timetable(window: object, timeZone = 'UTC', calendars: Record<string, Calendar> = {}) {
  return new Timetable({ w: scheduleWindow.parse({ scalingAdjustment: 2, ...window }) }, calendars, timeZone);
}

/** `start/end` of every occurrence that starts in the given span. */
function occurrences(table: Timetable, from: string, until: string): string[] {
  return table
    .next(at(from) - 1, at(until))
    .filter(({ edge }) => edge === 'start')
    .map(({ window }) => `${iso(window.start)}/${iso(window.end)}`);
}

const isOpen = (table: Timetable, when: string) => table.openAt(at(when)).length === 1;

describe('a window', () => {
  const lunch = () => timetable({ start: '0 11 * * *', end: '0 13 * * *' }, 'Asia/Shanghai');

  it('is half-open: open at its start, closed at its end', () => {
    expect(isOpen(lunch(), '2026-03-04T02:59:59.999Z')).toBe(false);
    expect(isOpen(lunch(), '2026-03-04T03:00:00Z')).toBe(true);
    expect(isOpen(lunch(), '2026-03-04T04:59:59.999Z')).toBe(true);
    expect(isOpen(lunch(), '2026-03-04T05:00:00Z')).toBe(false);
  });

  it('says when it started and ends, and what it does', () => {
    expect(lunch().openAt(at('2026-03-04T04:00:00Z'))).toEqual([
      {
        name: 'w',
        start: at('2026-03-04T03:00:00Z'),
        end: at('2026-03-04T05:00:00Z'),
        boost: { type: 'ChangeInCapacity', value: 2 },
      },
    ]);
  });

  it('may add a percentage, and may be a floor and a maximum', () => {
    const window = { start: '0 0 * * *', duration: '1h', scalingAdjustment: '50%', minSize: 2, maxSize: 8 };
    expect(timetable(window).openAt(at('2026-03-04T00:30:00Z'))[0]).toMatchObject({
      boost: { type: 'PercentChangeInCapacity', value: 50 },
      minSize: 2,
      maxSize: 8,
    });
  });

  it('gives the same array while nothing opens or closes', () => {
    const table = lunch();
    const first = table.openAt(at('2026-03-04T03:00:00Z'));
    expect(table.openAt(at('2026-03-04T04:59:00Z'))).toBe(first);
    expect(table.openAt(at('2026-03-04T05:00:00Z'))).not.toBe(first);
    expect(table.openAt(at('2026-03-04T03:30:00Z'))).toEqual(first);
  });

  it('prefers its own time zone', () => {
    const table = timetable({ start: '0 9 * * *', duration: 60, timeZone: 'Europe/Berlin' }, 'Asia/Shanghai');
    expect(isOpen(table, '2026-03-04T08:00:30Z')).toBe(true);
  });

  it('over midnight is judged by the weekday of its start', () => {
    const table = timetable({ start: '0 22 * * FRI', end: '0 2 * * *' });
    expect(occurrences(table, '2026-03-02T00:00Z', '2026-03-15T00:00Z')).toEqual([
      '2026-03-06T22:00/2026-03-07T02:00',
      '2026-03-13T22:00/2026-03-14T02:00',
    ]);
    expect(isOpen(table, '2026-03-06T23:59:59.999Z')).toBe(true);
    expect(isOpen(table, '2026-03-07T01:59:00Z')).toBe(true);
    expect(isOpen(table, '2026-03-07T22:30:00Z')).toBe(false);
  });

  it('that ends when it starts again is open without a hole', () => {
    const table = timetable({ start: '0 0 * * *', end: '0 0 * * *' });
    for (const when of ['2026-03-04T23:59:59.999Z', '2026-03-05T00:00:00Z']) {
      expect(isOpen(table, when)).toBe(true);
    }
    expect(table.openAt(at('2026-03-05T00:00:00Z'))[0]?.start).toBe(at('2026-03-05T00:00:00Z'));
  });

  it('knows month ends and leap days', () => {
    const monthEnd = timetable({ start: '0 0 L * *', duration: '1d' });
    expect(occurrences(monthEnd, '2028-01-01T00:00Z', '2028-04-01T00:00Z')).toEqual([
      '2028-01-31T00:00/2028-02-01T00:00',
      '2028-02-29T00:00/2028-03-01T00:00',
      '2028-03-31T00:00/2028-04-01T00:00',
    ]);
    const leapDay = timetable({ start: '0 8 29 2 *', end: '0 9 * * *' });
    expect(occurrences(leapDay, '2025-01-01T00:00Z', '2033-01-01T00:00Z')).toEqual([
      '2028-02-29T08:00/2028-02-29T09:00',
      '2032-02-29T08:00/2032-02-29T09:00',
    ]);
  });

  it('happens once when it is given by date', () => {
    const sale = timetable({ start: '2026-11-11T00:00', end: '2026-11-12T02:00' }, 'Asia/Shanghai');
    expect(occurrences(sale, '2020-01-01T00:00Z', '2040-01-01T00:00Z')).toEqual([
      '2026-11-10T16:00/2026-11-11T18:00',
    ]);
    const timed = timetable({ start: '2026-11-11T00:00', duration: '90m' });
    expect(isOpen(timed, '2026-11-11T01:29:00Z')).toBe(true);
    expect(isOpen(timed, '2026-11-11T01:30:00Z')).toBe(false);
  });

  it('is open once however often its start comes round while it is open', () => {
    const table = timetable({ start: '*/30 9-10 * * *', end: '0 18 * * *' });
    expect(occurrences(table, '2026-03-04T00:00Z', '2026-03-05T00:00Z')).toEqual([
      '2026-03-04T09:00/2026-03-04T18:00',
    ]);
  });

  it('that lasts longer than the time to its next start is renewed there', () => {
    const table = timetable({ start: '0 * * * *', duration: '90m' });
    expect(occurrences(table, '2026-03-04T08:00Z', '2026-03-04T09:00Z')).toEqual([
      '2026-03-04T08:00/2026-03-04T09:00',
      '2026-03-04T09:00/2026-03-04T10:00',
    ]);
  });
});

describe('daylight saving', () => {
  const newYork = (window: object) => timetable(window, 'America/New_York');

  it('keeps the wall clock: an hour less in spring, an hour more in autumn', () => {
    const night = newYork({ start: '0 0 * * *', end: '0 6 * * *' });
    expect(occurrences(night, '2026-03-08T00:00Z', '2026-03-09T00:00Z')).toEqual([
      '2026-03-08T05:00/2026-03-08T10:00',
    ]);
    expect(occurrences(night, '2026-11-01T00:00Z', '2026-11-02T00:00Z')).toEqual([
      '2026-11-01T04:00/2026-11-01T11:00',
    ]);
  });

  it('opens when the clock jumps over the start', () => {
    const table = newYork({ start: '30 2 * * *', end: '0 5 * * *' });
    expect(occurrences(table, '2026-03-07T00:00Z', '2026-03-09T00:00Z')).toEqual([
      '2026-03-07T07:30/2026-03-07T10:00',
      '2026-03-08T07:00/2026-03-08T09:00',
    ]);
    expect(isOpen(table, '2026-03-08T06:59:59.999Z')).toBe(false);
    expect(isOpen(table, '2026-03-08T07:00:00Z')).toBe(true);
  });

  it.each([
    ['Africa/Cairo', '2026-04-24', '2026-04-23T21:59Z'],
    ['America/Santiago', '2026-09-06', '2026-09-06T03:59Z'],
    ['Asia/Beirut', '2026-03-29', '2026-03-28T21:59Z'],
    ['America/Havana', '2026-03-08', '2026-03-08T04:59Z'],
  ])('leaves no hole in a floor that holds all day where midnight is skipped: %s', (zone, day, before) => {
    const table = timetable({ start: '0 0 * * *', end: '0 0 * * *', minSize: 4 }, zone);
    for (let minute = 0; minute < 48 * 60; minute++)
      expect(table.openAt(at(before) + minute * 60_000)).toHaveLength(1);
    const opened = table.openAt(at(before) + 60_000)[0]!;
    expect(opened.start).toBe(at(before) + 60_000);
    const shown = new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
    expect(shown.format(opened.start)).toBe(`${day} 01:00`);
  });

  it('keeps a window of one weekday shut and open by the day that its start names', () => {
    // In Nuuk the last hour of Saturday is skipped: the clock jumps from 23:00 to Sunday's midnight.
    const late = { start: '30 23 * * *', duration: '1h' };
    const saturdays = timetable({ ...late, only: ['2026-03-28'] }, 'America/Nuuk');
    expect(occurrences(saturdays, '2026-03-28T00:00Z', '2026-03-31T00:00Z')).toEqual([
      '2026-03-29T01:00/2026-03-29T02:00',
    ]);
    const sundays = timetable({ ...late, only: ['2026-03-29'] }, 'America/Nuuk');
    expect(occurrences(sundays, '2026-03-28T00:00Z', '2026-03-31T00:00Z')).toEqual([
      '2026-03-30T00:30/2026-03-30T01:30',
    ]);
  });

  it('does not open at all where the clock jumps over start and end at once', () => {
    const table = newYork({ start: '0 2 * * *', end: '45 2 * * *' });
    expect(occurrences(table, '2026-03-08T00:00Z', '2026-03-10T00:00Z')).toEqual([
      '2026-03-09T06:00/2026-03-09T06:45',
    ]);
    expect(isOpen(table, '2026-03-08T07:00:00Z')).toBe(false);
    expect(isOpen(table, '2026-03-08T20:00:00Z')).toBe(false);
  });

  it('runs a repeated start once, the first time', () => {
    const table = newYork({ start: '30 1 * * *', duration: '10m' });
    expect(occurrences(table, '2026-11-01T00:00Z', '2026-11-02T00:00Z')).toEqual([
      '2026-11-01T05:30/2026-11-01T05:40',
    ]);
    expect(isOpen(table, '2026-11-01T06:35:00Z')).toBe(false);
  });

  it('closes when the clock jumps over the end, and not a day later', () => {
    const table = newYork({ start: '0 1 * * *', end: '30 2 * * *' });
    expect(occurrences(table, '2026-03-08T00:00Z', '2026-03-09T00:00Z')).toEqual([
      '2026-03-08T06:00/2026-03-08T07:00',
    ]);
    expect(isOpen(table, '2026-03-08T06:59:59.999Z')).toBe(true);
    expect(isOpen(table, '2026-03-08T07:00:00Z')).toBe(false);
  });

  it('closes at the first of two ends', () => {
    const table = newYork({ start: '0 0 * * *', end: '30 1 * * *' });
    expect(isOpen(table, '2026-11-01T05:29:00Z')).toBe(true);
    expect(isOpen(table, '2026-11-01T05:30:00Z')).toBe(false);
    expect(isOpen(table, '2026-11-01T06:15:00Z')).toBe(false);
  });

  it('may take away midnight, and half an hour, and a whole day', () => {
    const cairo = timetable({ start: '0 */2 * * *', duration: 60 }, 'Africa/Cairo');
    expect(occurrences(cairo, '2025-04-24T20:00Z', '2025-04-25T01:00Z')).toEqual([
      '2025-04-24T20:00/2025-04-24T20:01',
      '2025-04-24T22:00/2025-04-24T22:01',
      '2025-04-24T23:00/2025-04-24T23:01',
      '2025-04-25T01:00/2025-04-25T01:01',
    ]);
    const lordHowe = timetable({ start: '15 2 * * *', duration: 60 }, 'Australia/Lord_Howe');
    expect(occurrences(lordHowe, '2026-10-03T00:00Z', '2026-10-04T00:00Z')).toEqual([
      '2026-10-03T15:30/2026-10-03T15:31',
    ]);
    const apia = timetable({ start: '0 12 * * *', duration: 60 }, 'Pacific/Apia');
    expect(occurrences(apia, '2011-12-29T12:00Z', '2011-12-31T12:00Z')).toEqual([
      '2011-12-29T22:00/2011-12-29T22:01',
      '2011-12-30T10:00/2011-12-30T10:01',
      '2011-12-30T22:00/2011-12-30T22:01',
    ]);
  });

  it('opens and closes a dated window when the clock jumps over its times', () => {
    const table = newYork({ start: '2026-03-08T02:30', end: '2026-03-08T06:00' });
    expect(occurrences(table, '2026-03-01T00:00Z', '2026-04-01T00:00Z')).toEqual([
      '2026-03-08T07:00/2026-03-08T10:00',
    ]);
    const inside = newYork({ start: '2026-03-08T02:10', end: '2026-03-08T02:50' });
    expect(isOpen(inside, '2026-03-08T07:00:00Z')).toBe(false);
  });
});

describe('calendars', () => {
  const calendars = {
    holidays: {
      days: [
        { from: '2026-10-01', to: '2026-10-03' },
        { from: '2026-10-05', to: '2026-10-05' },
      ],
    },
    nothing: { days: [] },
  };

  it('keep a window shut on excepted days', () => {
    const table = timetable(
      { start: '0 11 * * *', end: '0 13 * * *', except: ['holidays'] },
      'Asia/Shanghai',
      calendars,
    );
    expect(occurrences(table, '2026-09-29T16:00Z', '2026-10-06T16:00Z')).toEqual([
      '2026-09-30T03:00/2026-09-30T05:00',
      '2026-10-04T03:00/2026-10-04T05:00',
      '2026-10-06T03:00/2026-10-06T05:00',
    ]);
  });

  it('open a window on their days only, and never again after the last', () => {
    const table = timetable(
      { start: '0 20 * * *', duration: '1h', only: ['holidays', '2026-12-24'], except: ['2026-10-02'] },
      'UTC',
      calendars,
    );
    expect(occurrences(table, '2026-01-01T00:00Z', '2030-01-01T00:00Z').map((o) => o.slice(0, 10))).toEqual([
      '2026-10-01',
      '2026-10-03',
      '2026-10-05',
      '2026-12-24',
    ]);
  });

  it('are judged at the start, in the time zone of the window', () => {
    const table = timetable(
      { start: '0 22 * * *', end: '0 2 * * *', except: ['2026-10-02'], timeZone: 'Asia/Shanghai' },
      'America/New_York',
    );
    expect(isOpen(table, '2026-10-01T17:00:00Z')).toBe(true); // 01:00 on the 2nd, opened on the 1st
    expect(isOpen(table, '2026-10-02T15:00:00Z')).toBe(false); // 23:00 on the 2nd
    expect(isOpen(table, '2026-10-03T15:00:00Z')).toBe(true);
  });

  it('that are empty hold no day', () => {
    const table = timetable({ start: '0 0 * * *', duration: '1h', only: ['nothing'] }, 'UTC', calendars);
    expect(occurrences(table, '2026-01-01T00:00Z', '2027-01-01T00:00Z')).toEqual([]);
  });

  it('leave open across an excepted day what opened before it', () => {
    const table = timetable({ start: '0 9 * * *', duration: '36h', except: ['2026-10-02'] });
    expect(occurrences(table, '2026-10-01T00:00Z', '2026-10-04T00:00Z')).toEqual([
      '2026-10-01T09:00/2026-10-02T21:00',
      '2026-10-03T09:00/2026-10-04T09:00',
    ]);
    expect(isOpen(table, '2026-10-02T20:00:00Z')).toBe(true);
  });
});

describe('what comes next', () => {
  it('is in order, closings before openings, with the closing of what is open now', () => {
    const table = new Timetable(
      {
        late: scheduleWindow.parse({ start: '0 13 * * *', duration: '1h', minSize: 4 }),
        lunch: scheduleWindow.parse({ start: '0 11 * * *', end: '0 13 * * *', scalingAdjustment: 2 }),
      },
      {},
      'UTC',
    );
    const coming = table.next(at('2026-03-04T12:00:00Z'), at('2026-03-05T11:00:00Z'));
    expect(coming.map((edge) => `${iso(edge.at)} ${edge.window.name} ${edge.edge}`)).toEqual([
      '2026-03-04T13:00 lunch end',
      '2026-03-04T13:00 late start',
      '2026-03-04T14:00 late end',
      '2026-03-05T11:00 lunch start',
    ]);
  });
});
