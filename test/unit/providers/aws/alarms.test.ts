import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { expect, it } from 'vitest';
import { AwsAlarms } from '../../../../shared/providers/aws/alarms.ts';

it('an alarm’s episode begins with its transition, not with the newest reason that CloudWatch gives for it', async () => {
  const transition = new Date('2026-03-04T03:00:00Z');
  const alarm = {
    AlarmName: 'cpu-high',
    StateValue: 'ALARM',
    StateTransitionedTimestamp: transition,
    StateUpdatedTimestamp: new Date('2026-03-04T03:20:00Z'),
  };
  const client = { send: async () => ({ MetricAlarms: [alarm] }) } as unknown as CloudWatchClient;
  const found = await new AwsAlarms(client).describe(['cpu-high']);
  expect(found.get('cpu-high')).toEqual({ value: 'ALARM', since: transition.getTime() });
});

it.each([
  [
    'the newest of its datapoints',
    {
      evaluatedDatapoints: [
        { timestamp: '2026-03-04T02:50:00.000+0000', value: 75.5 },
        { timestamp: '2026-03-04T02:55:00.000+0000', value: 99.75 },
        { timestamp: '2026-03-04T02:45:00.000+0000', value: 71 },
      ],
    },
    99.75,
  ],
  ['none where there is none', { version: '1.0' }, undefined],
  ['none of what is no number', { evaluatedDatapoints: [{ timestamp: 'soon', value: 'many' }] }, undefined],
  ['none of what is no list', { evaluatedDatapoints: 7 }, undefined],
])('an alarm’s reason names %s', async (_, reason, datapoint) => {
  const alarm = {
    AlarmName: 'cpu-high',
    StateValue: 'ALARM',
    StateTransitionedTimestamp: new Date('2026-03-04T03:00:00Z'),
    StateReasonData: JSON.stringify(reason),
  };
  const client = { send: async () => ({ MetricAlarms: [alarm] }) } as unknown as CloudWatchClient;
  const found = await new AwsAlarms(client).describe(['cpu-high']);
  expect(found.get('cpu-high')?.datapoint).toBe(datapoint);
});

it('waits for its turn while others describe alarms, and says so when it never comes', async () => {
  const throttling = Object.assign(new Error('Rate exceeded'), { name: 'Throttling' });
  let calls = 0;
  const busyFor = (times: number) =>
    ({
      send: async () => {
        calls += 1;
        if (calls <= times) throw throttling;
        return { MetricAlarms: [] };
      },
    }) as unknown as CloudWatchClient;
  await expect(new AwsAlarms(busyFor(3)).describe(['cpu-high'])).resolves.toEqual(new Map());
  expect(calls).toBe(4);
  calls = 0;
  await expect(new AwsAlarms(busyFor(99)).describe(['cpu-high'])).rejects.toMatchObject({
    code: 'Throttled',
    message: 'describe 1 alarms: Throttling: Rate exceeded',
  });
  expect(calls).toBe(6);
});
