import { beforeEach, describe, expect, it } from 'vitest';
import { FleetCloud } from './fleet-cloud.ts';
import { SteadyWorld } from './steady-world.ts';

let cloud: FleetCloud;
beforeEach(() => {
  cloud = new FleetCloud(new SteadyWorld());
});

const inGroup = (operation: string, input: object) =>
  cloud.call('autoscaling', operation, { AutoScalingGroupName: 'business', ...input });
const setDesired = (DesiredCapacity: number) => inGroup('SetDesiredCapacity', { DesiredCapacity });
const hook = (transition: string, HeartbeatTimeout: number, DefaultResult = 'ABANDON') =>
  inGroup('PutLifecycleHook', {
    LifecycleHookName: 'hook',
    LifecycleTransition: `autoscaling:EC2_INSTANCE_${transition}`,
    HeartbeatTimeout,
    DefaultResult,
  });

async function ids(): Promise<string[]> {
  return (await cloud.describe()).Instances.map(({ InstanceId }: { InstanceId: string }) => InstanceId);
}

/** Of each target, by id. */
async function targetStates(
  TargetGroupArn: string,
): Promise<Record<string, { State: string; Reason?: string }>> {
  const { TargetHealthDescriptions } = await cloud.call('elasticloadbalancing', 'DescribeTargetHealth', {
    TargetGroupArn,
  });
  return Object.fromEntries(
    TargetHealthDescriptions.map(
      ({ Target, TargetHealth }: { Target: { Id: string }; TargetHealth: object }) => [
        Target.Id,
        TargetHealth,
      ],
    ),
  );
}

async function targetGroup(Name: string): Promise<string> {
  const { TargetGroups } = await cloud.call('elasticloadbalancing', 'CreateTargetGroup', {
    Name,
    Protocol: 'HTTP',
    Port: 80,
    HealthCheckIntervalSeconds: 15,
    HealthyThresholdCount: 2,
  });
  return TargetGroups[0].TargetGroupArn;
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
describe('a target', () => {
  it('is initial, then healthy, and unhealthy for as long as its server does not answer', async () => {
    const arn = await cloud.balancer();
    await cloud.group({ DesiredCapacity: 1, TargetGroupARNs: [arn] });
    await cloud.pass(20);
    const [id] = await ids();
    expect((await targetStates(arn))[id!]).toMatchObject({ State: 'initial' });
    await cloud.pass(180);
    expect((await targetStates(arn))[id!]).toMatchObject({ State: 'healthy' });
    cloud.world.strike(id!, 'unhealthy');
    await cloud.pass(3600);
    expect((await targetStates(arn))[id!]).toMatchObject({ State: 'unhealthy' });
    // The group does not look at its load balancer: it keeps the server.
    expect(await ids()).toEqual([id]);
  });

  it('is unused in a target group without a listener, whatever its server does', async () => {
    const blue = await cloud.balancer();
    const green = await targetGroup('green');
    await cloud.group({ DesiredCapacity: 2, TargetGroupARNs: [blue, green] });
    await cloud.pass(300);
    const states = (all: Record<string, { State: string; Reason?: string }>) =>
      Object.values(all).map(({ State, Reason }) => `${State} ${Reason ?? ''}`.trim());
    expect(states(await targetStates(blue))).toEqual(['healthy', 'healthy']);
    expect(states(await targetStates(green))).toEqual(['unused Target.NotInUse', 'unused Target.NotInUse']);
  });

  it('is unused in a zone that is not enabled for the load balancer', async () => {
    const { Subnets } = await cloud.call('ec2', 'DescribeSubnets');
    const [a, b, c] = Subnets as { SubnetId: string; AvailabilityZone: string }[];
    const { LoadBalancers } = await cloud.call('elasticloadbalancing', 'CreateLoadBalancer', {
      Name: 'two-zones',
      Subnets: [a!.SubnetId, b!.SubnetId],
    });
    const arn = await targetGroup('two-zones');
    await cloud.call('elasticloadbalancing', 'CreateListener', {
      LoadBalancerArn: LoadBalancers[0].LoadBalancerArn,
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'forward', TargetGroupArn: arn }],
    });
    const zones = [a!.AvailabilityZone, c!.AvailabilityZone];
    await cloud.group({ DesiredCapacity: 2, TargetGroupARNs: [arn], AvailabilityZones: zones });
    await cloud.pass(300);
    const { Instances } = await cloud.describe();
    const all = await targetStates(arn);
    const stateIn = (zone: string) =>
      all[Instances.find((one: { AvailabilityZone: string }) => one.AvailabilityZone === zone).InstanceId];
    expect(stateIn(a!.AvailabilityZone)).toMatchObject({ State: 'healthy' });
    expect(stateIn(c!.AvailabilityZone)).toMatchObject({ State: 'unused', Reason: 'Target.NotInUse' });
  });

  it('is draining while its server leaves, for as long as the deregistration delay says', async () => {
    const arn = await cloud.balancer();
    const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '600' }];
    await cloud.call('elasticloadbalancing', 'ModifyTargetGroupAttributes', {
      TargetGroupArn: arn,
      Attributes,
    });
    await cloud.group({ DesiredCapacity: 1, TargetGroupARNs: [arn] });
    await cloud.pass(300);
    const [id] = await ids();
    await setDesired(0);
    await cloud.pass(590);
    expect((await targetStates(arn))[id!]).toMatchObject({ State: 'draining' });
    expect(await cloud.states()).toEqual(['Terminating']);
    await cloud.pass(90);
    expect(await ids()).toEqual([]);
  });
});

/** @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html */
describe('a leaving server', () => {
  it('drains first, then waits for its hook, and no longer than 48 hours however often somebody asks for more time', async () => {
    const arn = await cloud.balancer();
    await cloud.group({ DesiredCapacity: 1, TargetGroupARNs: [arn] });
    await cloud.pass(300);
    await hook('TERMINATING', 7200, 'CONTINUE');
    const [InstanceId] = await ids();
    await setDesired(0);
    await cloud.pass(290);
    expect(await cloud.states()).toEqual(['Terminating']);
    await cloud.pass(30);
    expect(await cloud.states()).toEqual(['Terminating:Wait']);
    for (let hours = 0; hours < 47; hours++) {
      await cloud.pass(3600);
      await inGroup('RecordLifecycleActionHeartbeat', { LifecycleHookName: 'hook', InstanceId });
      expect(await cloud.states()).toEqual(['Terminating:Wait']);
    }
    await cloud.pass(3600 + 300);
    expect(await ids()).toEqual([]);
  });
});

/** @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ts-as-instancelaunchfailure.html */
describe('a launch that fails', () => {
  it.each([
    ['runs out of its hook', async () => cloud.pass(200), 'Heartbeat Timeout'],
    [
      'is given up by its hook',
      async () => {
        await cloud.pass(30);
        const [InstanceId] = await ids();
        await inGroup('CompleteLifecycleAction', {
          LifecycleHookName: 'hook',
          InstanceId,
          LifecycleActionResult: 'ABANDON',
        });
      },
      'Lifecycle Action Completed with ABANDON Result',
    ],
  ])('is Cancelled when it %s, with the reason, and tried again', async (_what, abandon, why) => {
    await cloud.group();
    await hook('LAUNCHING', 120);
    await setDesired(1);
    await abandon();
    const launches = (await cloud.activities()).filter(({ Description }) =>
      Description.startsWith('Launching'),
    );
    const [cancelled] = launches.filter(({ StatusCode }) => StatusCode === 'Cancelled');
    expect(cancelled.StatusMessage).toMatch(
      new RegExp(
        `^Instance failed to complete user's Lifecycle Action: Lifecycle Action with token .+ was abandoned: ${why}$`,
      ),
    );
    await cloud.pass(60);
    expect((await cloud.activities())[0]).toMatchObject({ StatusCode: 'MidLifecycleAction' });
  });

  it('is Cancelled when its server dies before it serves, as by a key that may not be used', async () => {
    await cloud.group();
    await hook('LAUNCHING', 7200);
    await setDesired(1);
    await cloud.pass(30);
    await cloud.call('ec2', 'TerminateInstances', { InstanceIds: await ids() });
    await cloud.pass(60);
    const cancelled = (await cloud.activities()).find(({ StatusCode }) => StatusCode === 'Cancelled');
    expect(cancelled.StatusMessage).toContain(
      'Instance became unhealthy while waiting for instance to be in InService state',
    );
  });

  it('is Cancelled without a reason when it is wanted no longer', async () => {
    await cloud.group({ DesiredCapacity: 1 });
    await cloud.pass(5);
    const [InstanceId] = await ids();
    await cloud.call('autoscaling', 'TerminateInstanceInAutoScalingGroup', {
      InstanceId,
      ShouldDecrementDesiredCapacity: true,
    });
    const cancelled = (await cloud.activities()).find(({ StatusCode }) => StatusCode === 'Cancelled');
    expect(cancelled.StatusMessage).toBeUndefined();
  });

  it('for want of capacity in one zone is followed by one in another, which may succeed', async () => {
    class OneZoneIsFull extends SteadyWorld {
      override refusal(request: { availabilityZone: string } = { availabilityZone: '' }) {
        if (request.availabilityZone !== 'us-east-1a') return undefined;
        const message = `We currently do not have sufficient c7g.xlarge capacity in the Availability Zone you requested (${request.availabilityZone}).`;
        return { code: 'InsufficientInstanceCapacity', message };
      }
    }
    cloud = new FleetCloud(new OneZoneIsFull());
    await cloud.group({ DesiredCapacity: 1 });
    await cloud.pass(60);
    const statuses = (await cloud.activities()).map(({ StatusCode }) => StatusCode);
    expect(statuses.toSorted()).toEqual(['Failed', 'Successful']);
    expect((await cloud.describe()).Instances).toMatchObject([
      { AvailabilityZone: 'us-east-1b', LifecycleState: 'InService' },
    ]);
  });
});

/** @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-enter-exit-standby.html */
describe('a server that is taken out for a while', () => {
  const move = (operation: string, InstanceIds: string[], more: object = {}) =>
    inGroup(operation, { InstanceIds, ...more });

  it('stands by, keeps its protection, gets nothing to do, and is outside of desired', async () => {
    const arn = await cloud.balancer();
    await cloud.group({ DesiredCapacity: 2, TargetGroupARNs: [arn], NewInstancesProtectedFromScaleIn: true });
    await cloud.pass(300);
    const [first] = await ids();
    await move('EnterStandby', [first!], { ShouldDecrementDesiredCapacity: true });
    expect(await cloud.describe()).toMatchObject({ DesiredCapacity: 1 });
    const stateOf = async (id: string) =>
      (await cloud.describe()).Instances.find(({ InstanceId }: { InstanceId: string }) => InstanceId === id);
    expect(await stateOf(first!)).toMatchObject({
      LifecycleState: 'EnteringStandby',
      ProtectedFromScaleIn: true,
    });
    await cloud.pass(400);
    expect(await stateOf(first!)).toMatchObject({ LifecycleState: 'Standby', ProtectedFromScaleIn: true });
    expect(Object.keys(await targetStates(arn))).not.toContain(first);
    expect(await ids()).toHaveLength(2);
  });

  it('comes back, which raises desired by it', async () => {
    await cloud.group({ DesiredCapacity: 2, NewInstancesProtectedFromScaleIn: true });
    await cloud.pass(60);
    const [first] = await ids();
    await move('EnterStandby', [first!], { ShouldDecrementDesiredCapacity: true });
    await cloud.pass(60);
    await move('ExitStandby', [first!]);
    await cloud.pass(60);
    expect(await cloud.describe()).toMatchObject({ DesiredCapacity: 2 });
    expect(await cloud.states()).toEqual(['InService', 'InService']);
    expect(
      (await cloud.describe()).Instances.every(
        (one: { ProtectedFromScaleIn: boolean }) => one.ProtectedFromScaleIn,
      ),
    ).toBe(true);
  });

  it('is replaced meanwhile, when desired is not to fall', async () => {
    await cloud.group({ DesiredCapacity: 1 });
    await cloud.pass(60);
    await move('EnterStandby', await ids(), { ShouldDecrementDesiredCapacity: false });
    await cloud.pass(60);
    expect((await cloud.states()).toSorted()).toEqual(['InService', 'Standby']);
  });

  it('is refused below the minimum, above the maximum, and from a state that it is not in', async () => {
    await cloud.group({ DesiredCapacity: 2, MinSize: 2, MaxSize: 2 });
    await cloud.pass(60);
    const [first] = await ids();
    const refused = { code: 'ValidationError' };
    await expect(
      move('EnterStandby', [first!], { ShouldDecrementDesiredCapacity: true }),
    ).rejects.toMatchObject(refused);
    await expect(move('ExitStandby', [first!])).rejects.toMatchObject(refused);
    await move('EnterStandby', [first!], { ShouldDecrementDesiredCapacity: false });
    await cloud.pass(60);
    await expect(move('ExitStandby', [first!])).rejects.toMatchObject(refused);
    await expect(
      move('EnterStandby', [first!], { ShouldDecrementDesiredCapacity: false }),
    ).rejects.toMatchObject(refused);
  });
});
