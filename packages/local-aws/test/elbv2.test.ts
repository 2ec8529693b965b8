import { beforeEach, describe, expect, it } from 'vitest';
import { FleetCloud } from './fleet-cloud.ts';
import { SteadyWorld } from './steady-world.ts';

let cloud: FleetCloud;
let target: string;

async function health(): Promise<{ State: string; Reason?: string }[]> {
  const { TargetHealthDescriptions } = await cloud.call('elasticloadbalancing', 'DescribeTargetHealth', {
    TargetGroupArn: target,
  });
  return TargetHealthDescriptions.map((one: { TargetHealth: unknown }) => one.TargetHealth);
}

describe('target health', () => {
  beforeEach(async () => {
    cloud = new FleetCloud(new SteadyWorld({ bootSeconds: 40 }));
    target = await cloud.balancer();
    await cloud.group({ DesiredCapacity: 1, TargetGroupARNs: [target] });
  });

  it('gives traffic only after the application answers', async () => {
    await cloud.pass(25);
    expect(await health()).toMatchObject([{ State: 'initial', Reason: 'Elb.InitialHealthChecking' }]);
    await cloud.pass(60);
    expect(await health()).toEqual([{ State: 'healthy' }]);
  });

  it('takes traffic away after failed checks, and gives it back after good ones', async () => {
    await cloud.pass(120);
    const [{ InstanceId }] = (await cloud.describe()).Instances;
    cloud.world.strike(InstanceId, 'unhealthy');
    await cloud.pass(31);
    expect(await health()).toEqual([{ State: 'healthy' }]);
    await cloud.pass(15);
    expect(await health()).toMatchObject([{ State: 'unhealthy', Reason: 'Target.Timeout' }]);
    cloud.world.strike(InstanceId, 'well');
    await cloud.pass(15);
    expect(await health()).toMatchObject([{ State: 'unhealthy' }]);
    await cloud.pass(16);
    expect(await health()).toEqual([{ State: 'healthy' }]);
  });

  it('drains a leaving server for the deregistration delay before it is terminated', async () => {
    await cloud.call('elasticloadbalancing', 'ModifyTargetGroupAttributes', {
      TargetGroupArn: target,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '60' }],
    });
    await cloud.pass(120);
    await cloud.call('autoscaling', 'SetDesiredCapacity', {
      AutoScalingGroupName: 'business',
      DesiredCapacity: 0,
    });
    await cloud.pass(30);
    expect(await health()).toMatchObject([{ State: 'draining', Reason: 'Target.DeregistrationInProgress' }]);
    expect((await cloud.activities())[0].StatusCode).toBe('WaitingForELBConnectionDraining');
    await cloud.pass(90);
    expect(await health()).toEqual([]);
    expect(await cloud.states()).toEqual([]);
  });

  it('does not use targets that no listener forwards to', async () => {
    await cloud.pass(60);
    const { Listeners } = await cloud.call('elasticloadbalancing', 'DescribeListeners');
    await cloud.call('elasticloadbalancing', 'DeleteListener', { ListenerArn: Listeners[0].ListenerArn });
    expect(await health()).toMatchObject([{ State: 'unused', Reason: 'Target.NotInUse' }]);
  });
});

describe('load balancers', () => {
  beforeEach(() => {
    cloud = new FleetCloud(new SteadyWorld());
  });

  it('keeps a target group that is in use', async () => {
    target = await cloud.balancer('network');
    await expect(
      cloud.call('elasticloadbalancing', 'DeleteTargetGroup', { TargetGroupArn: target }),
    ).rejects.toMatchObject({ code: 'ResourceInUse' });
  });

  it('has only the attributes of its kind', async () => {
    target = await cloud.balancer('network');
    await expect(
      cloud.call('elasticloadbalancing', 'ModifyTargetGroupAttributes', {
        TargetGroupArn: target,
        Attributes: [{ Key: 'slow_start.duration_seconds', Value: '30' }],
      }),
    ).rejects.toMatchObject({ code: 'ValidationError' });
  });

  it('names what it does not find', async () => {
    await expect(
      cloud.call('elasticloadbalancing', 'DescribeTargetHealth', { TargetGroupArn: 'arn:none' }),
    ).rejects.toMatchObject({ code: 'TargetGroupNotFound' });
    await expect(
      cloud.call('elasticloadbalancing', 'DescribeLoadBalancers', { Names: ['none'] }),
    ).rejects.toMatchObject({ code: 'LoadBalancerNotFound' });
  });
});
