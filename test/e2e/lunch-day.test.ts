import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DayRecord, RecordedActivity } from '../../local/day/day-record.ts';

const minuteMs = 60_000;
const root = new URL('../..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'rushhour-day-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Plays a day as a user would, and reads what it wrote. */
function playDay(name: string, ...options: string[]): { output: string; day: DayRecord } {
  const file = join(folder, `${name}.json`);
  const output = execFileSync('npm', ['start', '--', '--once', '--json', file, ...options], {
    cwd: root,
    encoding: 'utf8',
    timeout: 900_000,
  });
  return { output, day: JSON.parse(readFileSync(file, 'utf8')) };
}

/** `11:30` on the day that was played, in Shanghai, as epoch milliseconds. */
const local = (day: DayRecord, time: string) => Date.parse(`${day.day}T${time}:00+08:00`);

const sum = (activities: RecordedActivity[]) =>
  activities.reduce((total, { from, to }) => total + to - from, 0);

function expectTheWindowToGiveBackItsShare(day: DayRecord): void {
  for (const [name, { activities }] of Object.entries(day.groups)) {
    const scheduled = activities.filter(({ trigger }) => trigger === 'schedule');
    const opened = scheduled.filter(({ reason }) => reason === 'WindowOpened');
    const closed = scheduled.filter(({ reason }) => reason === 'WindowClosed');
    expect(sum(opened), `${name} gains two`).toBe(2);
    expect(Date.parse(opened[0]!.at) - local(day, '11:00'), `${name} opens on time`).toBeLessThanOrEqual(
      minuteMs,
    );
    expect(sum(closed), `${name} gives back exactly two`).toBe(-2);
    expect(Date.parse(closed[0]!.at)).toBeGreaterThanOrEqual(local(day, '13:00'));
    expect(Date.parse(closed.at(-1)!.at)).toBeLessThanOrEqual(local(day, '15:00'));
  }
}

describe('the lunch day of the example fleet', () => {
  let output: string;
  let day: DayRecord;
  beforeAll(() => {
    ({ output, day } = playDay('lunch'));
  });

  it('tells the day in plain sentences', () => {
    expect(output).toMatch(/11:00\s+business 3 → 5: window 'lunch' opened \(\+2\)/);
    expect(output).toMatch(/server-hours/);
  });

  it('opens both windows at 11:00 local and gives back exactly their share', () => {
    expectTheWindowToGiveBackItsShare(day);
  });

  it('answers the flash crowd by the CPU alarm, repeatedly and never inside the cooldown', () => {
    const crowd = day.groups['business']!.activities.filter(
      ({ at, message }) => Date.parse(at) > local(day, '16:00') && message.includes('cpu-high'),
    );
    expect(crowd.length).toBeGreaterThanOrEqual(2);
    for (const [index, activity] of crowd.slice(1).entries()) {
      expect(Date.parse(activity.at) - Date.parse(crowd[index]!.at)).toBeGreaterThanOrEqual(5 * minuteMs);
    }
  });

  it('answers the flash crowd by the QPS alarm once', () => {
    const crowd = day.groups['business']!.activities.filter(({ message }) => message.includes('qps-high'));
    expect(crowd).toHaveLength(1);
  });

  it('scales in by one on low CPU, ten minutes apart', () => {
    for (const { activities } of Object.values(day.groups)) {
      const low = activities.filter(
        ({ message, reason }) => reason === 'AlarmScaleIn' && message.includes('cpu-low'),
      );
      for (const { from, to } of low) expect(from - to).toBe(1);
      for (const [index, activity] of low.slice(1).entries()) {
        expect(Date.parse(activity.at) - Date.parse(low[index]!.at)).toBeGreaterThanOrEqual(10 * minuteMs);
      }
    }
    expect(day.groups['business']!.activities.some(({ reason }) => reason === 'AlarmScaleIn')).toBe(true);
  });

  it('never goes below the adopted session server, nor out of bounds', () => {
    for (const { desired, inService } of day.groups['session']!.timeline) {
      expect(desired).toBeGreaterThanOrEqual(1);
      expect(inService).toBeGreaterThanOrEqual(1);
      expect(desired).toBeLessThanOrEqual(6);
    }
  });

  it('ends every activity in a terminal status', () => {
    for (const { activities } of Object.values(day.groups)) {
      for (const { statusCode } of activities)
        expect(['Successful', 'Failed', 'Cancelled']).toContain(statusCode);
    }
  });

  it('saves at least three tenths of the server-hours of keeping the peak all day', () => {
    const { saved, serverHours, staticPeakServerHours } = day.totals;
    expect(saved).toBeGreaterThanOrEqual(0.3);
    expect(saved).toBeCloseTo(1 - serverHours / staticPeakServerHours, 6);
  });

  it('is the same day again with the same seed', () => {
    expect(playDay('again').day).toEqual(day);
  });
});

describe('a day of a real log', () => {
  it('plays the day that was asked for, scaled to the fleet', () => {
    const trace = join(folder, 'log.csv');
    const rows = Array.from({ length: 2 * 24 * 60 }, (_, minute) => {
      const at = new Date(Date.parse('1998-06-29T16:00:00Z') + minute * minuteMs).toISOString();
      const hour = ((minute / 60) % 24) - 12;
      return `${at},${Math.round(3000 + 2000 * Math.cos((hour / 12) * Math.PI))}`;
    });
    writeFileSync(trace, ['timestamp,requests_per_minute', ...rows].join('\n'));
    const { day } = playDay('trace', '--trace', trace, '--day', '1998-07-01');
    expect(day.day).toBe('1998-07-01');
    expectTheWindowToGiveBackItsShare(day);
  });
});
