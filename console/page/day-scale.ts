import type { GroupDay, Series } from '../state.ts';

/** Where things are in a picture of so many pixels; servers above, CPU below, hours under both. */
export interface DayScale {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly servers: { readonly top: number; readonly bottom: number; readonly most: number };
  readonly cpu: { readonly top: number; readonly bottom: number };
  /** Of an instant, epoch milliseconds. */
  readonly x: (at: number) => number;
  /** Of a number of servers. */
  readonly y: (servers: number) => number;
  /** Of a CPU percentage. */
  readonly yCpu: (percent: number) => number;
  /** The instant at a horizontal position, for the tooltip. */
  readonly instantAt: (x: number) => number;
}

const height = 300;
const servers = { top: 24, bottom: 190 };
const cpu = { top: 212, bottom: 272 };

export function dayScale(day: GroupDay, width: number): DayScale {
  const [from, to] = [Date.parse(day.from), Date.parse(day.to)];
  const [left, right] = [36, width - 8];
  const known = [...day.desired.values, ...day.inService.values].filter((value) => value !== null);
  const most = Math.max(4, ...known) + 1;
  const between = (top: number, bottom: number, share: number) =>
    bottom - Math.min(1, Math.max(0, share)) * (bottom - top);
  return {
    width,
    height,
    left,
    right,
    servers: { ...servers, most },
    cpu,
    x: (at) => left + Math.min(1, Math.max(0, (at - from) / (to - from))) * (right - left),
    y: (count) => between(servers.top, servers.bottom, count / most),
    yCpu: (percent) => between(cpu.top, cpu.bottom, percent / 100),
    instantAt: (x) => from + ((x - left) / (right - left)) * (to - from),
  };
}

/** The value that was measured at an instant; null where nothing was. */
export function valueAt({ from }: GroupDay, { stepSeconds, values }: Series, at: number): number | null {
  return values[Math.floor((at - Date.parse(from)) / (stepSeconds * 1000))] ?? null;
}

interface Run {
  /** Index of its first value. */
  readonly first: number;
  readonly values: number[];
}

/** Stretches without a gap: a line breaks where nothing was measured. */
export function runsOf({ values }: Series): Run[] {
  const runs: Run[] = [];
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    if (index > 0 && values[index - 1] !== null) runs.at(-1)!.values.push(value);
    else runs.push({ first: index, values: [value] });
  }
  return runs;
}
