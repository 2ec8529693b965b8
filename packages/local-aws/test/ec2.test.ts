import { beforeEach, describe, expect, it } from 'vitest';
import { FleetCloud, IMAGE } from './fleet-cloud.ts';
import { SteadyWorld } from './steady-world.ts';

let cloud: FleetCloud;
beforeEach(() => {
  cloud = new FleetCloud(new SteadyWorld());
});

const run = (settings = {}) =>
  cloud.call('ec2', 'RunInstances', {
    ImageId: IMAGE,
    InstanceType: 'c7g.large',
    MinCount: 1,
    MaxCount: 1,
    ...settings,
  });

describe('instances', () => {
  it('become running, stop, start and terminate', async () => {
    const { Instances } = await run();
    const { InstanceId } = Instances[0];
    const state = async () =>
      (await cloud.call('ec2', 'DescribeInstances', { InstanceIds: [InstanceId] })).Reservations[0]
        .Instances[0].State.Name;
    expect(await state()).toBe('pending');
    await cloud.pass(30);
    expect(await state()).toBe('running');
    await cloud.call('ec2', 'StopInstances', { InstanceIds: [InstanceId] });
    await cloud.pass(30);
    expect(await state()).toBe('stopped');
    await cloud.call('ec2', 'StartInstances', { InstanceIds: [InstanceId] });
    await cloud.pass(30);
    await cloud.call('ec2', 'TerminateInstances', { InstanceIds: [InstanceId] });
    await cloud.pass(30);
    expect(await state()).toBe('terminated');
  });

  it('are refused for an image that does not exist or does not fit', async () => {
    await expect(run({ ImageId: 'ami-none' })).rejects.toMatchObject({ code: 'InvalidAMIID.NotFound' });
    await expect(run({ InstanceType: 'c7i.large' })).rejects.toMatchObject({ code: 'InvalidParameterValue' });
    await expect(run({ InstanceType: 'x9.huge' })).rejects.toMatchObject({ code: 'InvalidInstanceType' });
  });

  it('are found by filters with wildcards, and an unknown filter is an error', async () => {
    await run({
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'session-1' }] }],
    });
    await run();
    const find = (Name: string, value: string) =>
      cloud.call('ec2', 'DescribeInstances', { Filters: [{ Name, Values: [value] }] });
    expect((await find('tag:Name', 'session-*')).Reservations).toHaveLength(1);
    await expect(find('colour', 'red')).rejects.toMatchObject({ code: 'InvalidParameterValue' });
  });

  it('make images that are ready after a while', async () => {
    const { Instances } = await run();
    const { ImageId } = await cloud.call('ec2', 'CreateImage', {
      InstanceId: Instances[0].InstanceId,
      Name: 'snapshot',
    });
    await expect(run({ ImageId })).rejects.toMatchObject({ code: 'InvalidAMIID.Unavailable' });
    await cloud.pass(300);
    await expect(run({ ImageId })).resolves.toBeDefined();
  });
});

describe('launch templates', () => {
  it('have versions, of which $Default and $Latest differ', async () => {
    await cloud.launchTemplate();
    await cloud.call('ec2', 'CreateLaunchTemplateVersion', {
      LaunchTemplateName: 'fleet',
      LaunchTemplateData: { ImageId: IMAGE, InstanceType: 'c7g.2xlarge' },
    });
    const typeOf = async (Version: string) =>
      (
        await run({
          ImageId: undefined,
          InstanceType: undefined,
          LaunchTemplate: { LaunchTemplateName: 'fleet', Version },
        })
      ).Instances[0].InstanceType;
    expect(await typeOf('$Default')).toBe('c7g.xlarge');
    expect(await typeOf('$Latest')).toBe('c7g.2xlarge');
    await expect(typeOf('9')).rejects.toMatchObject({ code: 'InvalidLaunchTemplateId.VersionNotFound' });
  });
});

describe('security groups', () => {
  it('refuse the same rule twice, and to go while others refer to them', async () => {
    const { Vpcs } = await cloud.call('ec2', 'DescribeVpcs');
    const create = async (GroupName: string) =>
      (await cloud.call('ec2', 'CreateSecurityGroup', { GroupName, Description: 'x', VpcId: Vpcs[0].VpcId }))
        .GroupId;
    const [a, b] = [await create('a'), await create('b')];
    const authorize = () =>
      cloud.call('ec2', 'AuthorizeSecurityGroupIngress', {
        GroupId: a,
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, UserIdGroupPairs: [{ GroupId: b }] }],
      });
    await authorize();
    await expect(authorize()).rejects.toMatchObject({ code: 'InvalidPermission.Duplicate' });
    await expect(cloud.call('ec2', 'DeleteSecurityGroup', { GroupId: b })).rejects.toMatchObject({
      code: 'DependencyViolation',
    });
  });
});
