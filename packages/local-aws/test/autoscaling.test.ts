import { beforeEach, describe, expect, it } from 'vitest';
import { FleetCloud } from './fleet-cloud.ts';
import { SteadyWorld } from './steady-world.ts';

let cloud: FleetCloud;
beforeEach(() => {
  cloud = new FleetCloud(new SteadyWorld());
});

const setDesired = (DesiredCapacity: number, more = {}) =>
  cloud.call('autoscaling', 'SetDesiredCapacity', {
    AutoScalingGroupName: 'business',
    DesiredCapacity,
    ...more,
  });
const update = (settings: object) =>
  cloud.call('autoscaling', 'UpdateAutoScalingGroup', { AutoScalingGroupName: 'business', ...settings });
const types = () =>
  cloud.events.map((event) => event.type).filter((type) => type !== 'EC2 Instance State-change Notification');

describe('desired capacity', () => {
  it('starts at the minimum when none is given', async () => {
    await cloud.group({ MinSize: 2 });
    await cloud.pass(60);
    expect((await cloud.describe()).DesiredCapacity).toBe(2);
    expect(await cloud.states()).toEqual(['InService', 'InService']);
  });

  it('is refused outside the sizes, in the words of the service', async () => {
    await cloud.group({ MinSize: 1, MaxSize: 3 });
    await expect(setDesired(4)).rejects.toMatchObject({
      code: 'ValidationError',
      message: 'New SetDesiredCapacity value 4 is above max value 3 for the AutoScalingGroup.',
    });
    await expect(setDesired(0)).rejects.toMatchObject({
      code: 'ValidationError',
      message: 'New SetDesiredCapacity value 0 is below min value 1 for the AutoScalingGroup.',
    });
  });

  it('follows the sizes and stays when an update omits it', async () => {
    await cloud.group({ MinSize: 1, DesiredCapacity: 3 });
    await update({ HealthCheckGracePeriod: 60 });
    expect((await cloud.describe()).DesiredCapacity).toBe(3);
    await update({ MaxSize: 2 });
    expect((await cloud.describe()).DesiredCapacity).toBe(2);
    await update({ MinSize: 4, MaxSize: 6 });
    expect((await cloud.describe()).DesiredCapacity).toBe(4);
  });

  it('honours the cooldown when asked to', async () => {
    await cloud.group({ DesiredCapacity: 1, DefaultCooldown: 300 });
    await cloud.pass(60);
    await expect(setDesired(2, { HonorCooldown: true })).rejects.toMatchObject({
      code: 'ScalingActivityInProgress',
    });
    await cloud.pass(300);
    await setDesired(2, { HonorCooldown: true });
    expect((await cloud.describe()).DesiredCapacity).toBe(2);
  });

  it('honours what is under way when asked to, also where nothing cools down', async () => {
    await cloud.group({ DesiredCapacity: 1, DefaultCooldown: 0 });
    await cloud.pass(4);
    expect(await cloud.states()).toEqual(['Pending']);
    const code = 'ScalingActivityInProgress';
    await expect(setDesired(2, { HonorCooldown: true })).rejects.toMatchObject({ code });
    await cloud.pass(120);
    await setDesired(2, { HonorCooldown: true });
    expect((await cloud.describe()).DesiredCapacity).toBe(2);
  });
});

describe('launching and terminating', () => {
  it('says why in the activity and tells EventBridge', async () => {
    await cloud.group();
    await setDesired(1);
    await cloud.pass(60);
    const [activity] = await cloud.activities();
    expect(activity).toMatchObject({ StatusCode: 'Successful', Progress: 100 });
    expect(activity.Cause).toMatch(
      /a user request explicitly set group desired capacity changing the desired capacity from 0 to 1\. {2}At .* increasing the capacity from 0 to 1\.$/,
    );
    expect(types()).toEqual(['EC2 Instance Launch Successful']);
    await setDesired(0);
    await cloud.pass(60);
    expect((await cloud.activities())[0].Cause).toContain('shrinking the capacity from 1 to 0');
    expect(types()).toEqual(['EC2 Instance Launch Successful', 'EC2 Instance Terminate Successful']);
    expect(await cloud.states()).toEqual([]);
  });

  it('waits for warm-up before the activity is successful', async () => {
    await cloud.group({ DesiredCapacity: 1, DefaultInstanceWarmup: 120 });
    await cloud.pass(60);
    expect((await cloud.activities())[0].StatusCode).toBe('WaitingForInstanceWarmup');
    await cloud.pass(120);
    expect((await cloud.activities())[0].StatusCode).toBe('Successful');
  });

  it('balances zones when it launches and when it terminates', async () => {
    await cloud.group({ DesiredCapacity: 4 });
    const zones = async () =>
      (await cloud.describe()).Instances.map(
        (one: { AvailabilityZone: string }) => one.AvailabilityZone,
      ).sort();
    await cloud.pass(60);
    expect(await zones()).toEqual(['us-east-1a', 'us-east-1a', 'us-east-1b', 'us-east-1b']);
    await setDesired(2);
    await cloud.pass(60);
    expect(await zones()).toEqual(['us-east-1a', 'us-east-1b']);
  });

  it('terminates nothing that is protected, though desired falls', async () => {
    await cloud.group({ DesiredCapacity: 2, NewInstancesProtectedFromScaleIn: true });
    await cloud.pass(60);
    await setDesired(0);
    await cloud.pass(300);
    expect((await cloud.describe()).DesiredCapacity).toBe(0);
    expect(await cloud.states()).toEqual(['InService', 'InService']);
  });

  it('does nothing while the process is suspended, and catches up when resumed', async () => {
    await cloud.group();
    await cloud.call('autoscaling', 'SuspendProcesses', {
      AutoScalingGroupName: 'business',
      ScalingProcesses: ['Launch'],
    });
    await setDesired(1);
    await cloud.pass(600);
    expect(await cloud.activities()).toEqual([]);
    await cloud.call('autoscaling', 'ResumeProcesses', { AutoScalingGroupName: 'business' });
    await cloud.pass(60);
    expect(await cloud.states()).toEqual(['InService']);
  });

  it('takes no server away while Terminate is suspended, and makes up for it when it is resumed', async () => {
    await cloud.group({ DesiredCapacity: 2 });
    await cloud.pass(60);
    const Terminate = { AutoScalingGroupName: 'business', ScalingProcesses: ['Terminate'] };
    await cloud.call('autoscaling', 'SuspendProcesses', Terminate);
    await setDesired(1);
    await cloud.pass(600);
    expect(await cloud.states()).toEqual(['InService', 'InService']);
    await cloud.call('autoscaling', 'ResumeProcesses', Terminate);
    await cloud.pass(120);
    expect(await cloud.states()).toEqual(['InService']);
  });

  it('takes a server out of the zone that has most, whatever the policy of the group would choose', async () => {
    await cloud.group({ TerminationPolicies: ['OldestInstance'] });
    for (const size of [1, 2, 3]) {
      await setDesired(size);
      await cloud.pass(60);
    }
    const { Instances } = await cloud.describe();
    await cloud.call('autoscaling', 'SetInstanceProtection', {
      AutoScalingGroupName: 'business',
      InstanceIds: [Instances[0].InstanceId],
      ProtectedFromScaleIn: true,
    });
    await setDesired(2);
    await cloud.pass(120);
    const left = (await cloud.describe()).Instances as { AvailabilityZone: string }[];
    expect(left.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(['us-east-1a', 'us-east-1b']);
  });

  it('fails a launch with the words of EC2, backs off, and tries again', async () => {
    await cloud.group();
    const message =
      'We currently do not have sufficient c7g.xlarge capacity in the Availability Zone you requested (us-east-1a).';
    cloud.world.refuseLaunches(() => ({ code: 'InsufficientInstanceCapacity', message }));
    await setDesired(2);
    await cloud.pass(30);
    const failed = await cloud.activities();
    // One in each zone.
    expect(failed).toHaveLength(2);
    expect(failed[0]).toMatchObject({
      StatusCode: 'Failed',
      StatusMessage: `${message} Launching EC2 instance failed.`,
    });
    expect(new Set(types())).toEqual(new Set(['EC2 Instance Launch Unsuccessful']));
    await cloud.pass(600);
    expect((await cloud.activities()).length).toBeLessThanOrEqual(10);
    cloud.world.refuseLaunches(undefined);
    await cloud.pass(1200);
    expect(await cloud.states()).toEqual(['InService', 'InService']);
  });

  it('suspends Launch itself after a day of failed launches', async () => {
    await cloud.group();
    cloud.world.refuseLaunches(() => ({ code: 'InvalidAMIID.NotFound', message: 'no image' }));
    await setDesired(1);
    await cloud.pass(23 * 3600);
    expect((await cloud.describe()).SuspendedProcesses).toEqual([]);
    await cloud.pass(2 * 3600);
    expect((await cloud.describe()).SuspendedProcesses).toMatchObject([{ ProcessName: 'Launch' }]);
  });

  it('fails when the account has no vCPUs left', async () => {
    cloud.services.ec2.instances.vcpuLimit = 4;
    await cloud.group({ DesiredCapacity: 2 });
    await cloud.pass(30);
    const failed = (await cloud.activities()).find((one) => one.StatusCode === 'Failed');
    expect(failed.StatusMessage).toContain('vCPU limit of 4');
  });

  it('counts weights as units of capacity', async () => {
    await cloud.launchTemplate();
    const specification = { LaunchTemplateName: 'fleet', Version: '$Latest' };
    await cloud.group({
      LaunchTemplate: undefined,
      MixedInstancesPolicy: {
        LaunchTemplate: {
          LaunchTemplateSpecification: specification,
          Overrides: [{ InstanceType: 'c7g.2xlarge', WeightedCapacity: '2' }],
        },
      },
      DesiredCapacity: 3,
    });
    await cloud.pass(60);
    expect(await cloud.states()).toHaveLength(2);
    await setDesired(3);
    await cloud.pass(60);
    expect(await cloud.states()).toHaveLength(2);
  });
});

describe('native scheduled actions', () => {
  it('fire at their local time', async () => {
    await cloud.group();
    await cloud.call('autoscaling', 'PutScheduledUpdateGroupAction', {
      AutoScalingGroupName: 'business',
      ScheduledActionName: 'lunch',
      Recurrence: '0 11 * * *',
      TimeZone: 'Asia/Shanghai',
      DesiredCapacity: 2,
    });
    await cloud.pass(3 * 3600 - 1);
    expect((await cloud.describe()).DesiredCapacity).toBe(0);
    await cloud.pass(2);
    expect((await cloud.describe()).DesiredCapacity).toBe(2);
  });
});

describe('describing groups', () => {
  it('takes a hundred names, leaves out those that do not exist, and filters by tag', async () => {
    await cloud.group({ Tags: [{ Key: 'fleet', Value: 'lunch', PropagateAtLaunch: true }] });
    const describeGroups = (input: object) => cloud.call('autoscaling', 'DescribeAutoScalingGroups', input);
    expect((await describeGroups({ AutoScalingGroupNames: ['nobody'] })).AutoScalingGroups).toEqual([]);
    expect(
      (await describeGroups({ Filters: [{ Name: 'tag:fleet', Values: ['lunch'] }] })).AutoScalingGroups,
    ).toHaveLength(1);
    expect(
      (await describeGroups({ Filters: [{ Name: 'tag:fleet', Values: ['dinner'] }] })).AutoScalingGroups,
    ).toEqual([]);
    await expect(
      describeGroups({ AutoScalingGroupNames: Array.from({ length: 101 }, String) }),
    ).rejects.toMatchObject({ code: 'ValidationError' });
  });

  it('counts them beside how many there may be', async () => {
    await cloud.group();
    expect(await cloud.call('autoscaling', 'DescribeAccountLimits')).toMatchObject({
      MaxNumberOfAutoScalingGroups: 500,
      NumberOfAutoScalingGroups: 1,
    });
  });

  it('deletes a group with instances only by force, and keeps it until they are gone', async () => {
    await cloud.group({ DesiredCapacity: 1 });
    await cloud.pass(60);
    const remove = (ForceDelete: boolean) =>
      cloud.call('autoscaling', 'DeleteAutoScalingGroup', { AutoScalingGroupName: 'business', ForceDelete });
    await expect(remove(false)).rejects.toMatchObject({ code: 'ResourceInUse' });
    await remove(true);
    // Nobody makes it grow any more.
    const sizes = { MinSize: 0, MaxSize: 0, DesiredCapacity: 0 };
    expect(await cloud.describe()).toMatchObject({ Status: 'Delete in progress', ...sizes });
    await cloud.pass(60);
    expect(await cloud.describe()).toBeUndefined();
  });
});
