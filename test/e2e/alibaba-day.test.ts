import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DayRecord } from '../../local/day/day-record.ts';

const minuteMs = 60_000;
const root = new URL('../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'rushhour-alibaba-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the day of the guide, with a group of Alibaba Cloud', () => {
  let web: DayRecord['groups'][string];
  beforeAll(() => {
    const file = join(folder, 'day.json');
    const options = ['--once', '--fleet', 'fleet.alibaba.yaml', '--json', file];
    execFileSync('npm', ['start', '--', ...options], { cwd: root, encoding: 'utf8', timeout: 900_000 });
    web = (JSON.parse(readFileSync(file, 'utf8')) as DayRecord).groups['web']!;
  });

  const by = (rule: string) => web.activities.filter(({ message }) => message.includes(`'${rule}'`));

  it('begins with five servers, and stays between three and ten', () => {
    expect(web.timeline[0]!.desired).toBe(5);
    for (const { desired } of web.timeline) {
      expect(desired).toBeGreaterThanOrEqual(3);
      expect(desired).toBeLessThanOrEqual(10);
    }
  });

  it('adds two by the CPU of the servers and by what the application reports, and takes one at a time', () => {
    for (const rule of ['cpu-high', 'qps-high']) {
      expect(by(rule).length, rule).toBeGreaterThanOrEqual(1);
      expect(new Set(by(rule).map(({ from, to }) => to - from)), rule).toEqual(new Set([2]));
    }
    expect(by('cpu-low').length).toBeGreaterThanOrEqual(2);
    expect(new Set(by('cpu-low').map(({ from, to }) => to - from))).toEqual(new Set([-1]));
  });

  it.each([
    ['cpu-high', 5],
    ['qps-high', 5],
    ['cpu-low', 10],
  ])('holds the cooldown of %s: %i minutes', (rule, minutes) => {
    for (const [index, { at }] of by(rule).slice(1).entries())
      expect(Date.parse(at) - Date.parse(by(rule)[index]!.at)).toBeGreaterThanOrEqual(minutes * minuteMs);
  });

  it('ends every activity', () => {
    expect(new Set(web.activities.map(({ statusCode }) => statusCode))).toEqual(new Set(['Successful']));
  });
});
