import { TraceError } from './trace-error.ts';

const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
const number = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** What spreadsheets, dashboards and databases write for no value. */
const missing = /^(nan|null|none|undefined|n\/a)?$/i;
/** Sums of larger values would no longer be exact. */
const maxValue = 1e12;

/** The rows of a trace, in ascending order. */
export interface TraceRows {
  column: string;
  /** Epoch milliseconds. */
  at: number[];
  /** NaN where the file says that there is none. */
  value: number[];
  /** Lines of the file, the header being line 1. */
  line: number[];
  /** Rows without a value. */
  empty: number;
  /** Rows of another zone than UTC. */
  zoned: number;
}

/**
 * Reads the text of a CSV `timestamp,<column>`; fields may be quoted.
 * @throws TraceError for whatever is no such row, with its line
 */
export function readTraceRows(text: string, name: string): TraceRows {
  const rows: TraceRows = { column: '', at: [], value: [], line: [], empty: 0, zoned: 0 };
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
  const known = rows.at.length - rows.empty;
  if (known < 2) {
    const found = `found ${known} ${known === 1 ? 'row' : 'rows'} with a value`;
    throw new TraceError(name, Math.max(1, line), `${found}; expected at least two`);
  }
  return rows;
}

function readHeader(row: string, name: string): string {
  const fields = fieldsOf(row.replace(/^\uFEFF/, ''), 1, name);
  if (fields.length !== 2 || fields[0] !== 'timestamp' || fields[1] === '') {
    throw new TraceError(name, 1, `found the header "${row.slice(0, 80)}"; expected "timestamp,<column>"`);
  }
  return fields[1]!;
}

function readRow(row: string, line: number, rows: TraceRows, name: string): void {
  const fields = fieldsOf(row, line, name);
  if (fields.length !== 2) {
    throw new TraceError(name, line, `found "${row.slice(0, 80)}"; expected two fields, "timestamp,value"`);
  }
  const [stamp, field] = fields as [string, string];
  rows.at.push(instantOf(stamp, line, rows, name));
  rows.line.push(line);
  if (!stamp.endsWith('Z')) rows.zoned++;
  if (missing.test(field)) {
    rows.empty++;
    rows.value.push(Number.NaN);
    return;
  }
  const value = number.test(field) ? Number(field) : Number.NaN;
  if (!(value <= maxValue)) {
    const expected = `expected a number that is zero or more, and at most ${maxValue}`;
    throw new TraceError(name, line, `found the value "${field.slice(0, 40)}"; ${expected}`);
  }
  rows.value.push(value);
}

function instantOf(stamp: string, line: number, rows: TraceRows, name: string): number {
  const at = timestamp.test(stamp) && isDay(stamp) ? Date.parse(stamp) : Number.NaN;
  if (Number.isNaN(at)) {
    const expected = 'expected ISO-8601 with a zone, as 2026-03-01T11:00:00Z';
    throw new TraceError(name, line, `found the timestamp "${stamp.slice(0, 40)}"; ${expected}`);
  }
  const previous = rows.at.at(-1);
  if (previous !== undefined && at <= previous) {
    const fault = at === previous ? 'the same instant as' : 'earlier than';
    const found = `the timestamp "${stamp}" is ${fault} line ${rows.line.at(-1)}`;
    throw new TraceError(name, line, `${found}; expected ascending order`);
  }
  return at;
}

/** Fields without their quotes and the space around them; in quotes a doubled one is one (RFC 4180). */
function fieldsOf(row: string, line: number, name: string): string[] {
  if (!row.includes('"')) return row.split(',').map((field) => field.trim());
  const fields: string[] = [];
  for (let rest: string | undefined = row; rest !== undefined; ) {
    const quoted: RegExpExecArray | null = /^\s*"((?:[^"]|"")*)"\s*(?:,|$)/.exec(rest);
    if (!quoted && rest.trimStart().startsWith('"')) {
      throw new TraceError(
        name,
        line,
        `found "${row.slice(0, 80)}", with a quote that is not closed; expected "timestamp","value"`,
      );
    }
    const plain: RegExpExecArray = /^([^,]*)(?:,|$)/.exec(rest)!;
    const taken: RegExpExecArray = quoted ?? plain;
    fields.push(quoted ? quoted[1]!.replaceAll('""', '"') : plain[1]!.trim());
    rest = taken[0].endsWith(',') ? rest.slice(taken[0].length) : undefined;
  }
  return fields;
}

/** `Date.parse` takes 30 February for 2 March. */
function isDay(stamp: string): boolean {
  const day = Number(stamp.slice(8, 10));
  return day <= 28 || new Date(`${stamp.slice(0, 10)}T00:00:00Z`).getUTCDate() === day;
}
