import { describe, expect, it, vi } from 'vitest';
import { handle } from '../../../functions/adopt.ts';
import { PortError } from '../../../shared/ports/port-error.ts';
import { invocation } from '../../kit/stage.ts';
import { metStage } from './fleet.ts';

const asked = { group: 'business', instances: ['i-0123456789abcdef0'], reason: 'it was there before' };

describe('adopt', () => {
  it('attaches a server and protects it from scale-in', async () => {
    const stage = await metStage();
    const answer = await handle(asked, stage.scaler, invocation);
    expect(answer.desiredCapacity).toBe(3);
    const { servers } = stage.ports.groups.get('my-group');
    expect(servers.find(({ id }) => id === asked.instances[0])).toMatchObject({ protectedFromScaleIn: true });
  });

  it('refuses at once what the provider of the group cannot do, and writes nothing', async () => {
    const stage = await metStage();
    const before = stage.history('business').length;
    const scaler = { ...stage.scaler, ports: { ...stage.scaler.ports, adopt: undefined } };
    await expect(handle(asked, scaler, invocation)).rejects.toThrow('it has no adopt');
    expect(stage.history('business')).toHaveLength(before);
  });

  it('does not attach it again when it is asked again', async () => {
    const stage = await metStage();
    await handle(asked, stage.scaler, invocation);
    await handle(asked, stage.scaler, { ...invocation, awsRequestId: 'request-2' });
    expect(stage.desired('business')).toBe(3);
  });

  it('gives up at once a server that can never be attached, and holds nobody up with it', async () => {
    const stage = await metStage();
    const { groups } = stage.ports;
    vi.spyOn(groups, 'attach').mockRejectedValue(new PortError('Invalid', 'the server is not running'));
    await expect(handle(asked, stage.scaler, invocation)).rejects.toThrow('the server is not running');
    expect(stage.history('business').at(-1)).toMatchObject({
      statusCode: 'Failed',
      detail: { key: 'providerSays', says: 'the server is not running' },
    });
    stage.alarm('business', 'cpu-high', 'ALARM');
    await stage.playUntil('2026-03-04T02:01:00Z');
    expect(stage.desired('business')).toBe(4);
    expect(groups.get('my-group').suspended).toEqual([]);
  });

  it('attaches it a little later when Auto Scaling is too busy now', async () => {
    const stage = await metStage();
    const { groups } = stage.ports;
    vi.spyOn(groups, 'attach').mockRejectedValueOnce(new PortError('Throttled', 'too fast'));
    await expect(handle(asked, stage.scaler, invocation)).rejects.toThrow('too fast');
    await stage.playUntil('2026-03-04T02:05:00Z');
    expect(groups.get('my-group').servers.map(({ id }) => id)).toContain(asked.instances[0]);
  });

  it.each([
    [{ ...asked, instances: [] }, 'instances: expected at least one instance'],
    [{ ...asked, instances: ['my-server'] }, 'instances.0: expected an instance id'],
    [{ ...asked, instances: [asked.instances[0], asked.instances[0]] }, 'expected every instance once'],
    [{ ...asked, instances: asked.instances[0] }, 'instances: expected a list of instance ids'],
    [{ ...asked, group: 'nowhere' }, 'the fleet has no group nowhere'],
  ])('refuses %j and says why', async (event, complaint) => {
    const stage = await metStage();
    await expect(handle(event, stage.scaler, invocation)).rejects.toThrow(complaint);
    expect(stage.desired('business')).toBe(2);
  });
});
