import { beforeEach, describe, expect, it } from 'vitest';
import { parseProperties } from '../src/cloudformation/properties.ts';
import type { ResourceContext, ResourceType } from '../src/service.ts';
import { FleetCloud } from './fleet-cloud.ts';
import { SteadyWorld } from './steady-world.ts';

const context: ResourceContext = {
  ...{ stackName: 'lunch', stackId: 'arn:stack', logicalId: 'Group', region: 'us-east-1' },
  account: '000000000000',
  physicalName: () => 'business',
  tags: {},
};
const settings = {
  MinSize: '2',
  MaxSize: '4',
  AvailabilityZones: ['us-east-1a', 'us-east-1b'],
  LaunchTemplate: { LaunchTemplateName: 'fleet', Version: '1' },
};

let cloud: FleetCloud;
let type: ResourceType;
beforeEach(async () => {
  cloud = new FleetCloud(new SteadyWorld());
  await cloud.launchTemplate();
  type = cloud.services.all
    .flatMap((one) => one.resources ?? [])
    .find((one) => one.type === 'AWS::AutoScaling::AutoScalingGroup')!;
});

/** How it ended: 'done', the error, or undefined while it goes on. */
function begun(work: unknown): { end: 'done' | Error | undefined } {
  const outcome: { end: 'done' | Error | undefined } = { end: undefined };
  Promise.resolve(work).then(
    () => {
      outcome.end = 'done';
    },
    (error: Error) => {
      outcome.end = error;
    },
  );
  return outcome;
}

const create = () => begun(type.create(parseProperties(type.properties, type.type, settings), context));
const remove = () => begun(type.delete('business', settings, context));

/** In steps, for what waits looks again on the event queue. */
async function pass(minutes: number): Promise<void> {
  for (let step = 0; step < minutes * 6; step++) await cloud.pass(10);
}

describe('a group of a stack', () => {
  it('is complete when its servers are in service, and not before', async () => {
    const creation = create();
    await cloud.pass(5);
    expect(creation.end).toBeUndefined();
    await pass(5);
    expect(creation.end).toBe('done');
    expect(await cloud.states()).toEqual(['InService', 'InService']);
  });

  it('fails when they do not come', async () => {
    await cloud.call('ec2', 'DeregisterImage', { ImageId: 'ami-0123456789abcdef0' });
    const creation = create();
    await pass(61);
    expect(creation.end).toMatchObject({ name: 'NotStabilized', message: expect.stringContaining('0/2/2') });
  });

  it('is deleted by asking for none and waiting, without force', async () => {
    create();
    await pass(5);
    const deletion = remove();
    await cloud.pass(5);
    expect(await cloud.describe()).toMatchObject({ MinSize: 0, MaxSize: 0, DesiredCapacity: 0 });
    await pass(5);
    expect(deletion.end).toBe('done');
    expect(await cloud.describe()).toBeUndefined();
  });

  it('cannot be deleted while a server is protected from scale-in', async () => {
    create();
    await pass(5);
    const [{ InstanceId }] = (await cloud.describe()).Instances;
    const protect = (ProtectedFromScaleIn: boolean) =>
      cloud.call('autoscaling', 'SetInstanceProtection', {
        AutoScalingGroupName: 'business',
        InstanceIds: [InstanceId],
        ProtectedFromScaleIn,
      });
    await protect(true);
    const deletion = remove();
    await pass(61);
    expect(deletion.end).toMatchObject({ name: 'NotStabilized' });
    expect((await cloud.describe()).Instances).toMatchObject([{ InstanceId }]);
    await protect(false);
    const again = remove();
    await pass(5);
    expect(again.end).toBe('done');
  });
});
