import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTrace, readTrace } from '../../../../simulate/world/trace.ts';
import { TraceError } from '../../../../simulate/world/trace-error.ts';

const csv = (...rows: string[]) => ['timestamp,requests_per_minute', ...rows].join('\n');
const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString();
const parse = (...rows: string[]) => parseTrace(csv(...rows), 'day.csv');

describe('a good trace', () => {
  it('passes minutes through untouched', () => {
    const trace = parse(`${at(0)},5`, `${at(1)},7`, `${at(2)},9`);
    expect([...trace.load]).toEqual([5, 7, 9]);
    expect(trace.startsAt).toBe(Date.UTC(2026, 2, 1));
    expect(trace.repairs).toEqual([]);
  });

  it('interpolates coarser rows through the middle of their buckets, per minute', () => {
    const text = `timestamp,requests_per_5min\n${at(4)},50\n${at(9)},100\n`;
    const { load, resolutionMinutes } = parseTrace(text, 'elb.csv');
    expect(resolutionMinutes).toBe(5);
    expect([...load]).toEqual([10, 10, 10, 12, 14, 16, 18, 20, 20, 20]);
  });

  it('takes a column without a unit as a count per row', () => {
    expect([...parseTrace(`timestamp,hits\n${at(0)},60\n${at(30)},60\n`, 'x').load]).toEqual(
      Array(60).fill(2),
    );
  });

  it('averages rows finer than a minute', () => {
    const text = `timestamp,requests_per_second\n2026-03-01T00:00:00Z,1\n2026-03-01T00:00:30Z,3\n2026-03-01T00:01:00Z,4`;
    expect([...parseTrace(text, 'x').load]).toEqual([120, 240]);
  });
});

describe('repairs', () => {
  it('bridges a short gap and says so', () => {
    const trace = parse(`${at(0)},10`, `${at(1)},10`, `${at(4)},40`);
    expect([...trace.load]).toEqual([10, 10, 20, 30, 40]);
    expect(trace.repairs).toEqual(['1 gap bridged by a straight line']);
  });

  it('bridges minutes without a row in a trace of seconds', () => {
    const { load } = parseTrace(
      'timestamp,requests_per_second\n2026-03-01T00:00:00Z,1\n2026-03-01T00:00:30Z,1\n2026-03-01T00:03:00Z,4\n2026-03-01T00:03:30Z,4',
      'x',
    );
    expect([...load]).toEqual([60, 120, 180, 240]);
  });

  it('keeps its resolution when a few rows stray', () => {
    const rows = Array.from({ length: 24 }, (_, row) => `${at(5 * row)},50`);
    const stray = [...rows.slice(0, 6), '2026-03-01T00:25:10Z,50', ...rows.slice(6)];
    const { load, resolutionMinutes, repairs } = parseTrace(['timestamp,hits', ...stray].join('\n'), 'x');
    expect(resolutionMinutes).toBe(5);
    expect([...load]).toEqual(Array(120).fill(10));
    expect(repairs).toEqual(['1 row nearer to the one before than the rest']);
  });

  it('takes an empty value as missing', () => {
    const trace = parse(`${at(0)},10`, `${at(1)},`, `${at(2)},30`, `${at(3)},30`);
    expect([...trace.load]).toEqual([10, 20, 30, 30]);
    expect(trace.repairs).toContain('1 empty value taken as missing');
  });

  it('converts other zones to UTC', () => {
    const trace = parse('2026-03-01T08:00:00+08:00,1', '2026-03-01T08:01:00+08:00,2');
    expect(trace.startsAt).toBe(Date.UTC(2026, 2, 1));
    expect(trace.repairs[0]).toMatch(/2 timestamps converted/);
  });

  it('reads Windows line ends, a byte order mark and blank lines', () => {
    expect([...parseTrace(`\uFEFFtimestamp,n\r\n${at(0)},1\r\n\r\n${at(1)},2\r\n`, 'x').load]).toEqual([
      1, 2,
    ]);
  });
});

describe('refusals name the line and what was expected', () => {
  const refusals: [string, string, number, RegExp][] = [
    ['an empty file', '', 1, /expected at least two/],
    ['only a header', csv(), 1, /found 0 rows/],
    ['another header', 'time;value\n', 1, /expected "timestamp,<column>"/],
    ['text for a value', csv(`${at(0)},1`, `${at(1)},many`), 3, /"many"; expected a number/],
    ['a negative value', csv(`${at(0)},1`, `${at(1)},-1`), 3, /"-1"; expected a number that is zero or more/],
    ['a number of another notation', csv(`${at(0)},0x10`), 2, /"0x10"; expected a number/],
    ['an absurd value', csv(`${at(0)},1e308`), 2, /and at most 1000000000000/],
    ['a 30 February', csv('2026-02-30T00:00:00Z,1'), 2, /expected ISO-8601/],
    ['what is no text', '\u0000\u001b[31m\u0007', 1, /found the header "��\[31m�"/],
    ['an infinite value', csv(`${at(0)},Infinity`), 2, /expected a number/],
    ['disorder', csv(`${at(1)},1`, `${at(0)},1`), 3, /earlier than line 2; expected ascending order/],
    ['a doubled minute', csv(`${at(0)},1`, `${at(0)},1`), 3, /the same instant as line 2/],
    ['no zone', csv('2026-03-01T00:00:00,1'), 2, /expected ISO-8601 with a zone/],
    ['a date that does not exist', csv('2026-13-41T00:00:00Z,1'), 2, /expected ISO-8601/],
    ['a third field', csv(`${at(0)},1,2`), 2, /expected two fields/],
    [
      'a long gap',
      csv(`${at(0)},1`, `${at(1)},1`, `${at(400)},1`),
      4,
      /a gap of 399 minutes; expected at most 180/,
    ],
  ];
  it.each(refusals)('%s', (_, text, line, message) => {
    const error = (() => {
      try {
        parseTrace(text, 'day.csv');
      } catch (thrown) {
        return thrown as TraceError;
      }
      return undefined;
    })();
    expect(error).toBeInstanceOf(TraceError);
    expect(error?.message).toMatch(message);
    expect(error?.message).toContain(`day.csv, line ${line}:`);
  });
});

/** Rows only for the seconds that had a request, as `awk '{print $4}' access.log | uniq -c` writes them. */
function busySeconds(counts: readonly number[], column: string): string {
  const start = Date.UTC(2026, 2, 1);
  const rows = counts.flatMap((count, second) =>
    count > 0 ? [`${new Date(start + second * 1000).toISOString()},${count}`] : [],
  );
  return [`timestamp,${column}`, ...rows].join('\n');
}

describe('a log of busy seconds', () => {
  const start = Date.UTC(2026, 2, 1);
  /** Three requests a minute for an hour, then sixty in four seconds of each. */
  const counts = Array.from({ length: 7200 }, (_, second) => {
    const busy = second < 3600 ? [7, 8, 31] : [0, 1, 2, 30];
    return busy.includes(second % 60) ? (second < 3600 ? 1 : 15) : 0;
  });

  it('adds up the counts of each minute, for a second without a row had no request', () => {
    const { load, repairs } = parseTrace(busySeconds(counts, 'requests'), 'access.csv');
    expect([...load.slice(0, 60)]).toEqual(Array(60).fill(3));
    expect([...load.slice(60)]).toEqual(Array(60).fill(60));
    expect(repairs).toEqual(['rows only for busy seconds: seconds and minutes without a row counted as 0']);
  });

  it('reads a quiet hour in it as 0, and not as what was before and after', () => {
    const quiet = counts.map((count, second) => (second >= 900 && second < 2700 ? 0 : count));
    const { load } = parseTrace(busySeconds(quiet, 'requests'), 'access.csv');
    expect([...load.slice(10, 50)]).toEqual([...Array(5).fill(3), ...Array(30).fill(0), ...Array(5).fill(3)]);
  });

  it('keeps a minute unknown whose rows say that they are missing', () => {
    const rows = busySeconds(counts.slice(0, 600), 'requests').split('\n');
    const lost = rows.map((row) => (row.startsWith('2026-03-01T00:05') ? row.replace(/,.*/, ',NaN') : row));
    const { load, repairs } = parseTrace(lost.join('\n'), 'access.csv');
    expect([...load]).toEqual(Array(10).fill(3));
    expect(repairs).toContain('3 empty values taken as missing');
  });

  it('counts minutes without a row as 0 too, where many are missing', () => {
    const minutes = [0, 1, 2, 5, 6, 9].map((minute) => `${at(minute)},4`);
    const { load } = parseTrace(['timestamp,requests', ...minutes].join('\n'), 'access.csv');
    expect([...load]).toEqual([4, 4, 4, 0, 0, 4, 4, 0, 0, 4]);
  });

  it('bridges a gap in counts that are otherwise whole', () => {
    const minutes = Array.from({ length: 40 }, (_, minute) => `${at(minute)},4`);
    minutes.splice(20, 3);
    const { load, repairs } = parseTrace(['timestamp,requests', ...minutes].join('\n'), 'hits.csv');
    expect([...load]).toEqual(Array(40).fill(4));
    expect(repairs).toEqual(['1 gap bridged by a straight line']);
  });

  it('refuses a rate of which most seconds are missing, for nobody knows what they were', () => {
    const text = busySeconds(counts, 'requests_per_second');
    expect(() => parseTrace(text, 'access.csv')).toThrow(
      /line 4: only 6 % of the rows.*expected a row for every second.*or counts in a column without _per_/,
    );
  });

  it('takes the mean of a rate of which a few seconds are missing', () => {
    const rows = Array.from(
      { length: 120 },
      (_, second) => `${new Date(start + second * 1000).toISOString()},2`,
    );
    rows.splice(30, 5);
    expect([...parseTrace(['timestamp,requests_per_second', ...rows].join('\n'), 'x').load]).toEqual([
      120, 120,
    ]);
  });
});

describe('units', () => {
  const hourly = (column: string) =>
    parseTrace([`timestamp,${column}`, `${at(0)},1440`, `${at(60)},1440`].join('\n'), 'x.csv').load[0];

  it.each([
    ['requests_per_second', 86_400],
    ['requests_per_5min', 288],
    ['requests_per_Hour', 24],
    ['requests_per_day', 1],
    ['requests', 24],
  ])('%s', (column, perMinute) => {
    expect(hourly(column)).toBeCloseTo(perMinute, 9);
  });

  it.each([
    'requests_per_0min',
    'requests_per_week',
    'requests_per_target',
    'hits_per_minute_avg',
    `n_per_${'9'.repeat(400)}s`,
  ])('refuses %s', (column) => {
    expect(() => hourly(column)).toThrow(/line 1: .*expected a unit of time after _per_/);
  });
});

describe('what spreadsheets and dashboards write', () => {
  it('reads quoted fields', () => {
    const text = `"timestamp","requests per ""minute"""\n"${at(0)}","5"\n${at(1)}, "7" `;
    const { load, column } = parseTrace(text, 'x.csv');
    expect([...load]).toEqual([5, 7]);
    expect(column).toBe('requests per "minute"');
  });

  it.each(['NaN', 'nan', 'null', 'NULL', '"null"', 'None', 'n/a', 'undefined', ''])(
    'takes %s as missing',
    (value) => {
      const trace = parse(`${at(0)},10`, `${at(1)},${value}`, `${at(2)},30`);
      expect([...trace.load]).toEqual([10, 20, 30]);
      expect(trace.repairs).toContain('1 empty value taken as missing');
    },
  );

  it('refuses a quote that does not end, with its line', () => {
    expect(() => parse(`${at(0)},10`, `"${at(1)},10`)).toThrow(
      /day.csv, line 3: .*a quote that is not closed/,
    );
  });

  it('refuses a number with a thousands separator', () => {
    expect(() => parse(`${at(0)},"1,234"`)).toThrow(/line 2: found the value "1,234"; expected a number/);
  });
});

describe('no number ends in a RangeError', () => {
  const stamps = ['0001-01-01T00:00:00Z', '2026-03-01T00:00:00Z', '9999-12-31T00:00:00Z'];

  it.each([
    ['two rows that lie thousands of years apart', [stamps[0], stamps[2]]],
    ['rows of a year each', ['2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z', '2022-01-01T00:00:00Z']],
  ])('%s', (_, rows) => {
    const text = ['timestamp,requests', ...rows.map((stamp) => `${stamp},1`)].join('\n');
    expect(() => parseTrace(text, 'x.csv')).toThrow(/x.csv, line 3: .*expected at most a day between rows/);
  });

  it('daily rows over more years than fit', () => {
    const days = Array.from({ length: 366 * 60 }, (_, day) =>
      new Date(Date.UTC(1950, 0, 1 + day)).toISOString(),
    );
    const text = ['timestamp,requests', ...days.map((stamp) => `${stamp},1`)].join('\n');
    expect(() => parseTrace(text, 'x.csv')).toThrow(TraceError);
  });
});

it('reads a large file from disk in one go', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trace-'));
  try {
    const path = join(folder, 'year.csv');
    const rows = Array.from({ length: 200_000 }, (_, minute) => `${at(minute)},${minute % 7}`);
    writeFileSync(path, `${csv()}\n${rows.join('\n')}`);
    expect(readTrace(path).load.length).toBe(200_000);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
