import { describe, expect, it } from 'vitest';
import { FleetCloud, startMs } from './fleet-cloud.ts';
import { SteadyWorld } from './steady-world.ts';

const minuteMs = 60_000;

/** A world in which so many requests come to every group, and whose metrics may be late. */
class BusyWorld extends SteadyWorld {
  requests = 600;
  readonly late: { minutes?: number } = {};

  override minute(...[start, placements]: Parameters<SteadyWorld['minute']>) {
    const served = { values: [0.1], counts: [this.requests] };
    const { servers } = super.minute(start, placements);
    const requests = this.requests;
    const traffic = placements.map(({ group, serving }) => {
      const unserved = serving.length > 0 ? 0 : requests;
      return [group, { requests, unserved, responseSeconds: served }] as const;
    });
    return { servers, traffic: new Map(traffic) };
  }

  get minutesLate(): (() => number) | undefined {
    const { minutes } = this.late;
    return minutes === undefined ? undefined : () => minutes;
  }
}

interface Math {
  readonly expression: string;
  readonly m: readonly (number | undefined)[];
  readonly n: readonly (number | undefined)[];
}

/** What an expression makes of two metrics, minute by minute. */
async function computed({ expression, m, n }: Math) {
  const cloud = new FleetCloud(new SteadyWorld());
  for (const [MetricName, values] of Object.entries({ m, n })) {
    for (const [minute, Value] of values.entries()) {
      if (Value === undefined) continue;
      const Timestamp = new Date(startMs + minute * minuteMs);
      const MetricData = [{ MetricName, Value, Timestamp }];
      await cloud.call('monitoring', 'PutMetricData', { Namespace: 'Test', MetricData });
    }
  }
  const metric = (Id: string) => ({
    Id,
    MetricStat: { Metric: { Namespace: 'Test', MetricName: Id }, Period: 60, Stat: 'Sum' },
    ReturnData: false,
  });
  const { MetricDataResults } = await cloud.call('monitoring', 'GetMetricData', {
    MetricDataQueries: [metric('m'), metric('n'), { Id: 'e', Expression: expression }],
    StartTime: new Date(startMs),
    EndTime: new Date(startMs + m.length * minuteMs),
    ScanBy: 'TimestampAscending',
  });
  const [{ Timestamps, Values }] = MetricDataResults;
  return Object.fromEntries(
    Timestamps.map((at: Date, index: number) => [(at.getTime() - startMs) / minuteMs, Values[index]]),
  );
}

/** The instants at which a metric has datapoints, in minutes since the start. */
async function minutesOf(
  cloud: FleetCloud<SteadyWorld>,
  Namespace: string,
  MetricName: string,
  dimensions: Record<string, string>,
  Statistic = 'Sum',
): Promise<Record<number, number>> {
  const { Datapoints } = await cloud.call('monitoring', 'GetMetricStatistics', {
    Namespace,
    MetricName,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    StartTime: new Date(startMs),
    EndTime: new Date(cloud.now + minuteMs),
    Period: 60,
    Statistics: [Statistic],
  });
  return Object.fromEntries(
    Datapoints.map((point: Record<string, number> & { Timestamp: Date }) => [
      (point.Timestamp.getTime() - startMs) / minuteMs,
      point[Statistic],
    ]),
  );
}

describe('Metric math', () => {
  it('takes a missing value of a time series for 0 in arithmetic', async () => {
    const given = { m: [1, undefined, 3], n: [10, 20, undefined] };
    expect(await computed({ expression: 'm + n', ...given })).toEqual({ 0: 11, 1: 20, 2: 3 });
    expect(await computed({ expression: 'm * n', ...given })).toEqual({ 0: 10, 1: 0, 2: 0 });
    expect(await computed({ expression: 'm - n', ...given })).toEqual({ 0: -9, 1: -20, 2: 3 });
  });

  it('so does not take "missing" through an addition: a filled count becomes 0 without its checker', async () => {
    const given = { m: [undefined, undefined], n: [2, undefined] };
    expect(await computed({ expression: 'FILL(m, 0) + 0 * n', ...given })).toEqual({ 0: 0, 1: 0 });
  });

  it('drops a datapoint that would divide by zero, a missing divisor among them', async () => {
    const given = { m: [5, undefined, 7, undefined], n: [2, 4, undefined, 0] };
    expect(await computed({ expression: 'FILL(m, 0) * n / n', ...given })).toEqual({ 0: 5, 1: 0 });
  });

  it('fills one series with a number or its last value, and with no other series', async () => {
    const given = { m: [5, undefined], n: [2, 4] };
    expect(await computed({ expression: 'FILL(m, REPEAT)', ...given })).toEqual({ 0: 5, 1: 5 });
    await expect(computed({ expression: 'FILL(m, n)', ...given })).rejects.toThrow('FILL');
  });
});

describe('A load balancer', () => {
  async function behind(world: BusyWorld, settings: Record<string, unknown> = { DesiredCapacity: 1 }) {
    const cloud = new FleetCloud(world);
    const targetGroup = await cloud.balancer();
    await cloud.group({ TargetGroupARNs: [targetGroup], ...settings });
    const dimensions = async () => {
      const { TargetGroups } = await cloud.call('elasticloadbalancing', 'DescribeTargetGroups', {
        TargetGroupArns: [targetGroup],
      });
      const LoadBalancer = TargetGroups[0].LoadBalancerArns[0].split(':loadbalancer/')[1] as string;
      return { LoadBalancer, TargetGroup: targetGroup.split(':').at(-1)! };
    };
    return { cloud, targetGroup, dimensions };
  }

  it('publishes no counts without traffic, and its hosts all the same', async () => {
    const world = new BusyWorld();
    world.requests = 0;
    const { cloud, dimensions } = await behind(world);
    await cloud.pass(600);
    const of = (name: string, statistic?: string) =>
      dimensions().then((where) => minutesOf(cloud, 'AWS/ApplicationELB', name, where, statistic));
    expect(await of('RequestCount')).toEqual({});
    expect(await of('TargetResponseTime', 'Average')).toEqual({});
    expect(Object.keys(await of('HealthyHostCount', 'Maximum')).length).toBeGreaterThan(4);
  });

  it('publishes late, and the newest minutes are not there yet', async () => {
    const world = new BusyWorld();
    world.late.minutes = 3;
    const { cloud, dimensions } = await behind(world);
    await cloud.pass(1200);
    const seen = Object.keys(
      await minutesOf(cloud, 'AWS/ApplicationELB', 'RequestCount', await dimensions()),
    );
    expect(Math.max(...seen.map(Number))).toBe(16);
  });

  it('publishes one to three minutes late, if nobody says how late', async () => {
    const { cloud, dimensions } = await behind(new BusyWorld());
    const late = new Set<number>();
    await cloud.pass(300);
    for (let minute = 0; minute < 40; minute++) {
      await cloud.pass(60);
      const seen = await minutesOf(cloud, 'AWS/ApplicationELB', 'RequestCount', await dimensions());
      late.add((cloud.now - startMs) / minuteMs - 1 - Math.max(...Object.keys(seen).map(Number)));
    }
    expect([...late].sort()).toEqual([1, 2, 3]);
  });

  it('says nothing at all in an incident', async () => {
    const world = new BusyWorld();
    const { cloud, dimensions } = await behind(world);
    await cloud.pass(600);
    world.late.minutes = Number.POSITIVE_INFINITY;
    await cloud.pass(600);
    for (const name of ['RequestCount', 'HealthyHostCount']) {
      const seen = await minutesOf(cloud, 'AWS/ApplicationELB', name, await dimensions());
      expect(Math.max(...Object.keys(seen).map(Number))).toBeLessThan(11);
    }
  });

  it('without servers turns requests away, and counts them as that and not as requests', async () => {
    const { cloud, dimensions } = await behind(new BusyWorld(), { DesiredCapacity: 0 });
    await cloud.pass(600);
    const where = await dimensions();
    expect(await minutesOf(cloud, 'AWS/ApplicationELB', 'RequestCount', where)).toEqual({});
    const { LoadBalancer } = where;
    const refused = await minutesOf(cloud, 'AWS/ApplicationELB', 'HTTPCode_ELB_503_Count', { LoadBalancer });
    expect(refused[5]).toBe(600);
  });

  it('hands its target group over to another, and the dimension of its metrics changes with it', async () => {
    const { cloud, targetGroup, dimensions } = await behind(new BusyWorld());
    await cloud.pass(600);
    const before = await dimensions();
    const elb = (operation: string, input: object) => cloud.call('elasticloadbalancing', operation, input);
    const { LoadBalancers } = await elb('DescribeLoadBalancers', {});
    const { Listeners } = await elb('DescribeListeners', {
      LoadBalancerArn: LoadBalancers[0].LoadBalancerArn,
    });
    await elb('DeleteListener', { ListenerArn: Listeners[0].ListenerArn });
    const { Subnets } = await cloud.call('ec2', 'DescribeSubnets');
    const made = await elb('CreateLoadBalancer', {
      Name: 'new',
      Subnets: Subnets.map(({ SubnetId }: { SubnetId: string }) => SubnetId),
    });
    const { LoadBalancerArn } = made.LoadBalancers[0];
    const DefaultActions = [{ Type: 'forward', TargetGroupArn: targetGroup }];
    await elb('CreateListener', { LoadBalancerArn, Port: 80, Protocol: 'HTTP', DefaultActions });
    await cloud.pass(600);
    const after = await dimensions();
    expect(after.LoadBalancer).not.toBe(before.LoadBalancer);
    const newest = async (where: Record<string, string>) =>
      Math.max(
        ...Object.keys(await minutesOf(cloud, 'AWS/ApplicationELB', 'RequestCount', where)).map(Number),
      );
    expect(await newest(before)).toBeLessThan(11);
    expect(await newest(after)).toBeGreaterThan(16);
  });
});

describe('A group that nobody has prepared', () => {
  const byGroup = { AutoScalingGroupName: 'business' };

  it('publishes no metrics of its own until they are switched on', async () => {
    const cloud = new FleetCloud(new SteadyWorld());
    await cloud.group({ DesiredCapacity: 2 });
    await cloud.pass(600);
    const of = () => minutesOf(cloud, 'AWS/AutoScaling', 'GroupInServiceInstances', byGroup, 'Average');
    expect(await of()).toEqual({});
    await cloud.call('autoscaling', 'EnableMetricsCollection', {
      AutoScalingGroupName: 'business',
      Granularity: '1Minute',
    });
    await cloud.pass(300);
    expect(Object.values(await of())).toContain(2);
  });

  it('has servers with basic monitoring: one datapoint in five minutes, whose bytes are those of all five', async () => {
    const cloud = new FleetCloud(new SteadyWorld());
    await cloud.call('ec2', 'CreateLaunchTemplate', {
      LaunchTemplateName: 'plain',
      LaunchTemplateData: { ImageId: 'ami-0123456789abcdef0', InstanceType: 'c7g.xlarge' },
    });
    await cloud.launchTemplate();
    await cloud.group({ DesiredCapacity: 1, LaunchTemplate: { LaunchTemplateName: 'plain' } });
    await cloud.pass(1800);
    const bytes = await minutesOf(cloud, 'AWS/EC2', 'NetworkIn', byGroup, 'Average');
    const minutes = Object.keys(bytes).map(Number);
    expect(minutes.length).toBeGreaterThan(3);
    for (const [index, minute] of minutes.entries())
      if (index > 0) expect(minute - minutes[index - 1]!).toBe(5);
    // A server of the steady world takes in a megabyte a minute.
    expect(new Set(Object.values(bytes))).toEqual(new Set([5e6]));
  });
});
