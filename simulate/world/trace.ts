import { readFileSync, statSync } from 'node:fs';
import { minuteMs, minutesPerDay } from '../../shared/units.ts';
import { TraceError } from './trace-error.ts';
import { readTraceRows, type TraceRows } from './trace-rows.ts';

const maxBytes = 256 * 1024 * 1024;
/** Gaps up to this long, or three buckets of a coarse trace, are bridged by a straight line. */
const maxGapMinutes = 180;
/** A log of busy seconds may be silent for as long. */
const maxSilenceMinutes = minutesPerDay;
/** Rows further apart say nothing about a minute. */
const maxResolutionMinutes = minutesPerDay;
/** Twenty years: what is read lies in memory, a number for each minute. */
const maxMinutes = 20 * 366 * minutesPerDay;
/** A row in so many may be nearer to the one before it than the resolution: a stray one says nothing about the others. */
const strayRows = 0.1;
/** More than this share of the rows missing is no accident: the file has rows only for what happened. */
const sparseShare = 0.1;
/** A single gap is an outage, whatever its share of a short file. */
const fewestSparseGaps = 2;
const unitSuffix = /_per_(\d*)(s|sec|second|min|minute|h|hour|d|day)s?$/i;
const minutesOfUnit: Record<string, number> = {
  s: 1 / 60,
  sec: 1 / 60,
  second: 1 / 60,
  min: 1,
  minute: 1,
  h: 60,
  hour: 60,
  d: minutesPerDay,
  day: minutesPerDay,
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

/**
 * Reads a trace from a CSV file of at most 256 MB. See `parseTrace`.
 * @throws TraceError when the file is no trace, and the file system's own errors.
 */
export function readTrace(path: string): Trace {
  const { size } = statSync(path);
  if (size > maxBytes)
    throw new TraceError(path, 1, `the file has ${size} bytes; expected at most ${maxBytes}`);
  return parseTrace(readFileSync(path, 'utf8'), path);
}

/**
 * Turns the text of a CSV `timestamp,<column>` into load per minute. A column that ends in `_per_minute`, `_per_5min`,
 * `_per_second`… is a rate and says its unit; any other counts per row. Rows coarser than a minute are interpolated
 * linearly through the middle of their buckets, finer ones averaged.
 *
 * Where many rows are missing, the file has rows only for what happened, as a log counted by its seconds has: counts are then
 * added up, and what has no row is 0; a rate is refused, for nobody knows what it was meanwhile.
 *
 * Repaired and reported: short gaps and values that are missing (a straight line), zones other than UTC (converted), a few rows
 * nearer to each other than the rest.
 * Refused with the line and what was expected: timestamps without a zone, on days that do not exist, out of order or doubled,
 * values that are negative, absurd or no number, unknown units, long gaps, fewer than two rows.
 * @throws TraceError
 */
export function parseTrace(text: string, name: string): Trace {
  const rows = readTraceRows(text, name);
  const unit = unitMinutes(rows.column, name);
  const steps = stepsOf(rows.at);
  const resolutionMinutes = steps[Math.floor(strayRows * (steps.length - 1))]! / minuteMs;
  checkLength(rows, resolutionMinutes, name);
  const sparse = isSparse(rows, steps, resolutionMinutes);
  if (sparse && unit !== undefined && resolutionMinutes < 1) throw sparseRate(rows, resolutionMinutes, name);
  const addsUp = sparse && unit === undefined;
  const gaps = checkGaps(rows, resolutionMinutes, addsUp, name);
  const startsAt = Math.floor(rows.at[0]! / minuteMs) * minuteMs;
  const load = addsUp
    ? addUp(rows, startsAt, resolutionMinutes)
    : perMinuteOf(known(rows), startsAt, resolutionMinutes, unit ?? resolutionMinutes);
  const repairs = repairsOf(rows, steps, resolutionMinutes, addsUp ? 0 : gaps);
  if (addsUp) {
    const what = resolutionMinutes < 1 ? 'seconds: seconds and minutes' : 'periods: those';
    repairs.push(`rows only for busy ${what} without a row counted as 0`);
  }
  return { startsAt, load, column: rows.column, resolutionMinutes, repairs };
}

/** Minutes of one unit of the column, from its name; undefined when it counts per row. */
function unitMinutes(column: string, name: string): number | undefined {
  const match = unitSuffix.exec(column);
  const minutes = match ? Number(match[1] || 1) * minutesOfUnit[match[2]!.toLowerCase()]! : undefined;
  if (minutes === undefined && !/_per_/i.test(column)) return undefined;
  if (minutes === undefined || !(minutes > 0 && minutes <= maxMinutes)) {
    const expected =
      'expected a unit of time after _per_, as in _per_second, _per_5min, _per_hour or _per_day, or no _per_: then each row is a count';
    throw new TraceError(name, 1, `found the column "${column.slice(0, 80)}"; ${expected}`);
  }
  return minutes;
}

/** Between neighbouring rows, the shortest first. */
function stepsOf(at: number[]): Float64Array {
  const steps = new Float64Array(at.length - 1);
  for (let i = 0; i < steps.length; i++) steps[i] = at[i + 1]! - at[i]!;
  return steps.sort();
}

function checkLength(rows: TraceRows, resolutionMinutes: number, name: string): void {
  const [first, last] = [rows.at[0]!, rows.at.at(-1)!];
  if (resolutionMinutes > maxResolutionMinutes) {
    const found = `rows ${Math.round(resolutionMinutes)} minutes apart`;
    throw new TraceError(name, rows.line[1]!, `${found}; expected at most a day between rows`);
  }
  if ((last - first) / minuteMs <= maxMinutes) return;
  const years = Math.round((last - first) / minuteMs / 525_960);
  throw new TraceError(name, rows.line.at(-1)!, `${years} years; expected at most 20`);
}

/**
 * Finer than a minute: does much of the minutes that have rows lack some? Otherwise: are many rows followed by a gap? Outages,
 * which are few and long, are no sign of it in either case.
 */
function isSparse({ at }: TraceRows, steps: Float64Array, resolutionMinutes: number): boolean {
  if (resolutionMinutes >= 1) {
    const whole = steps.findIndex((step) => step > 1.5 * resolutionMinutes * minuteMs);
    const gaps = whole === -1 ? 0 : steps.length - whole;
    return gaps >= fewestSparseGaps && gaps / steps.length > sparseShare;
  }
  return shareOfRows(at, resolutionMinutes) < 1 - sparseShare;
}

/** Of the rows that the minutes with rows could have; the first minute begins with its first row, the last ends with its last. */
function shareOfRows(at: number[], resolutionMinutes: number): number {
  const [first, last] = [at[0]!, at.at(-1)!];
  const minutes = new Set(at.map((instant) => Math.floor(instant / minuteMs)));
  const cutOff = (first % minuteMs) + (minuteMs - (last % minuteMs)) - resolutionMinutes * minuteMs;
  return (at.length * resolutionMinutes) / (minutes.size - Math.max(0, cutOff) / minuteMs);
}

function sparseRate(rows: TraceRows, resolutionMinutes: number, name: string): TraceError {
  const share = Math.round(100 * shareOfRows(rows.at, resolutionMinutes));
  const gap = rows.at.findIndex(
    (at, i) => i > 0 && at - rows.at[i - 1]! > 1.5 * resolutionMinutes * minuteMs,
  );
  const seconds = Math.round(60_000 * resolutionMinutes) / 1000;
  const every = seconds === 1 ? 'every second' : `every ${seconds} seconds`;
  return new TraceError(
    name,
    rows.line[Math.max(0, gap)]!,
    `only ${share} % of the rows are there; expected a row for ${every}, also where "${rows.column}" was 0, or counts in a column without _per_`,
  );
}

/** @returns how many gaps are to be bridged */
function checkGaps(rows: TraceRows, resolutionMinutes: number, addsUp: boolean, name: string): number {
  const longest = addsUp ? maxSilenceMinutes : Math.max(maxGapMinutes, 3 * resolutionMinutes);
  let gaps = 0;
  for (let i = 1; i < rows.at.length; i++) {
    const minutes = (rows.at[i]! - rows.at[i - 1]!) / minuteMs;
    if (minutes > longest) {
      const found = `a gap of ${Math.round(minutes)} minutes`;
      throw new TraceError(name, rows.line[i]!, `${found}; expected at most ${longest}`);
    }
    if (minutes > 1.5 * resolutionMinutes) gaps++;
  }
  return gaps;
}

function repairsOf(rows: TraceRows, steps: Float64Array, resolutionMinutes: number, gaps: number): string[] {
  const repairs: string[] = [];
  const near = steps.findIndex((step) => step > (resolutionMinutes * minuteMs) / 2);
  if (near > 0) repairs.push(`${counted(near, 'row')} nearer to the one before than the rest`);
  if (gaps > 0) repairs.push(`${counted(gaps, 'gap')} bridged by a straight line`);
  if (rows.empty > 0) repairs.push(`${counted(rows.empty, 'empty value')} taken as missing`);
  if (rows.zoned > 0) repairs.push(`${counted(rows.zoned, 'timestamp')} converted to UTC from another zone`);
  return repairs;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

interface Values {
  readonly at: readonly number[];
  readonly value: readonly number[];
}

function known({ at, value, empty }: TraceRows): Values {
  if (empty === 0) return { at, value };
  const rows = at.flatMap((instant, i) => (Number.isNaN(value[i]) ? [] : [{ instant, value: value[i]! }]));
  return { at: rows.map(({ instant }) => instant), value: rows.map((row) => row.value) };
}

function perMinuteOf(rows: Values, startsAt: number, resolutionMinutes: number, unit: number): Float64Array {
  const load =
    resolutionMinutes < 1 ? averageMinutes(rows, startsAt) : interpolate(rows, startsAt, resolutionMinutes);
  for (let minute = 0; minute < load.length; minute++) load[minute] = load[minute]! / unit;
  return load;
}

/** Values at the middle of every minute on the straight lines between the middles of the buckets. */
function interpolate({ at, value }: Values, startsAt: number, resolutionMinutes: number): Float64Array {
  const last = at.length - 1;
  const middle = (i: number) => (at[i]! - startsAt) / minuteMs + resolutionMinutes / 2;
  const load = new Float64Array(Math.round((at[last]! - startsAt) / minuteMs + resolutionMinutes));
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
function averageMinutes(rows: Values, startsAt: number): Float64Array {
  const minuteOf = (at: number) => Math.floor((at - startsAt) / minuteMs);
  const load = new Float64Array(minuteOf(rows.at.at(-1)!) + 1);
  const count = new Uint32Array(load.length);
  rows.at.forEach((at, i) => {
    load[minuteOf(at)]! += rows.value[i]!;
    count[minuteOf(at)]! += 1;
  });
  for (let minute = 0; minute < load.length; minute++)
    load[minute] = count[minute] === 0 ? Number.NaN : load[minute]! / count[minute]!;
  return bridged(load);
}

/**
 * The sum of the rows of every minute; a row of several minutes counts in each for its part. A minute without a row is 0, but one
 * whose rows say that their values are missing lies on a straight line.
 */
function addUp({ at, value }: TraceRows, startsAt: number, resolutionMinutes: number): Float64Array {
  const span = Math.max(1, Math.round(resolutionMinutes));
  const minuteOf = (instant: number) => Math.floor((instant - startsAt) / minuteMs);
  const load = new Float64Array(minuteOf(at.at(-1)!) + span);
  for (let i = 0; i < at.length; i++) {
    const from = minuteOf(at[i]!);
    for (let minute = from; minute < from + span; minute++) load[minute]! += value[i]! / span;
  }
  return bridged(load);
}

/** What is not a number lies on the straight line between its neighbours that are. */
function bridged(load: Float64Array): Float64Array {
  let before = -1;
  for (let minute = 0; minute < load.length; minute++) {
    if (Number.isNaN(load[minute])) continue;
    const left = before === -1 ? load[minute]! : load[before]!;
    const slope = before === -1 ? 0 : (load[minute]! - left) / (minute - before);
    for (let gap = before + 1; gap < minute; gap++) load[gap] = left + slope * (gap - before);
    before = minute;
  }
  return before === -1 ? load.fill(0) : load.fill(load[before]!, before + 1);
}
