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
