import { beforeEach, describe, expect, it } from 'vitest';
import { FleetCloud, image } from './fleet-cloud.ts';
import { SteadyWorld } from './steady-world.ts';

/** What AttachInstances demands: https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-detach-instances.html */
describe('a server that exists is attached', () => {
  let cloud: FleetCloud;
  const attach = (...InstanceIds: string[]) =>
    cloud.call('autoscaling', 'AttachInstances', { AutoScalingGroupName: 'business', InstanceIds });
  const server = async (settings: Record<string, unknown> = {}) => {
    const input = { ImageId: image, InstanceType: 'c7g.large', MinCount: 1, MaxCount: 1, ...settings };
    const { Instances } = await cloud.call('ec2', 'RunInstances', input);
    await cloud.pass(60);
    return Instances[0].InstanceId as string;
  };
  const otherVpc = async () => {
    const { Vpc } = await cloud.call('ec2', 'CreateVpc', { CidrBlock: '10.9.0.0/16' });
    const { Subnet } = await cloud.call('ec2', 'CreateSubnet', {
      VpcId: Vpc.VpcId,
      CidrBlock: '10.9.0.0/24',
      AvailabilityZone: 'us-east-1a',
    });
    return Subnet.SubnetId as string;
  };

  beforeEach(() => {
    cloud = new FleetCloud(new SteadyWorld());
  });

  it('and raises desired by one', async () => {
    await cloud.group({ TargetGroupARNs: [await cloud.balancer()] });
    await attach(await server());
    expect((await cloud.describe()).DesiredCapacity).toBe(1);
  });

  it('unless its VPC is another than that of the load balancer', async () => {
    await cloud.group({ TargetGroupARNs: [await cloud.balancer()] });
    const stranger = await server({ SubnetId: await otherVpc() });
    await expect(attach(stranger)).rejects.toThrow(/VPC/);
    expect((await cloud.describe()).DesiredCapacity).toBe(0);
  });

  it('whatever its VPC, to a group without a load balancer', async () => {
    await cloud.group();
    await attach(await server({ SubnetId: await otherVpc() }));
    expect(await cloud.states()).toEqual(['InService']);
  });

  it('unless its zone is none of the group', async () => {
    await cloud.group();
    await expect(attach(await server({ Placement: { AvailabilityZone: 'us-east-1c' } }))).rejects.toThrow(
      /zone/,
    );
  });

  it('unless its image is gone', async () => {
    await cloud.group();
    const orphan = await server();
    await cloud.call('ec2', 'DeregisterImage', { ImageId: image });
    await expect(attach(orphan)).rejects.toThrow(image);
  });

  it('unless it is stopped, or in another group', async () => {
    await cloud.group();
    const stopped = await server();
    await cloud.call('ec2', 'StopInstances', { InstanceIds: [stopped] });
    await cloud.pass(120);
    await expect(attach(stopped)).rejects.toThrow(/running/);
    await cloud.group({ AutoScalingGroupName: 'session' });
    const taken = await server();
    await cloud.call('autoscaling', 'AttachInstances', {
      AutoScalingGroupName: 'session',
      InstanceIds: [taken],
    });
    await expect(attach(taken)).rejects.toThrow(/session/);
  });

  it('and one that may not join keeps out those that are asked for with it', async () => {
    await cloud.group();
    const [good, bad] = [await server(), await server({ Placement: { AvailabilityZone: 'us-east-1c' } })];
    await expect(attach(good, bad)).rejects.toThrow(/zone/);
    expect(await cloud.states()).toEqual([]);
  });
});
