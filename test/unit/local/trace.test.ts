import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTrace, readTrace, TraceError } from '../../../local/world/trace.ts';

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
