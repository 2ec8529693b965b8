import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DayRecord } from '../../local/day/day-record.ts';

const minuteMs = 60_000;
const root = new URL('../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'rushhour-tencent-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the day of the guide, with groups of Tencent Cloud', () => {
  let day: DayRecord;
  beforeAll(() => {
    const file = join(folder, 'day.json');
    const options = ['--once', '--fleet', 'fleet.tencent.yaml', '--json', file];
    execFileSync('npm', ['start', '--', ...options], { cwd: root, encoding: 'utf8', timeout: 900_000 });
    day = JSON.parse(readFileSync(file, 'utf8'));
  });

  const local = (time: string) => Date.parse(`${day.day}T${time}:00+08:00`);

  it('has two more in both clusters at 11:00, and gives exactly those back from 13:00 on', () => {
    for (const [name, { activities }] of Object.entries(day.groups)) {
      const opened = activities.filter(({ reason }) => reason === 'WindowOpened');
      const closed = activities.filter(({ reason }) => reason === 'WindowClosed');
      const sum = (some: typeof activities) => some.reduce((total, { from, to }) => total + to - from, 0);
      expect(sum(opened), name).toBe(2);
      expect(sum(closed), name).toBe(-2);
      expect(Date.parse(opened[0]!.at)).toBeLessThanOrEqual(local('11:00') + minuteMs);
      expect(Date.parse(closed[0]!.at)).toBeGreaterThanOrEqual(local('13:00'));
    }
  });

  it('never loses a fixed server: they are adopted, and protected', () => {
    for (const [name, least] of [
      ['business', 3],
      ['session', 2],
    ] as const) {
      const timeline = day.groups[name]!.timeline.filter((_, index) => index > 15);
      expect(Math.min(...timeline.map(({ inService }) => inService)), name).toBe(least);
    }
  });

  it('answers the crowd by the CPU of the servers, judged by the sweep, and holds the cooldowns', () => {
    for (const [rule, minutes] of [
      ['cpu-high', 5],
      ['cpu-low', 10],
    ] as const) {
      const some = day.groups['business']!.activities.filter(({ message }) => message.includes(rule));
      expect(some.length, rule).toBeGreaterThanOrEqual(2);
      for (const [index, { at }] of some.slice(1).entries())
        expect(Date.parse(at) - Date.parse(some[index]!.at), rule).toBeGreaterThanOrEqual(minutes * minuteMs);
    }
  });

  it('ends every activity', () => {
    const all = Object.values(day.groups).flatMap(({ activities }) => activities);
    expect(new Set(all.map(({ statusCode }) => statusCode))).toEqual(new Set(['Successful']));
  });
});
