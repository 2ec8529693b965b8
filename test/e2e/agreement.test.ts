import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { DayRecord } from '../../local/day/day-record.ts';
import { generatedDay } from '../../local/fleet-world.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { backtest } from '../../simulate/backtest.ts';

const minuteMs = 60_000;
const root = new URL('../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'rushhour-agreement-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * The example fleet on a day without what a trace of minutes cannot know: each server's own boot time and CPU noise. What they
 * move is a minute here and there, and where a load is as good as at a threshold, on which side it is.
 */
const text = readFileSync(join(root, 'fleet.yaml'), 'utf8')
  .replaceAll(
    'requestsPerSecond: 150',
    'requestsPerSecond: 150\n      bootSeconds: 20\n      noise: 0\n      nightShare: 1',
  )
  .replace('requestsPerSecondPerServer: 400', 'requestsPerSecondPerServer: 500');
const fleet = readFleet(text);
const midnight = Date.parse('2026-03-03T16:00:00Z');
/** By then both have left their different beginnings behind. */
const from = midnight + 6 * 60 * minuteMs;

/** `11:00 3 → 5 WindowOpened`, by the minute. */
const told = (at: number, change: { from: number; to: number; reason: string }) =>
  `${new Date(at + 8 * 60 * minuteMs).toISOString().slice(11, 16)} ${change.from} → ${change.to} ${change.reason}`;

it('the backtest does what the local cloud does, to the minute', async () => {
  const [file, record] = [join(folder, 'fleet.yaml'), join(folder, 'day.json')];
  writeFileSync(file, text);
  const options = ['--once', '--json', record, '--fleet', file];
  execFileSync(process.execPath, ['local/start.ts', ...options], { cwd: root, timeout: 900_000 });
  const day: DayRecord = JSON.parse(readFileSync(record, 'utf8'));

  const loads = Object.keys(fleet.groups).map((group) => {
    const load = generatedDay(fleet, group);
    return [
      group,
      Float64Array.from({ length: 1440 }, (_, minute) => load(midnight + minute * minuteMs)),
    ] as const;
  });
  const result = await backtest({ fleet, start: midnight, loads: new Map(loads) });

  for (const [group, { activities }] of result) {
    const played = activities.filter((each) => each.from !== each.to && each.startedAt >= from);
    const lived = day.groups[group]!.activities.filter(({ at }) => Date.parse(at) >= from);
    expect(played.map((each) => told(each.startedAt, each))).toEqual(
      lived.map((each) => told(Date.parse(each.at), each)),
    );
  }
  const reasons = new Set(day.groups['business']!.activities.map(({ reason }) => reason));
  for (const reason of ['WindowOpened', 'WindowClosed', 'AlarmScaleOut', 'AlarmScaleIn'])
    expect(reasons).toContain(reason);
});
