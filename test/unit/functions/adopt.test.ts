import { describe, expect, it } from 'vitest';
import { handle } from '../../../functions/adopt.ts';
import { invocation } from '../../scenario/stage.ts';
import { metStage } from './fleet.ts';

const asked = { group: 'business', instances: ['i-0123456789abcdef0'], reason: 'it was there before' };

describe('adopt', () => {
  it('attaches a server and protects it from scale-in', async () => {
    const stage = await metStage();
    const answer = await handle(asked, stage.house, invocation);
    expect(answer.desiredCapacity).toBe(3);
    const { servers } = stage.ports.groups.get('my-group');
    expect(servers.find(({ id }) => id === asked.instances[0])).toMatchObject({ protectedFromScaleIn: true });
  });

  it('does not attach it again when it is asked again', async () => {
    const stage = await metStage();
    await handle(asked, stage.house, invocation);
    await handle(asked, stage.house, { ...invocation, awsRequestId: 'request-2' });
    expect(stage.desired('business')).toBe(3);
  });

  it.each([
    [{ ...asked, instances: [] }, 'instances: expected at least one instance'],
    [{ ...asked, instances: ['my-server'] }, 'instances.0: expected an instance id'],
    [{ ...asked, instances: [asked.instances[0], asked.instances[0]] }, 'expected every instance once'],
    [{ ...asked, instances: asked.instances[0] }, 'instances: expected a list of instance ids'],
    [{ ...asked, group: 'nowhere' }, 'the fleet has no group nowhere'],
  ])('refuses %j and says why', async (event, complaint) => {
    const stage = await metStage();
    await expect(handle(event, stage.house, invocation)).rejects.toThrow(complaint);
    expect(stage.desired('business')).toBe(2);
  });
});
