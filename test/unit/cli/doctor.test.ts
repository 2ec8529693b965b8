import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { judgeWatch } from '../../../cli/doctor/deployment.ts';

const now = Date.parse('2026-03-04T03:00:00Z');

function alarm(name: string, StateValue: 'OK' | 'ALARM', madeMinutesAgo = 60): MetricAlarm {
  const AlarmConfigurationUpdatedTimestamp = new Date(now - madeMinutesAgo * 60_000);
  return { AlarmName: `lunch-${name}`, StateValue, AlarmConfigurationUpdatedTimestamp };
}

const verdicts = (...alarms: MetricAlarm[]) => judgeWatch('lunch', alarms, now).map((one) => one.verdict);

describe("what doctor says of the scaler's own alarms", () => {
  it('is fine while none is red', () => {
    expect(verdicts(alarm('sweep-heartbeat', 'OK'), alarm('function-errors', 'OK'))).toEqual(['fine']);
  });

  it('is a problem for each that is red, with what to do', () => {
    expect(judgeWatch('lunch', [alarm('sweep-heartbeat', 'ALARM')], now)).toEqual([
      {
        check: 'health',
        verdict: 'problem',
        message: 'lunch-sweep-heartbeat is in ALARM',
        advice: 'nobody looks after the groups: read the log of the sweep',
      },
    ]);
    expect(verdicts(alarm('function-errors', 'ALARM'), alarm('function-throttles', 'ALARM'))).toEqual([
      'problem',
      'problem',
    ]);
  });

  it('is a warning about a heartbeat that has only just begun, and about nothing else so young', () => {
    expect(verdicts(alarm('sweep-heartbeat', 'ALARM', 5))).toEqual(['warning']);
    expect(verdicts(alarm('sweep-heartbeat', 'ALARM', 6))).toEqual(['problem']);
    expect(verdicts(alarm('function-errors', 'ALARM', 1))).toEqual(['problem']);
  });

  it('is nothing where there is no scaler', () => {
    expect(verdicts()).toEqual([]);
  });
});
