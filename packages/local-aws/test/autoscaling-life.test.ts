import { beforeEach, describe, expect, it } from 'vitest';
import { FleetCloud, image } from './fleet-cloud.ts';
import { SteadyWorld } from './steady-world.ts';

let cloud: FleetCloud;
beforeEach(() => {
  cloud = new FleetCloud(new SteadyWorld());
});

const setDesired = (DesiredCapacity: number) =>
  cloud.call('autoscaling', 'SetDesiredCapacity', {
    AutoScalingGroupName: 'business',
    DesiredCapacity,
  });
const types = () =>
  cloud.events.map((event) => event.type).filter((type) => type !== 'EC2 Instance State-change Notification');

describe('servers from outside', () => {
  it('attaches a running server, raising desired, up to the maximum', async () => {
    await cloud.group({ MaxSize: 1 });
    cloud.services.ec2.instances.seed(
      'i-0adopted000000001',
      {
        ImageId: image,
        InstanceType: 'c7g.xlarge',
        MinCount: 1,
        MaxCount: 1,
        Placement: { AvailabilityZone: 'us-east-1a' },
      },
      cloud.now,
    );
    const attach = () =>
      cloud.call('autoscaling', 'AttachInstances', {
        AutoScalingGroupName: 'business',
        InstanceIds: ['i-0adopted000000001'],
      });
    await attach();
    expect(await cloud.describe()).toMatchObject({
      DesiredCapacity: 1,
      Instances: [{ LifecycleState: 'InService' }],
    });
    await expect(attach()).rejects.toMatchObject({ code: 'ValidationError' });
    await cloud.call('autoscaling', 'DetachInstances', {
      AutoScalingGroupName: 'business',
      InstanceIds: ['i-0adopted000000001'],
      ShouldDecrementDesiredCapacity: true,
    });
    await cloud.pass(60);
    expect(await cloud.describe()).toMatchObject({ DesiredCapacity: 0, Instances: [] });
    expect(cloud.services.ec2.instances.instances.get('i-0adopted000000001').State?.Name).toBe('running');
  });

  it('refuses a call for several of which one is gone or leaving, in words that name it', async () => {
    await cloud.group({ DesiredCapacity: 2 });
    await cloud.pass(60);
    const InstanceIds = (await cloud.describe()).Instances.map(
      (one: { InstanceId: string }) => one.InstanceId,
    );
    const of = { AutoScalingGroupName: 'business', InstanceIds };
    const calls = [
      () => cloud.call('autoscaling', 'DetachInstances', { ...of, ShouldDecrementDesiredCapacity: true }),
      () => cloud.call('autoscaling', 'SetInstanceProtection', { ...of, ProtectedFromScaleIn: true }),
    ];
    await cloud.call('autoscaling', 'TerminateInstanceInAutoScalingGroup', {
      InstanceId: InstanceIds[0],
      ShouldDecrementDesiredCapacity: false,
    });
    for (const call of calls)
      await expect(call()).rejects.toMatchObject({
        code: 'ValidationError',
        message: expect.stringMatching(`^The instance ${InstanceIds[0]} is not in InService or .*Standby.$`),
      });
    await cloud.pass(300);
    for (const call of calls)
      await expect(call()).rejects.toMatchObject({
        code: 'ValidationError',
        message: `The instance ${InstanceIds[0]} is not part of Auto Scaling group business.`,
      });
    const { DesiredCapacity, Instances } = await cloud.describe();
    expect(DesiredCapacity).toBe(2);
    expect(Instances).toContainEqual(
      expect.objectContaining({ InstanceId: InstanceIds[1], ProtectedFromScaleIn: false }),
    );
  });

  it('terminates with and without decrement', async () => {
    await cloud.group({ DesiredCapacity: 2 });
    await cloud.pass(60);
    const [first, second] = (await cloud.describe()).Instances;
    const terminate = (one: { InstanceId: string }, ShouldDecrementDesiredCapacity: boolean) =>
      cloud.call('autoscaling', 'TerminateInstanceInAutoScalingGroup', {
        InstanceId: one.InstanceId,
        ShouldDecrementDesiredCapacity,
      });
    await terminate(first, true);
    await cloud.pass(60);
    expect(await cloud.describe()).toMatchObject({
      DesiredCapacity: 1,
      Instances: [{ InstanceId: second.InstanceId }],
    });
    await terminate(second, false);
    await cloud.pass(120);
    expect(await cloud.states()).toEqual(['InService']);
  });
});

describe('health', () => {
  it('replaces a server that dies, whatever its protection', async () => {
    await cloud.group({ DesiredCapacity: 1, NewInstancesProtectedFromScaleIn: true });
    await cloud.pass(120);
    const [{ InstanceId }] = (await cloud.describe()).Instances;
    cloud.world.strike(InstanceId, 'dead');
    await cloud.pass(120);
    const [replacement] = (await cloud.describe()).Instances;
    expect(replacement).toMatchObject({ LifecycleState: 'InService' });
    expect(replacement.InstanceId).not.toBe(InstanceId);
  });

  it('leaves an unhealthy server in place while ReplaceUnhealthy is suspended, and shows it', async () => {
    await cloud.group({ DesiredCapacity: 1 });
    await cloud.pass(120);
    await cloud.call('autoscaling', 'SuspendProcesses', {
      AutoScalingGroupName: 'business',
      ScalingProcesses: ['ReplaceUnhealthy'],
    });
    const [{ InstanceId }] = (await cloud.describe()).Instances;
    cloud.world.strike(InstanceId, 'dead');
    await cloud.pass(120);
    expect((await cloud.describe()).Instances).toMatchObject([
      { InstanceId, HealthStatus: 'Unhealthy', LifecycleState: 'InService' },
    ]);
  });

  it('replaces what the load balancer refuses, after the grace period', async () => {
    const target = await cloud.balancer();
    await cloud.group({
      DesiredCapacity: 1,
      TargetGroupARNs: [target],
      HealthCheckType: 'ELB',
      HealthCheckGracePeriod: 300,
    });
    cloud.world.hangNext(1);
    await cloud.pass(290);
    expect((await cloud.activities()).filter((one) => one.Description.startsWith('Terminating'))).toEqual([]);
    await cloud.pass(120);
    const [gone] = (await cloud.activities()).filter((one) => one.Description.startsWith('Terminating'));
    expect(gone.Cause).toContain('ELB system health check failure');
  });
});

describe('lifecycle hooks', () => {
  const hook = (transition: string, DefaultResult = 'CONTINUE') =>
    cloud.call('autoscaling', 'PutLifecycleHook', {
      AutoScalingGroupName: 'business',
      LifecycleHookName: 'hook',
      LifecycleTransition: `autoscaling:EC2_INSTANCE_${transition}`,
      HeartbeatTimeout: 120,
      DefaultResult,
    });
  const complete = (InstanceId: string, LifecycleActionResult: string) =>
    cloud.call('autoscaling', 'CompleteLifecycleAction', {
      AutoScalingGroupName: 'business',
      LifecycleHookName: 'hook',
      InstanceId,
      LifecycleActionResult,
    });

  it('holds a launching server until somebody completes the action', async () => {
    await cloud.group();
    await hook('LAUNCHING');
    await setDesired(1);
    await cloud.pass(30);
    expect(await cloud.states()).toEqual(['Pending:Wait']);
    expect((await cloud.activities())[0].StatusCode).toBe('MidLifecycleAction');
    expect(types()).toEqual(['EC2 Instance-launch Lifecycle Action']);
    await complete((await cloud.describe()).Instances[0].InstanceId, 'CONTINUE');
    expect(await cloud.states()).toEqual(['InService']);
  });

  it('lets a terminating server go when the hook times out', async () => {
    await cloud.group({ DesiredCapacity: 1 });
    await cloud.pass(60);
    await hook('TERMINATING');
    await setDesired(0);
    await cloud.pass(60);
    expect(await cloud.states()).toEqual(['Terminating:Wait']);
    await cloud.pass(120);
    expect(await cloud.states()).toEqual([]);
  });

  it('starts the timeout anew with a heartbeat, and refuses one for nothing', async () => {
    await cloud.group();
    await hook('LAUNCHING', 'ABANDON');
    await setDesired(1);
    await cloud.pass(90);
    const [{ InstanceId }] = (await cloud.describe()).Instances;
    await cloud.call('autoscaling', 'RecordLifecycleActionHeartbeat', {
      AutoScalingGroupName: 'business',
      LifecycleHookName: 'hook',
      InstanceId,
    });
    await cloud.pass(90);
    expect(await cloud.states()).toEqual(['Pending:Wait']);
    await complete(InstanceId, 'CONTINUE');
    await expect(complete(InstanceId, 'CONTINUE')).rejects.toMatchObject({ code: 'ValidationError' });
  });
});

describe('instance refresh', () => {
  it('replaces every server, bakes, and blocks a second one meanwhile', async () => {
    await cloud.group({ DesiredCapacity: 2 });
    await cloud.pass(60);
    const before = (await cloud.describe()).Instances.map((one: { InstanceId: string }) => one.InstanceId);
    const start = () =>
      cloud.call('autoscaling', 'StartInstanceRefresh', {
        AutoScalingGroupName: 'business',
        Preferences: { BakeTime: 600 },
      });
    const status = async () =>
      (await cloud.call('autoscaling', 'DescribeInstanceRefreshes', { AutoScalingGroupName: 'business' }))
        .InstanceRefreshes[0].Status;
    await start();
    await expect(start()).rejects.toMatchObject({ code: 'InstanceRefreshInProgress' });
    await cloud.pass(300);
    expect(await status()).toBe('Baking');
    await cloud.pass(600);
    expect(await status()).toBe('Successful');
    const after = (await cloud.describe()).Instances.map((one: { InstanceId: string }) => one.InstanceId);
    expect(after.filter((id: string) => before.includes(id))).toEqual([]);
  });

  it.each([
    [undefined, 'Failed', 1],
    ['Wait', 'Failed', 1],
    ['Ignore', 'Successful', 1],
    ['Refresh', 'Successful', 0],
  ])('of a group with a protected server, told to %s, is %s after an hour', async (preference, end, kept) => {
    await cloud.group({ DesiredCapacity: 2 });
    await cloud.pass(60);
    const [{ InstanceId }] = (await cloud.describe()).Instances;
    await cloud.call('autoscaling', 'SetInstanceProtection', {
      AutoScalingGroupName: 'business',
      InstanceIds: [InstanceId],
      ProtectedFromScaleIn: true,
    });
    await cloud.call('autoscaling', 'StartInstanceRefresh', {
      AutoScalingGroupName: 'business',
      Preferences: { ScaleInProtectedInstances: preference },
    });
    await cloud.pass(4_200);
    const { InstanceRefreshes } = await cloud.call('autoscaling', 'DescribeInstanceRefreshes', {
      AutoScalingGroupName: 'business',
    });
    expect(InstanceRefreshes[0].Status).toBe(end);
    const ids = (await cloud.describe()).Instances.map((one: { InstanceId: string }) => one.InstanceId);
    expect(ids.filter((id: string) => id === InstanceId)).toHaveLength(kept);
  });
});

describe('a group whose purchase options change', () => {
  const distribution = (OnDemandPercentageAboveBaseCapacity: number) => ({
    AutoScalingGroupName: 'business',
    MixedInstancesPolicy: {
      LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateName: 'fleet', Version: '$Latest' } },
      InstancesDistribution: { OnDemandPercentageAboveBaseCapacity },
    },
  });
  const update = (share: number) => cloud.call('autoscaling', 'UpdateAutoScalingGroup', distribution(share));
  const servers = async () => {
    const ids = (await cloud.describe()).Instances.map((one: { InstanceId: string }) => one.InstanceId);
    return ids.map((id: string) => cloud.services.ec2.instances.instances.find(id)!);
  };
  const spots = async () =>
    (await servers()).filter((one: { InstanceLifecycle?: string }) => one.InstanceLifecycle === 'spot')
      .length;

  it('has servers that run replaced to match them, and never fewer than desired', async () => {
    await cloud.group({ DesiredCapacity: 4 });
    await cloud.pass(60);
    const before = (await servers()).map((one: { InstanceId: string }) => one.InstanceId);
    await update(50);
    let fewest = 4;
    for (let minute = 0; minute < 60; minute++) {
      await cloud.pass(60);
      fewest = Math.min(fewest, (await cloud.states()).filter((state) => state === 'InService').length);
    }
    expect([await spots(), (await servers()).length, fewest]).toEqual([2, 4, 4]);
    const after = (await servers()).map((one: { InstanceId: string }) => one.InstanceId);
    expect(after.filter((id: string) => before.includes(id))).toHaveLength(2);
  });

  it('loses a Spot server that EC2 wants back two minutes after the notice, and gets another', async () => {
    await cloud.group({ DesiredCapacity: 2 });
    await update(0);
    await cloud.pass(3600);
    const [victim] = (await servers()).map((one: { InstanceId: string }) => one.InstanceId);
    cloud.services.ec2.instances.interrupt(victim!, cloud.now);
    await cloud.pass(110);
    expect(await cloud.states()).toEqual(['InService', 'InService']);
    await cloud.pass(300);
    const { Activities } = await cloud.call('autoscaling', 'DescribeScalingActivities', {
      AutoScalingGroupName: 'business',
    });
    const gone = Activities.find(
      ({ Description }: { Description: string }) =>
        Description.includes(victim!) && Description.startsWith('Terminating'),
    );
    expect(gone.Cause).toMatch(/EC2 health check indicating it has been terminated or stopped/);
    expect((await cloud.states()).filter((state) => state === 'InService')).toHaveLength(2);
  });

  it('keeps its servers where the new options are what it has', async () => {
    await cloud.group({ DesiredCapacity: 2 });
    await cloud.pass(60);
    const before = await servers();
    await update(100);
    await cloud.pass(1800);
    expect(await servers()).toEqual(before);
  });
});
