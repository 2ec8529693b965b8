import { describe, expect, it } from 'vitest';
import { tellingDay } from '../../../cli/simulate/telling-day.ts';
import type { GroupRun } from '../../../simulate/backtest.ts';

/** Three hours before midnight in Shanghai. */
const start = Date.parse('2026-03-04T13:00:00Z');
const minutes = 2 * 1440;

function run(unserved: (minute: number) => number, running: (minute: number) => number): GroupRun {
  const values = { length: minutes };
  const none = new Float64Array(minutes);
  return {
    desired: new Int32Array(minutes),
    inService: new Int32Array(minutes),
    running: Int32Array.from(values, (_, minute) => running(minute)),
    utilization: none,
    needed: none,
    load: none,
    unserved: Float64Array.from(values, (_, minute) => unserved(minute)),
    activities: [],
  };
}

describe('the day that tells most', () => {
  it('is the one that left most unserved, from midnight to midnight on the clock of the fleet', () => {
    const short = run(
      (minute) => (minute === 10 ? 5 : minute === 200 || minute === 1600 ? 3 : 0),
      () => 1,
    );
    expect(tellingDay(short, start, 'Asia/Shanghai')).toEqual({
      minutes: { from: 180, to: 1620 },
      why: 'the day that left most unserved',
    });
  });

  it('is the one of the most servers where nothing was unserved; the last may be cut short', () => {
    const calm = run(
      () => 0,
      (minute) => (minute >= 1700 ? 5 : 1),
    );
    expect(tellingDay(calm, start, 'Asia/Shanghai')).toEqual({
      minutes: { from: 1620, to: minutes },
      why: 'the day of the most servers',
    });
  });
});
