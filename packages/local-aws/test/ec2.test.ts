import { beforeEach, describe, expect, it } from 'vitest';
import { FleetCloud, image } from './fleet-cloud.ts';
import { SteadyWorld } from './steady-world.ts';

let cloud: FleetCloud;
beforeEach(() => {
  cloud = new FleetCloud(new SteadyWorld());
});

const run = (settings = {}) =>
  cloud.call('ec2', 'RunInstances', {
    ImageId: image,
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

  it('show the profile and the volumes that their launch template or their launch names', async () => {
    await cloud.call('ec2', 'CreateLaunchTemplate', {
      LaunchTemplateName: 'disks',
      LaunchTemplateData: {
        ImageId: image,
        InstanceType: 'c7g.large',
        IamInstanceProfile: { Name: 'web' },
        BlockDeviceMappings: [
          { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, DeleteOnTermination: false } },
          { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 100 } },
          { DeviceName: '/dev/sdb', VirtualName: 'ephemeral0' },
        ],
      },
    });
    const template = {
      ImageId: undefined,
      InstanceType: undefined,
      LaunchTemplate: { LaunchTemplateName: 'disks' },
    };
    const { InstanceId } = (await run(template)).Instances[0];
    const show = async (id = InstanceId) =>
      (await cloud.call('ec2', 'DescribeInstances', { InstanceIds: [id] })).Reservations[0].Instances[0];
    const volumes = (one: { BlockDeviceMappings: { DeviceName: string; Ebs: { Status: string } }[] }) =>
      one.BlockDeviceMappings.map(({ DeviceName, Ebs }) => `${DeviceName} ${Ebs.Status}`);
    expect(volumes(await show())).toEqual(['/dev/xvda attaching', '/dev/sdf attaching']);
    await cloud.pass(30);
    const shown = await show();
    expect(shown).toMatchObject({
      IamInstanceProfile: {
        Arn: 'arn:aws:iam::000000000000:instance-profile/web',
        Id: expect.stringMatching(/^AIPA[0-9A-F]{17}$/),
      },
      RootDeviceName: '/dev/xvda',
      RootDeviceType: 'ebs',
      BlockDeviceMappings: [
        { DeviceName: '/dev/xvda', Ebs: { Status: 'attached', DeleteOnTermination: false } },
        { DeviceName: '/dev/sdf', Ebs: { Status: 'attached', DeleteOnTermination: true } },
      ],
    });
    const [{ Ebs }, other] = shown.BlockDeviceMappings;
    expect(Ebs.VolumeId).toMatch(/^vol-[0-9a-f]{17}$/);
    expect(other.Ebs.VolumeId).not.toBe(Ebs.VolumeId);
    expect(Ebs.AttachTime).toEqual(shown.LaunchTime);

    const plain = (
      await run({ IamInstanceProfile: { Arn: 'arn:aws:iam::000000000000:instance-profile/x/y' } })
    ).Instances[0];
    expect(plain.IamInstanceProfile.Arn).toBe('arn:aws:iam::000000000000:instance-profile/x/y');
    expect(volumes(plain)).toEqual(['/dev/xvda attaching']);
    expect((await run()).Instances[0].IamInstanceProfile).toBeUndefined();
    const found = await cloud.call('ec2', 'DescribeInstances', {
      Filters: [{ Name: 'block-device-mapping.volume-id', Values: [Ebs.VolumeId] }],
    });
    expect(found.Reservations).toHaveLength(1);

    await cloud.call('ec2', 'TerminateInstances', { InstanceIds: [InstanceId] });
    await cloud.pass(30);
    expect(volumes(await show())).toEqual([]);
  });

  it('that are protected from termination stay, with those of their zone that were to go with them', async () => {
    const launch = async (zone: string, DisableApiTermination = false) =>
      (await run({ Placement: { AvailabilityZone: zone }, DisableApiTermination })).Instances[0].InstanceId;
    const ids = [await launch('us-east-1a'), await launch('us-east-1a', true), await launch('us-east-1b')];
    await cloud.pass(30);
    const terminate = (InstanceIds: string[]) => cloud.call('ec2', 'TerminateInstances', { InstanceIds });
    const states = async () =>
      (await cloud.call('ec2', 'DescribeInstances', { InstanceIds: ids })).Reservations.map(
        (one: { Instances: { State: { Name: string } }[] }) => one.Instances[0]!.State.Name,
      );
    await expect(terminate(ids)).rejects.toMatchObject({ code: 'OperationNotPermitted' });
    await cloud.pass(30);
    expect(await states()).toEqual(['running', 'running', 'terminated']);
    await cloud.call('ec2', 'ModifyInstanceAttribute', {
      InstanceId: ids[1],
      DisableApiTermination: { Value: false },
    });
    await terminate(ids);
    await cloud.pass(30);
    expect(await states()).toEqual(['terminated', 'terminated', 'terminated']);
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
      LaunchTemplateData: { ImageId: image, InstanceType: 'c7g.2xlarge' },
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

  it('stay while an instance is in them, and a VPC keeps its own', async () => {
    const { Vpcs } = await cloud.call('ec2', 'DescribeVpcs');
    const { GroupId } = await cloud.call('ec2', 'CreateSecurityGroup', {
      GroupName: 'a',
      Description: 'x',
      VpcId: Vpcs[0].VpcId,
    });
    const remove = (id: string) => cloud.call('ec2', 'DeleteSecurityGroup', { GroupId: id });
    const { InstanceId } = (await run({ SecurityGroupIds: [GroupId] })).Instances[0];
    await expect(remove(GroupId)).rejects.toMatchObject({ code: 'DependencyViolation' });
    await cloud.call('ec2', 'TerminateInstances', { InstanceIds: [InstanceId] });
    await cloud.pass(30);
    await remove(GroupId);
    const { SecurityGroups } = await cloud.call('ec2', 'DescribeSecurityGroups');
    expect(SecurityGroups.map((group: { GroupName: string }) => group.GroupName)).toEqual(['default']);
    await expect(remove(SecurityGroups[0].GroupId)).rejects.toMatchObject({ code: 'CannotDelete' });
  });
});
