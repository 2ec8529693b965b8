import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../src/events/schedule-expression.ts';

const instant = (text: string) => Date.parse(text);

/** The next occurrences, as ISO-8601 without milliseconds. */
function occurrences(expression: string, timeZone: string, after: string, count: number): string[] {
  const schedule = parseSchedule(expression, timeZone, instant(after));
  const found: string[] = [];
  for (
    let next = schedule.next(instant(after));
    next !== undefined && found.length < count;
    next = schedule.next(next)
  ) {
    found.push(new Date(next).toISOString().replace('.000', ''));
  }
  return found;
}

describe('a schedule expression', () => {
  it.each([
    ['cron(0 11 * * ? *)', 'Asia/Shanghai', ['2026-03-02T03:00:00Z', '2026-03-03T03:00:00Z']],
    [
      'cron(0/20 8 ? * 2-3 *)',
      'UTC',
      ['2026-03-02T08:00:00Z', '2026-03-02T08:20:00Z', '2026-03-02T08:40:00Z', '2026-03-03T08:00:00Z'],
    ],
    ['cron(0 8 ? * SUN *)', 'UTC', ['2026-03-08T08:00:00Z']],
    ['cron(0 8 ? * 1 *)', 'UTC', ['2026-03-08T08:00:00Z']],
    ['cron(0 8 ? * 6L *)', 'UTC', ['2026-03-27T08:00:00Z']],
    ['cron(0 8 ? * 2#2 *)', 'UTC', ['2026-03-09T08:00:00Z']],
    ['cron(30 9 L * ? *)', 'UTC', ['2026-03-31T09:30:00Z', '2026-04-30T09:30:00Z']],
    ['cron(0 0 1 1 ? 2028)', 'UTC', ['2028-01-01T00:00:00Z']],
    ['rate(5 minutes)', 'UTC', ['2026-03-02T00:05:00Z', '2026-03-02T00:10:00Z']],
    ['rate(1 day)', 'UTC', ['2026-03-03T00:00:00Z']],
    ['at(2026-03-02T11:00:00)', 'Asia/Shanghai', ['2026-03-02T03:00:00Z']],
  ])('%s in %s', (expression, timeZone, expected) => {
    expect(occurrences(expression, timeZone, '2026-03-02T00:00:00Z', expected.length)).toEqual(expected);
  });

  it('ends when it has no more occurrences', () => {
    expect(occurrences('cron(0 0 1 1 ? 2020)', 'UTC', '2026-03-02T00:00:00Z', 1)).toEqual([]);
    expect(occurrences('at(2026-03-01T00:00:00)', 'UTC', '2026-03-02T00:00:00Z', 1)).toEqual([]);
  });

  it('skips local times that do not exist', () => {
    // In Berlin the clock goes from 02:00 to 03:00 on 29 March 2026.
    const days = occurrences('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-03-27T12:00:00Z', 2);
    expect(days).toEqual(['2026-03-28T01:30:00Z', '2026-03-30T00:30:00Z']);
  });

  it('counts local times that come twice once', () => {
    // In Berlin the hour from 02:00 to 03:00 comes twice on 25 October 2026.
    const days = occurrences('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2);
    expect(days).toEqual(['2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z']);
    const quarters = occurrences('cron(0/15 * * * ? *)', 'Europe/Berlin', '2026-10-25T00:40:00Z', 2);
    expect(quarters).toEqual(['2026-10-25T00:45:00Z', '2026-10-25T02:00:00Z']);
  });

  it.each([
    'cron(0 11 * * *)',
    'cron(0 11 * * * *)',
    'cron(0 25 * * ? *)',
    'rate(0 minutes)',
    'rate(5 seconds)',
    'every day',
    'at(tomorrow)',
  ])('refuses %s', (expression) => {
    expect(() => parseSchedule(expression, 'UTC', 0)).toThrow(`not valid: ${expression}`);
  });

  it('refuses a time zone that nobody knows', () => {
    expect(() => parseSchedule('rate(5 minutes)', 'Asia/Atlantis', 0)).toThrow('Asia/Atlantis');
  });
});

it.each(['asia/shanghai', 'ASIA/SHANGHAI', 'us/eastern', 'Mars/Olympus'])(
  'refuses the time zone %s',
  (zone) => {
    expect(() => parseSchedule('cron(0 11 * * ? *)', zone, 0)).toThrow(/Timezone/);
  },
);

it.each(['Asia/Shanghai', 'Asia/Kolkata', 'US/Eastern', 'UTC', 'Etc/GMT+3'])(
  'knows the time zone %s',
  (zone) => {
    expect(parseSchedule('cron(0 11 * * ? *)', zone, 0).next(0)).toBeDefined();
  },
);
