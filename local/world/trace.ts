import { readFileSync, statSync } from 'node:fs';

const MINUTE = 60_000;
const MAX_BYTES = 256 * 1024 * 1024;
/** Gaps up to this long, or three buckets of a coarse trace, are bridged by a straight line. */
const MAX_GAP_MINUTES = 180;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
const NUMBER = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** Sums of larger values would no longer be exact. */
const MAX_VALUE = 1e12;
/** A row in so many may be nearer to the one before it than the resolution: a stray one says nothing about the others. */
const STRAY_ROWS = 0.1;
const UNIT = /_per_(\d*)(s|sec|second|min|minute|h|hour)s?$/;
const UNIT_MINUTES: Record<string, number> = {
  s: 1 / 60,
  sec: 1 / 60,
  second: 1 / 60,
  min: 1,
  minute: 1,
  h: 60,
  hour: 60,
};

/** A history of load, one value a minute. */
export interface Trace {
  /** Start of the first minute, epoch milliseconds. */
  startsAt: number;
  /** Load of each minute, per minute. */
  load: Float64Array;
  /** Name of the column that was read. */
  column: string;
  /** Minutes between the rows of the file. */
  resolutionMinutes: number;
  /** What was repaired while reading, in sentences for people. */
  repairs: string[];
}

/** A trace that cannot be read; `line` counts from 1, the header being line 1. */
export class TraceError extends Error {
  readonly code = 'TraceInvalid';
  readonly line: number;

  constructor(name: string, line: number, message: string) {
    super(`${name}, line ${line}: ${message.replace(/\p{Cc}/gu, '�')}`);
    this.name = 'TraceError';
    this.line = line;
  }
}

/**
 * Reads a trace from a CSV file of at most 256 MB. See `parseTrace`.
 * @throws TraceError when the file is no trace, and the file system's own errors.
 */
export function readTrace(path: string): Trace {
  const { size } = statSync(path);
  if (size > MAX_BYTES)
    throw new TraceError(path, 1, `the file has ${size} bytes; expected at most ${MAX_BYTES}`);
  return parseTrace(readFileSync(path, 'utf8'), path);
}

/**
 * Turns the text of a CSV `timestamp,<column>` into load per minute. A column that ends in `_per_minute`, `_per_5min`,
 * `_per_second`… says its unit; any other counts per row. Rows coarser than a minute are interpolated
 * linearly through the middle of their buckets, finer ones averaged.
 *
 * Repaired and reported: short gaps and empty values (a straight line), zones other than UTC (converted), a few rows nearer to
 * each other than the rest.
 * Refused with the line and what was expected: timestamps without a zone, on days that do not exist, out of order or doubled,
 * values that are negative, absurd or no number, long gaps, fewer than two rows.
 * @throws TraceError
 */
export function parseTrace(text: string, name: string): Trace {
  const rows = readRows(text, name);
  const steps = stepsOf(rows.at);
  const resolutionMinutes = steps[Math.floor(STRAY_ROWS * (steps.length - 1))]! / MINUTE;
  const perMinute = 1 / (unitMinutes(rows.column) ?? resolutionMinutes);
  const gaps = checkGaps(rows, resolutionMinutes, name);
  const repairs: string[] = [];
  const near = steps.findIndex((step) => step > (resolutionMinutes * MINUTE) / 2);
  if (near > 0) repairs.push(`${counted(near, 'row')} nearer to the one before than the rest`);
  if (gaps > 0) repairs.push(`${counted(gaps, 'gap')} bridged by a straight line`);
  if (rows.empty > 0) repairs.push(`${counted(rows.empty, 'empty value')} taken as missing`);
  if (rows.zoned > 0) repairs.push(`${counted(rows.zoned, 'timestamp')} converted to UTC from another zone`);
  const startsAt = Math.floor(rows.at[0]! / MINUTE) * MINUTE;
  const load =
    resolutionMinutes < 1 ? averageMinutes(rows, startsAt) : interpolate(rows, startsAt, resolutionMinutes);
  for (let minute = 0; minute < load.length; minute++) load[minute] = load[minute]! * perMinute;
  return { startsAt, load, column: rows.column, resolutionMinutes, repairs };
}

interface Rows {
  column: string;
  at: number[];
  value: number[];
  line: number[];
  empty: number;
  zoned: number;
}

function readRows(text: string, name: string): Rows {
  const rows: Rows = { column: '', at: [], value: [], line: [], empty: 0, zoned: 0 };
  let line = 0;
  for (let from = 0; from < text.length; ) {
    let to = text.indexOf('\n', from);
    if (to === -1) to = text.length;
    const row = text.slice(from, to).trim();
    from = to + 1;
    line++;
    if (line === 1) rows.column = readHeader(row, name);
    else if (row !== '') readRow(row, line, rows, name);
  }
  if (rows.at.length < 2) {
    throw new TraceError(
      name,
      Math.max(1, line),
      `found ${counted(rows.at.length, 'row')} with a value; expected at least two`,
    );
  }
  return rows;
}

function readHeader(row: string, name: string): string {
  const fields = row.replace(/^\uFEFF/, '').split(',');
  if (fields.length !== 2 || fields[0]!.trim() !== 'timestamp' || fields[1]!.trim() === '') {
    throw new TraceError(name, 1, `found the header "${row.slice(0, 80)}"; expected "timestamp,<column>"`);
  }
  return fields[1]!.trim();
}

function readRow(row: string, line: number, rows: Rows, name: string): void {
  const comma = row.indexOf(',');
  if (comma === -1 || row.includes(',', comma + 1)) {
    throw new TraceError(name, line, `found "${row.slice(0, 80)}"; expected two fields, "timestamp,value"`);
  }
  const stamp = row.slice(0, comma).trim();
  const at = TIMESTAMP.test(stamp) && isDay(stamp) ? Date.parse(stamp) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new TraceError(
      name,
      line,
      `found the timestamp "${stamp}"; expected ISO-8601 with a zone, as 2026-03-01T11:00:00Z`,
    );
  }
  const previous = rows.at.at(-1);
  if (previous !== undefined && at <= previous) {
    const fault = at === previous ? 'the same instant as' : 'earlier than';
    throw new TraceError(
      name,
      line,
      `the timestamp "${stamp}" is ${fault} line ${rows.line.at(-1)}; expected ascending order`,
    );
  }
  const field = row.slice(comma + 1).trim();
  if (field === '') {
    rows.empty++;
    return;
  }
  const value = NUMBER.test(field) ? Number(field) : Number.NaN;
  if (!(value <= MAX_VALUE)) {
    const expected = `expected a number that is zero or more, and at most ${MAX_VALUE}`;
    throw new TraceError(name, line, `found the value "${field.slice(0, 40)}"; ${expected}`);
  }
  if (!stamp.endsWith('Z')) rows.zoned++;
  rows.at.push(at);
  rows.value.push(value);
  rows.line.push(line);
}

/** Minutes of one unit of the column, from its name; undefined when the name says nothing. */
function unitMinutes(column: string): number | undefined {
  const match = UNIT.exec(column);
  return match ? Number(match[1] || 1) * UNIT_MINUTES[match[2]!]! : undefined;
}

/** Between neighbouring rows, the shortest first. */
function stepsOf(at: number[]): Float64Array {
  const steps = new Float64Array(at.length - 1);
  for (let i = 0; i < steps.length; i++) steps[i] = at[i + 1]! - at[i]!;
  return steps.sort();
}

/** `Date.parse` takes 30 February for 2 March. */
function isDay(stamp: string): boolean {
  const day = Number(stamp.slice(8, 10));
  return day <= 28 || new Date(`${stamp.slice(0, 10)}T00:00:00Z`).getUTCDate() === day;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function checkGaps(rows: Rows, resolutionMinutes: number, name: string): number {
  const longest = Math.max(MAX_GAP_MINUTES, 3 * resolutionMinutes);
  let gaps = 0;
  for (let i = 1; i < rows.at.length; i++) {
    const minutes = (rows.at[i]! - rows.at[i - 1]!) / MINUTE;
    if (minutes > longest) {
      throw new TraceError(
        name,
        rows.line[i]!,
        `a gap of ${Math.round(minutes)} minutes; expected at most ${longest}`,
      );
    }
    if (minutes > 1.5 * resolutionMinutes) gaps++;
  }
  return gaps;
}

/** Values at the middle of every minute on the straight lines between the middles of the buckets. */
function interpolate(rows: Rows, startsAt: number, resolutionMinutes: number): Float64Array {
  const { at, value } = rows;
  const last = at.length - 1;
  const middle = (i: number) => (at[i]! - startsAt) / MINUTE + resolutionMinutes / 2;
  const load = new Float64Array(Math.round((at[last]! - startsAt) / MINUTE + resolutionMinutes));
  let right = 0;
  for (let minute = 0; minute < load.length; minute++) {
    while (right <= last && middle(right) < minute + 0.5) right++;
    if (right === 0) load[minute] = value[0]!;
    else if (right > last) load[minute] = value[last]!;
    else {
      const share = (minute + 0.5 - middle(right - 1)) / (middle(right) - middle(right - 1));
      load[minute] = value[right - 1]! + share * (value[right]! - value[right - 1]!);
    }
  }
  return load;
}

/** Mean of the rows of every minute; minutes without any lie on a straight line. */
function averageMinutes(rows: Rows, startsAt: number): Float64Array {
  const minuteOf = (at: number) => Math.floor((at - startsAt) / MINUTE);
  const load = new Float64Array(minuteOf(rows.at.at(-1)!) + 1);
  const count = new Uint32Array(load.length);
  rows.at.forEach((at, i) => {
    load[minuteOf(at)]! += rows.value[i]!;
    count[minuteOf(at)]! += 1;
  });
  let known = 0;
  for (let minute = 0; minute < load.length; minute++) {
    if (count[minute] === 0) continue;
    load[minute] = load[minute]! / count[minute]!;
    const slope = (load[minute]! - load[known]!) / (minute - known);
    for (let empty = known + 1; empty < minute; empty++) load[empty] = load[known]! + slope * (empty - known);
    known = minute;
  }
  return load;
}
