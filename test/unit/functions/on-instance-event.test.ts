import { describe, expect, it } from 'vitest';
import { handle as bump } from '../../../functions/bump.ts';
import { handle } from '../../../functions/on-instance-event.ts';
import { invocation } from '../../scenario/stage.ts';
import { metStage } from './fleet.ts';

const launched = {
  version: '0',
  id: '12345678-1234-1234-1234-123456789012',
  'detail-type': 'EC2 Instance Launch Successful',
  source: 'aws.autoscaling',
  account: '123456789012',
  time: '2026-03-04T02:01:30Z',
  resources: [],
  detail: {
    StatusCode: 'InProgress',
    AutoScalingGroupName: 'my-group',
    EC2InstanceId: 'i-0123456789abcdef0',
  },
};

describe('on-instance-event', () => {
  it('ends the activity whose last server has come, before any sweep', async () => {
    const stage = await metStage();
    await bump({ group: 'business', adjustment: 1, reason: 'test' }, stage.house, invocation);
    expect(stage.history('business').at(-1)).toMatchObject({ statusCode: 'InProgress' });
    stage.ports.clock.advance(90);
    await handle(launched, stage.house);
    expect(stage.history('business').at(-1)).toMatchObject({ statusCode: 'Successful', endedAt: stage.now });
  });

  it.each([
    [
      { ...launched, detail: { AutoScalingGroupName: 'another' } },
      'expected a group of this fleet, not another',
    ],
    [{ ...launched, 'detail-type': 'Scheduled Event' }, 'detail-type: expected an EC2 instance event'],
    [{ ...launched, time: 'now' }, 'time: expected an instant'],
    [{ ...launched, detail: null }, 'detail: expected an object'],
    [[], 'expected object'],
  ])('refuses %j and says why', async (event, complaint) => {
    const stage = await metStage();
    await expect(handle(event, stage.house)).rejects.toThrow(complaint);
  });
});
