import { describe, expect, it } from 'vitest';
import { FleetCloud } from '../../../../packages/local-aws/test/fleet-cloud.ts';
import { World } from '../../../../simulate/world/world.ts';

/** A server carries 100 requests a second; there are so many requests a second. */
function busy(requestsPerSecond: number): FleetCloud<World> {
  const load = () => requestsPerSecond * 60;
  return new FleetCloud(
    new World(7, { business: { requestsPerSecondPerServer: 100, bootSeconds: 60, load } }),
  );
}

async function average(
  cloud: FleetCloud<World>,
  Namespace: string,
  MetricName: string,
  Dimensions: unknown,
  Statistics = ['Average'],
) {
  const { Datapoints } = await cloud.call('monitoring', 'GetMetricStatistics', {
    ...{ Namespace, MetricName, Dimensions, Statistics, Period: 60 },
    StartTime: new Date(cloud.now - 600_000),
    EndTime: new Date(cloud.now),
  });
  return Datapoints.map((point: Record<string, number>) => point[Statistics[0]!]);
}

const byGroup = [{ Name: 'AutoScalingGroupName', Value: 'business' }];

describe('the world', () => {
  it('makes CPU follow the load that each server carries', async () => {
    const cloud = busy(120);
    await cloud.group({ DesiredCapacity: 2, TargetGroupARNs: [await cloud.balancer()] });
    await cloud.pass(900);
    for (const value of await average(cloud, 'AWS/EC2', 'CPUUtilization', byGroup)) {
      expect(value).toBeGreaterThan(55);
      expect(value).toBeLessThan(68);
    }
  });

  it('shows a minute about a minute after it has ended', async () => {
    const cloud = busy(50);
    await cloud.group({ DesiredCapacity: 1 });
    await cloud.pass(300);
    const { Datapoints } = await cloud.call('monitoring', 'GetMetricStatistics', {
      ...{
        Namespace: 'AWS/EC2',
        MetricName: 'CPUUtilization',
        Dimensions: byGroup,
        Statistics: ['Average'],
        Period: 60,
      },
      StartTime: new Date(cloud.now - 600_000),
      EndTime: new Date(cloud.now),
    });
    expect(Math.max(...Datapoints.map((one: { Timestamp: Date }) => one.Timestamp.getTime()))).toBe(
      cloud.now - 120_000,
    );
  });

  it('counts what nobody could serve', async () => {
    const cloud = busy(300);
    await cloud.group({ DesiredCapacity: 2, TargetGroupARNs: [await cloud.balancer()] });
    await cloud.pass(1200);
    const before = cloud.world.accountOf('business');
    await cloud.pass(60);
    const after = cloud.world.accountOf('business');
    expect(after.requests - before.requests).toBe(18_000);
    expect(after.unserved - before.unserved).toBe(6_000);
  });

  it('loses what goes to a server that is unhealthy, until the balancer notices', async () => {
    const cloud = busy(60);
    await cloud.group({ DesiredCapacity: 2, TargetGroupARNs: [await cloud.balancer()] });
    await cloud.pass(1195);
    const lost = cloud.world.accountOf('business').unserved;
    cloud.world.strike((await cloud.describe()).Instances[0].InstanceId, 'unhealthy');
    await cloud.pass(10);
    expect(cloud.world.accountOf('business').unserved - lost).toBe(1_800);
    await cloud.pass(120);
    expect(cloud.world.accountOf('business').unserved - lost).toBe(1_800);
  });

  it('publishes no counts for a silent balancer, and hosts all the same', async () => {
    const cloud = busy(0);
    await cloud.group({ DesiredCapacity: 1, TargetGroupARNs: [await cloud.balancer()] });
    await cloud.pass(600);
    const { Metrics } = await cloud.call('monitoring', 'ListMetrics', { Namespace: 'AWS/ApplicationELB' });
    expect(new Set(Metrics.map((metric: { MetricName: string }) => metric.MetricName))).toEqual(
      new Set(['HealthyHostCount', 'UnHealthyHostCount']),
    );
  });

  it('publishes a server with basic monitoring every five minutes', async () => {
    const cloud = busy(50);
    await cloud.group({ DesiredCapacity: 1 });
    await cloud.pass(60);
    await cloud.call('ec2', 'UnmonitorInstances', {
      InstanceIds: [(await cloud.describe()).Instances[0].InstanceId],
    });
    await cloud.pass(1800);
    expect(await average(cloud, 'AWS/EC2', 'CPUUtilization', byGroup)).toHaveLength(2);
  });

  it('is the same for the same seed', async () => {
    const run = async () => {
      const cloud = busy(150);
      await cloud.group({ DesiredCapacity: 3, TargetGroupARNs: [await cloud.balancer()] });
      await cloud.pass(1800);
      return [
        await average(cloud, 'AWS/EC2', 'CPUUtilization', byGroup),
        await cloud.describe(),
        cloud.world.accountOf('business'),
      ];
    };
    expect(await run()).toEqual(await run());
  });

  it('plays a day of two groups with alarms in a few seconds of CPU', async () => {
    const model = { requestsPerSecondPerServer: 100, bootSeconds: 90, load: () => 40_000 };
    const cloud = new FleetCloud(new World(7, { business: model, session: model }));
    const target = {
      business: await cloud.balancer('application'),
      session: await cloud.balancer('network'),
    };
    for (const AutoScalingGroupName of ['business', 'session'] as const) {
      await cloud.group({
        AutoScalingGroupName,
        DesiredCapacity: 10,
        TargetGroupARNs: [target[AutoScalingGroupName]],
      });
      for (let i = 0; i < 10; i++)
        await cloud.call('monitoring', 'PutMetricAlarm', {
          ...{
            AlarmName: `${AutoScalingGroupName}-${i}`,
            Namespace: 'AWS/EC2',
            MetricName: 'CPUUtilization',
          },
          Dimensions: [{ Name: 'AutoScalingGroupName', Value: AutoScalingGroupName }],
          ...{
            Statistic: 'Average',
            Period: 300,
            EvaluationPeriods: 3,
            Threshold: 70,
            ComparisonOperator: 'GreaterThanThreshold',
          },
        });
    }
    const before = process.cpuUsage();
    await cloud.pass(86_400);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(15);
    expect(await cloud.states()).toHaveLength(10);
  });
});
