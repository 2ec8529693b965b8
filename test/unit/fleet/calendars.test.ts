import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Fleet } from '../../../shared/fleet/fleet.ts';
import { InvalidFleet } from '../../../shared/fleet/invalid-fleet.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import { calendarWarnings } from '../../../shared/schedule/calendar-warnings.ts';
import { Timetable } from '../../../shared/schedule/timetable.ts';

const folder = mkdtempSync(join(tmpdir(), 'rushhour-calendars-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A fleet whose only group has these windows, with calendars `c` and more. */
function fleetWith(calendars: string, windows = '{}'): Fleet {
  const text = `name: f\ntimeZone: Asia/Shanghai\ncalendars: ${calendars}\ngroups: { g: { existing: g, minSize: 1, maxSize: 9, schedules: ${windows} } }`;
  return readFleet(text, join(folder, 'fleet.yaml'));
}

function mistakes(calendars: string): string[] {
  try {
    fleetWith(calendars);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidFleet)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

/** `from..to name` of the days of calendar `c` that begin in one year. */
function days(calendar: string, year: number): string[] {
  return fleetWith(`{ c: ${calendar} }`)
    .calendars['c']!.days.filter(({ from }) => from.startsWith(`${year}-`))
    .map(({ from, to, name }) => `${from.slice(5)}..${to.slice(5)}${name ? ` ${name}` : ''}`);
}

/** The days of October 2026 on which a window opens, in Shanghai. */
function openInOctober(fleet: Fleet): number[] {
  const [from, until] = [Date.parse('2026-10-01T00:00+08:00') - 1, Date.parse('2026-11-01T00:00+08:00') - 1];
  return new Timetable(fleet.groups['g']!.schedules, fleet.calendars, fleet.timeZone)
    .next(from, until)
    .flatMap(({ at, edge }) => (edge === 'start' ? new Date(at + 8 * 3_600_000).getUTCDate() : []));
}

describe("China's calendar", () => {
  // As the State Council announced it: https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm
  it('has the days that the State Council announced', () => {
    expect(days('{ country: CN }', 2026)).toEqual([
      "01-01..01-03 New Year's Day",
      '02-15..02-23 Spring Festival',
      '04-04..04-06 Tomb-sweeping Day',
      '05-01..05-05 Labour Day',
      '06-19..06-21 Dragon Boat Festival',
      '09-25..09-27 Mid-autumn Festival',
      '10-01..10-07 National Day',
    ]);
  });

  it('knows the weekend days that are worked', () => {
    expect(days('{ country: CN, days: makeUpWorkdays }', 2026)).toEqual([
      "01-04..01-04 worked for New Year's Day",
      '02-14..02-14 worked for Spring Festival',
      '02-28..02-28 worked for Spring Festival',
      '05-09..05-09 worked for Labour Day',
      '09-20..09-20 worked for National Day',
      '10-10..10-10 worked for National Day',
    ]);
  });

  it('opens on workdays, those made up included, and not on days of rest', () => {
    const daily = 'start: "0 11 * * *", duration: 2h, scalingAdjustment: 2';
    const workdays = fleetWith(
      '{ workdays: { country: CN, days: workdays } }',
      `{ w: { ${daily}, only: [workdays] } }`,
    );
    const rest = fleetWith(
      '{ rest: { country: CN, days: restDays } }',
      `{ w: { ${daily}, except: [rest] } }`,
    );
    const expected = [8, 9, 10, 12, 13, 14, 15, 16, 19, 20, 21, 22, 23, 26, 27, 28, 29, 30];
    expect(openInOctober(workdays)).toEqual(expected);
    expect(openInOctober(rest)).toEqual(expected);
    const holidays = fleetWith('{ rest: { country: CN } }', `{ w: { ${daily}, except: [rest] } }`);
    expect(openInOctober(holidays)).toEqual(Array.from({ length: 24 }, (_, index) => index + 8));
  });

  it('says until when it is known; what is not announced are ordinary days', () => {
    const { c, w } = fleetWith('{ c: { country: CN }, w: { country: CN, days: workdays } }').calendars;
    const year = c!.knownUntil!.slice(0, 4);
    expect(c!.knownUntil).toMatch(/-12-31$/);
    expect(Number(year)).toBeGreaterThanOrEqual(2026);
    expect(c!.days.at(-1)!.to < `${Number(year) + 1}`).toBe(true);
    // 1 October 2035 is a Monday.
    expect(w!.days.some(({ from, to }) => from <= '2035-10-01' && '2035-10-01' <= to)).toBe(true);
    expect(w!.days.some(({ from, to }) => from <= '2035-10-06' && '2035-10-06' <= to)).toBe(false);
  });

  it('has no regions', () => {
    expect(mistakes('{ c: { country: CN, region: BJ } }')).toEqual([
      'calendars.c.region: expected none: China has the same holidays everywhere, found "BJ"',
    ]);
  });
});

describe("other countries' calendars", () => {
  it('have their public holidays by name, substitutes included', () => {
    expect(days('{ country: KR }', 2027).slice(0, 4)).toEqual([
      "01-01..01-01 New Year's Day",
      '02-07..02-09 Korean New Year',
      '02-09..02-09 Korean New Year (substitute day)',
      '03-01..03-01 Independence Movement Day',
    ]);
    expect(days('{ country: DE }', 2026)).toEqual([
      "01-01..01-01 New Year's Day",
      '04-03..04-03 Good Friday',
      '04-06..04-06 Easter Monday',
      '05-01..05-01 Labour Day',
      '05-14..05-14 Ascension Day',
      '05-25..05-25 Whit Monday',
      '10-03..10-03 National Holiday',
      '12-25..12-25 Christmas Day',
      '12-26..12-26 Boxing Day',
    ]);
  });

  it('may be of a region, and of a part of it', () => {
    const augsburg = days('{ country: DE, region: BY-A }', 2026);
    expect(days('{ country: DE, region: BY }', 2026)).toContain('01-06..01-06 Epiphany');
    expect(augsburg).toContain('08-08..08-08 Augsburg Peace Festival');
    expect(days('{ country: GB, region: SCT }', 2026)).toContain('11-30..11-30 St Andrew’s Day');
  });

  it('leave out half days', () => {
    expect(days('{ country: IS }', 2027).join()).not.toContain('Eve');
  });

  it.each([
    ['{ country: XX }', 'country: expected a country whose holidays date-holidays knows, like KR or DE'],
    ['{ country: de }', 'country: expected a country of two letters like CN, KR or DE (did you mean DE?)'],
    ['{ country: DE, region: BX }', 'region: expected one of BB, BE, BW, BY,'],
    ['{ country: DE, region: BY-B }', 'region: expected one of BY-A, BY-KATH, BY-EVANG'],
    ['{ country: KR, region: BY }', 'region: expected none: no part of it is known'],
    [
      '{ country: KR, days: workdays }',
      'days: expected holidays: which weekend days are worked is known of CN',
    ],
    ['{ country: KR, days: weekends }', 'days: expected one of holidays, workdays, restDays, makeUpWorkdays'],
    ['{ country: KR, regoin: X }', 'regoin: expected no such key; region is one'],
  ])('say what was expected: %s', (calendar, expected) => {
    expect(mistakes(`{ c: ${calendar} }`)).toEqual([expect.stringContaining(`calendars.c.${expected}`)]);
  });

  it.each(['holidays', '3', 'null'])('are no calendar: %s', (calendar) => {
    expect(mistakes(`{ c: ${calendar} }`)).toEqual([
      expect.stringContaining(
        'calendars.c: expected a list of days, a country like { country: CN }, or a file',
      ),
    ]);
  });
});

const event = (...lines: string[]) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'].join('\r\n');
const stamp = 'DTSTAMP:20260101T000000Z';

function icsFile(name: string, ...events: string[]): string {
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//', ...events, 'END:VCALENDAR', ''];
  writeFileSync(join(folder, name), lines.join('\r\n'));
  return `{ ics: ${name} }`;
}

describe('an .ics file beside the fleet file', () => {
  it('gives the days of its events, with their names', () => {
    const calendar = icsFile(
      'company.ics',
      event(
        'UID:1',
        stamp,
        'DTSTART;VALUE=DATE:20261224',
        'DTEND;VALUE=DATE:20261227',
        'SUMMARY:Works holiday',
      ),
      event('UID:2', stamp, 'DTSTART;VALUE=DATE:20260701', 'SUMMARY:Founding da', ' y'),
      event('UID:3', stamp, 'DTSTART;VALUE=DATE:20260801', 'SUMMARY:Off', 'STATUS:CANCELLED'),
    );
    expect(days(calendar, 2026)).toEqual(['07-01..07-01 Founding day', '12-24..12-26 Works holiday']);
    expect(fleetWith(`{ c: ${calendar} }`).calendars['c']!.knownUntil).toBe('2026-12-26');
  });

  it('repeats what repeats, but for what is taken out or moved', () => {
    const calendar = icsFile(
      'yearly.ics',
      event(
        ...['UID:1', stamp, 'DTSTART;VALUE=DATE:20200228', 'SUMMARY:Audit', 'RRULE:FREQ=YEARLY'],
        ...['EXDATE;VALUE=DATE:20270228'],
      ),
      event(
        'UID:1',
        stamp,
        'RECURRENCE-ID;VALUE=DATE:20280228',
        'DTSTART;VALUE=DATE:20280301',
        'SUMMARY:Late',
      ),
    );
    expect(days(calendar, 2026)).toEqual(['02-28..02-28 Audit']);
    expect(days(calendar, 2027)).toEqual([]);
    expect(days(calendar, 2028)).toEqual(['03-01..03-01 Late']);
    expect(days(calendar, 2035)).toEqual(['02-28..02-28 Audit']);
    expect(days(calendar, 2036)).toEqual([]);
  });

  it('counts only days of rest where a calendar tells them from days of work', () => {
    const special = (kind: string) => `X-APPLE-SPECIAL-DAY:${kind}`;
    const calendar = icsFile(
      'apple.ics',
      event('UID:1', stamp, 'DTSTART;VALUE=DATE:20261001', 'SUMMARY:国庆节（休）', special('WORK-HOLIDAY')),
      event(
        'UID:2',
        stamp,
        'DTSTART;VALUE=DATE:20261010',
        'SUMMARY:国庆节（班）',
        special('ALTERNATE-WORKDAY'),
      ),
      event('UID:3', stamp, 'DTSTART;VALUE=DATE:20261018', 'SUMMARY:重阳节'),
    );
    expect(days(calendar, 2026)).toEqual(['10-01..10-01 国庆节（休）']);
  });

  it('is refused when it cannot be what is meant', () => {
    const timed = icsFile('timed.ics', event('UID:1', stamp, 'DTSTART:20261224T100000Z', 'SUMMARY:Party'));
    const repeating = (name: string, rule: string) =>
      icsFile(name, event('UID:1', stamp, 'DTSTART;VALUE=DATE:19800101', `RRULE:${rule}`));
    const often = repeating('often.ics', 'FREQ=SECONDLY');
    const never = repeating('never.ics', 'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30');
    const daily = event('UID:1', stamp, 'DTSTART;VALUE=DATE:20200101', 'RRULE:FREQ=DAILY');
    const many = icsFile('many.ics', daily, daily, daily);
    const wrong = repeating('wrong.ics', 'FREQ=YEARLY;BYDAY=99MO');
    writeFileSync(join(folder, 'none.ics'), 'holidays: 1 May\n');
    writeFileSync(join(folder, 'large.ics'), 'x'.repeat(1_000_001));
    const expected = {
      [timed]: 'expected events that last whole days, which Party does not, found "timed.ics"',
      [never]: 'expected events that repeat by year',
      [many]: 'expected at most 10000 days, found "many.ics"',
      [wrong]: 'expected a file in the iCalendar format',
      [often]:
        'expected events that repeat by year (BYMONTH and BYDAY), week (BYDAY), month or day, unlike 1',
      '{ ics: none.ics }': 'expected a file in the iCalendar format, found "none.ics"',
      '{ ics: large.ics }': 'expected at most 1000000 bytes, found "large.ics"',
      '{ ics: missing.ics }':
        'expected a file that is there, named from the fleet file\'s folder, found "missing.ics"',
      '{ ics: ../secret.ics }': "expected a file in the fleet file's folder",
      '{ ics: /etc/a.ics }': "expected a file in the fleet file's folder",
      '{ ics: fleet.yaml }': 'expected the path of an .ics file beside the fleet file, like holidays.ics',
    };
    for (const [calendar, message] of Object.entries(expected))
      expect(mistakes(`{ c: ${calendar} }`)).toEqual([
        expect.stringContaining(`calendars.c.ics: ${message}`),
      ]);
  });
});

describe('a calendar that ends', () => {
  const windows =
    '{ w: { start: "0 11 * * *", duration: 2h, minSize: 2, except: [c] }, once: { start: 2026-01-01T00:00, duration: 1h, minSize: 2, except: [d] } }';
  const fleet = fleetWith('{ c: [2026-10-01..2026-10-07], d: [2026-01-05] }', windows);
  const warnings = (day: string) =>
    calendarWarnings(fleet, Date.parse(`${day}T00:00+08:00`)).map(
      ({ path, message }) => `${path} ${message}`,
    );

  it('is warned of from 60 days before, where a recurring window goes by it', () => {
    expect(warnings('2026-08-08')).toEqual([]);
    expect(warnings('2026-08-09')).toEqual([
      'calendars.c ends on 2026-10-07: what comes after is not known to g.w',
    ]);
    expect(warnings('2026-10-08')).toEqual([
      'calendars.c ended on 2026-10-07: what comes after is not known to g.w',
    ]);
  });

  it('is told apart from one whose year is not announced yet', () => {
    const china = fleetWith('{ c: { country: CN } }', windows.replace('[d]', '[]'));
    const { knownUntil } = china.calendars['c']!;
    const [found, ...more] = calendarWarnings(china, Date.parse(`${knownUntil}T00:00+08:00`));
    expect(more).toEqual([]);
    expect(found!.message).toBe(`ends on ${knownUntil}: what comes after is not known to g.w`);
    expect(found!.advice).toContain('chinese-days');
    expect(calendarWarnings(china, Date.parse(`${knownUntil}T00:00+08:00`) - 60 * 86_400_000)).toEqual([]);
  });
});
