import { describe, expect, it } from 'vitest';
import { handle as bump } from '../../../functions/bump.ts';
import { handle } from '../../../functions/on-instance-event.ts';
import { invocation, Stage } from '../../kit/stage.ts';
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
    await bump({ group: 'business', adjustment: 1, reason: 'test' }, stage.scaler, invocation);
    expect(stage.history('business').at(-1)).toMatchObject({ statusCode: 'InProgress' });
    stage.ports.clock.advance(90);
    await handle(launched, stage.scaler);
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
    await expect(handle(event, stage.scaler)).rejects.toThrow(complaint);
  });
});

describe('a server that is gone', () => {
  const gone = { ...launched, 'detail-type': 'EC2 Instance Terminate Successful' };

  it('is in the history with its cause, once however often the event comes, and mailed to nobody', async () => {
    const stage = await metStage();
    const [server] = stage.ports.groups.get('my-group').servers;
    const cause =
      'At 2026-03-04T02:00:00Z an instance was taken out of service in response to a user health-check.';
    stage.ports.groups.lose('my-group', server!.id, 'unhealthy', cause);
    await handle(gone, stage.scaler);
    await handle(gone, stage.scaler);
    expect(stage.history('business').filter(({ reason }) => reason === 'ServersLost')).toMatchObject([
      {
        why: { key: 'serversLost', ids: [server!.id], more: 0, cause: 'unhealthy' },
        detail: { key: 'providerSays', says: cause },
      },
    ]);
    const told = stage.ports.events.published.filter(({ activity }) => activity?.reason === 'ServersLost');
    expect(told.map(({ forPeople }) => forPeople)).toEqual([false]);
  });
});

describe('a Spot server that EC2 wants back', () => {
  const warning = (id: string) => ({
    ...launched,
    'detail-type': 'EC2 Spot Instance Interruption Warning',
    source: 'aws.ec2',
    detail: { 'instance-id': id, 'instance-action': 'terminate' },
  });

  it('is in the history with that cause once it is gone, though its group only finds it terminated', async () => {
    const stage = await metStage();
    const [server] = stage.ports.groups.get('my-group').servers;
    await handle(warning(server!.id), stage.scaler);
    stage.ports.clock.advance(120);
    stage.ports.groups.lose('my-group', server!.id, 'terminated');
    await handle({ ...launched, 'detail-type': 'EC2 Instance Terminate Successful' }, stage.scaler);
    expect(stage.history('business').filter(({ reason }) => reason === 'ServersLost')).toMatchObject([
      { why: { key: 'serversLost', ids: [server!.id], cause: 'interrupted' } },
    ]);
  });

  it('is nobody’s where no group of this fleet has it, which is no mistake', async () => {
    const stage = await metStage();
    const answer = await handle(warning('i-0fffffffffffffff1'), stage.scaler);
    expect(answer).toEqual({ server: 'i-0fffffffffffffff1', ofNoGroup: true });
  });
});

describe('an adopted server that stops', () => {
  const adopted = 'i-0a5e551041adde001';
  const fleet = `name: shop\ngroups:\n  sessions: { existing: sessions-asg, minSize: 0, maxSize: 6, instances: [${adopted}], schedules: { lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 1 } } }\n`;
  const stopping = (id: string) => ({
    'detail-type': 'EC2 Instance State-change Notification',
    time: '2026-03-04T02:01:30Z',
    detail: { 'instance-id': id, state: 'stopping' },
  });

  it('is told to people, for nobody replaces it', async () => {
    const stage = new Stage(fleet, { start: '2026-03-04T01:55:00Z', desired: 0 });
    await stage.playUntil('2026-03-04T02:00:00Z');
    await handle(stopping(adopted), stage.scaler);
    expect(stage.ports.events.published.at(-1)).toMatchObject({
      forPeople: true,
      subject: `[shop] sessions: its adopted server ${adopted} is stopping, and nobody replaces it`,
    });
  });

  it('is refused when it is nobody of the fleet file', async () => {
    const stage = await metStage();
    await expect(handle(stopping(adopted), stage.scaler)).rejects.toThrow(
      'expected a server of the fleet file',
    );
  });
});

describe('a task that has stopped', () => {
  const fleet = `name: shop\ngroups:\n  web: { ecs: { cluster: shop, service: web }, minSize: 2, maxSize: 6, schedules: { lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 1 } } }\n`;
  const stopped = (group: string) => ({
    'detail-type': 'ECS Task State Change',
    source: 'aws.ecs',
    time: '2026-03-04T02:01:30Z',
    detail: {
      clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/shop',
      group,
      lastStatus: 'STOPPED',
    },
  });

  it('is in the history of its service before any sweep', async () => {
    const stage = new Stage(fleet, { start: '2026-03-04T01:55:00Z', desired: 3 });
    await stage.playUntil('2026-03-04T02:00:00Z');
    const [task] = stage.ports.groups.get('ecs:shop/web').servers;
    stage.ports.groups.lose('ecs:shop/web', task!.id, 'terminated', 'Essential container in task exited');
    await handle(stopped('service:web'), stage.scaler);
    expect(stage.history('web').filter(({ reason }) => reason === 'ServersLost')).toMatchObject([
      { why: { key: 'serversLost', ids: [task!.id], cause: 'terminated' } },
    ]);
  });

  it('is of the service of its region, where each of two has one of the same name', async () => {
    const [head, group] = fleet.split(/(?<=groups:\n)/) as [string, string];
    const there = group.replace('web:', 'there:').replace('{ cluster', '{ region: eu-west-1, cluster');
    const stage = new Stage(`${head}${group}${there}`, { start: '2026-03-04T01:55:00Z', desired: 3 });
    await stage.playUntil('2026-03-04T02:00:00Z');
    const [task] = stage.ports.groups.get('ecs:eu-west-1/shop/web').servers;
    stage.ports.groups.lose('ecs:eu-west-1/shop/web', task!.id, 'terminated', 'tried');
    await handle(stopped('service:web'), stage.scaler);
    const lost = (name: string) => stage.history(name).filter(({ reason }) => reason === 'ServersLost');
    expect([lost('web').length, lost('there').length]).toEqual([0, 1]);
  });

  it('is refused when it is of no service of the fleet file', async () => {
    const stage = new Stage(fleet, { start: '2026-03-04T01:55:00Z', desired: 3 });
    await expect(handle(stopped('service:other'), stage.scaler)).rejects.toThrow(
      'expected a service of this fleet, not shop/other',
    );
  });
});
