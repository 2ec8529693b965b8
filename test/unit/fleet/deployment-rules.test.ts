import { describe, expect, it } from 'vitest';
import { InvalidFleet } from '../../../shared/fleet/invalid-fleet.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';

/** What is wrong with a fleet of these groups, and with the rest of its file: `path: message`. */
function mistakes(groups: Record<string, object>, rest: object = {}): string[] {
  const sizes = { minSize: 1, maxSize: 9 };
  const all = Object.fromEntries(Object.entries(groups).map(([name, one]) => [name, { ...sizes, ...one }]));
  try {
    readFleet(JSON.stringify({ name: 'f', ...rest, groups: all }));
    return [];
  } catch (error) {
    if (!(error instanceof InvalidFleet)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

const made = (environment: object = {}) => ({
  launch: { imageId: 'ami-0a1b2c3d', instanceType: 'c7g.large', environment },
  loadBalancer: { scheme: 'internal', protocol: 'TCP', port: 80 },
});
const alarm = (metric: string) => ({
  metric,
  comparisonOperator: 'GreaterThanThreshold',
  threshold: 1,
  period: 60,
  evaluationPeriods: 1,
  scalingAdjustment: 1,
});
const imported = {
  existing: 'g',
  loadBalancer: { targetGroupArns: ['arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/g/0a'] },
};

it('keeps the names of the stacks that are not groups', () => {
  expect(mistakes({ scaler: made() })).toEqual([
    expect.stringContaining('groups.scaler: expected another name: scaler is what the scaler is called'),
  ]);
});

it('finds two alarms that would have one name', () => {
  const found = mistakes({
    a: { ...made(), alarms: { 'b-c': alarm('cpu') } },
    'a-b': { ...made(), alarms: { c: alarm('cpu') } },
  });
  expect(found).toEqual([expect.stringContaining('groups.a-b.alarms.c: expected another name')]);
});

it('keeps the names of the alarms on the scaler itself', () => {
  const found = mistakes({ function: { ...made(), alarms: { errors: alarm('cpu') } } });
  expect(found).toEqual([
    expect.stringContaining(
      'groups.function.alarms.errors: expected another name: alarms: function-errors is what an alarm of the scaler',
    ),
  ]);
});

it('finds groups that are one and the same in AWS', () => {
  const twice = mistakes({ a: { existing: 'shop' }, b: { existing: 'shop' } });
  expect(twice).toEqual([
    expect.stringContaining('groups.b.existing: expected a group that is not that of a'),
  ]);
  const ours = mistakes({ a: made(), b: { existing: 'f-a' } });
  expect(ours).toEqual([
    expect.stringContaining('groups.b.existing: expected a group that is not that of a'),
  ]);
});

it('takes over as many groups as a role can name', () => {
  const groups = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `g${index}`,
        { existing: `${'n'.repeat(57)}${100 + index}` },
      ]),
    );
  expect(mistakes(groups(360))).toEqual([]);
  expect(mistakes(groups(361))).toEqual([
    expect.stringContaining('groups: expected fewer existing ones: their names fill 11 policies'),
  ]);
});

it('finds groups that wait for each other’s address, and lets a chain be', () => {
  const chain = {
    a: made({ B: 'address-of:b' }),
    b: made({ C: 'address-of:c' }),
    c: made(),
  };
  expect(mistakes(chain)).toEqual([]);
  const circle = mistakes({ ...chain, c: made({ A: 'address-of:a' }) });
  expect(circle).toHaveLength(3);
  expect(circle[0]).toContain('groups.a.launch.environment.B: expected no circle');
});

it('asks no address of a load balancer that it does not make', () => {
  expect(mistakes({ a: made({ B: 'address-of:b' }), b: imported })).toEqual([
    expect.stringContaining(
      'groups.a.launch.environment.B: expected a group with a load balancer of its own',
    ),
  ]);
});

it('makes no load balancer before a group that exists', () => {
  expect(mistakes({ a: { existing: 'g', loadBalancer: made().loadBalancer } })).toEqual([
    expect.stringContaining('groups.a.loadBalancer.targetGroupArns: expected the target groups'),
  ]);
});

it('finds metrics that a load balancer does not have', () => {
  expect(mistakes({ a: { ...made(), alarms: { slow: alarm('responseTime') } } })).toEqual([
    expect.stringContaining('groups.a.alarms.slow.metric: expected another metric'),
  ]);
  expect(mistakes({ a: { ...imported, alarms: { qps: alarm('requestsPerSecond') } } })).toEqual([
    expect.stringContaining('loadBalancerArn'),
  ]);
  expect(mistakes({ a: { ...made(), alarms: { connections: alarm('requestsPerSecond') } } })).toEqual([]);
});

it('finds metrics that a load balancer does not have wherever they are named', () => {
  const requests = { metric: 'requestsPerTarget', targetValue: 50 };
  const expected = (place: string) => [
    expect.stringContaining(`groups.a.${place}.metric: expected another metric`),
  ];
  expect(mistakes({ a: { ...made(), targets: [requests] } })).toEqual(expected('targets.0'));
  expect(mistakes({ a: { ...made(), forecast: requests } })).toEqual(expected('forecast'));
  expect(mistakes({ a: { ...made(), objective: { ...requests, unserved: '1%' } } })).toEqual(
    expected('objective'),
  );
  const { loadBalancer: _, ...bare } = made();
  expect(mistakes({ a: { ...bare, forecast: requests } })).toEqual([
    expect.stringContaining('groups.a.forecast.metric: expected a metric of the servers'),
  ]);
});

it('takes no statistic but the sum of a count', () => {
  const counted = (statistic: string) =>
    mistakes({ a: { ...made(), alarms: { qps: { ...alarm('requestsPerSecond'), statistic } } } });
  expect(counted('Sum')).toEqual([]);
  expect(counted('p95')).toEqual([
    expect.stringContaining('groups.a.alarms.qps.statistic: expected Sum, or none'),
  ]);
});

it('takes no name and no tag that AWS, or the scaler itself, needs', () => {
  const named = (rest: object) => mistakes({ a: made() }, rest);
  expect(named({ name: 'internal' })).toEqual([
    expect.stringContaining('name: expected a name that does not'),
  ]);
  expect(named({ name: 'amazon-shop' })).toHaveLength(1);
  expect(named({ name: 'internals', tags: { 'kost/stelle': 'Köln @1' } })).toEqual([]);
  expect(named({ tags: { 'rushhour:fleet': 'other' } })).toHaveLength(1);
  expect(named({ tags: { team: 'a;b' } })).toEqual([expect.stringContaining('tags.team: expected')]);
});

it('makes disks that EC2 makes', () => {
  const disks = (systemDisk: object, ...dataDisks: object[]) =>
    mistakes({ a: { launch: { ...made().launch, systemDisk, dataDisks } } });
  const data = { device: '/dev/sdf', sizeGiB: 200 };
  expect(disks({ sizeGiB: 20, iops: 4000 }, { ...data, type: 'st1' })).toEqual([]);
  expect(disks({ sizeGiB: 20, type: 'io2' })).toEqual([
    expect.stringContaining('systemDisk.iops: expected a'),
  ]);
  expect(disks({ sizeGiB: 20, type: 'gp2', iops: 4000 })).toEqual([
    expect.stringContaining('iops: expected none'),
  ]);
  expect(disks({ sizeGiB: 20, iops: 1000 })).toEqual([expect.stringContaining('expected at least 3000')]);
  expect(disks({ sizeGiB: 500, type: 'sc1' })).toEqual([
    expect.stringContaining('systemDisk.type: expected'),
  ]);
  expect(disks({ sizeGiB: 20 }, { ...data, sizeGiB: 100, type: 'st1' })).toEqual([
    expect.stringContaining('dataDisks.0.sizeGiB: expected at least 125'),
  ]);
  expect(disks({ sizeGiB: 20 }, data, data)).toEqual([
    expect.stringContaining('dataDisks.1.device: expected'),
  ]);
});

it('lets SSM see no parameters in a command', () => {
  const draining = { command: "docker ps --format '{{.Names}}'" };
  expect(mistakes({ a: { ...made(), draining } })).toEqual([
    expect.stringContaining('groups.a.draining.command: expected no {{'),
  ]);
});

it('watches no metric more often than it is measured', () => {
  const often = (metric: unknown, period: number, detailedMonitoring = true) => {
    const launch = { ...made().launch, detailedMonitoring };
    return mistakes({ a: { ...made(), launch, alarms: { x: { ...alarm('cpu'), metric, period } } } });
  };
  expect(often({ namespace: 'Shop', metricName: 'Waiting' }, 10)).toEqual([]);
  expect(often('cpu', 10)).toEqual([expect.stringContaining('alarms.x.period: expected 60 or more')]);
  expect(often('cpu', 60, false)).toEqual([expect.stringContaining('alarms.x.period: expected 300 or more')]);
  expect(often('cpu', 300, false)).toEqual([]);
});

it('watches cpu and memory of a service of ECS every 20 seconds where it publishes them so', () => {
  const often = (metric: unknown, period: number, resolutionSeconds?: number) => {
    const ecs = { cluster: 'shop', service: 'web', ...(resolutionSeconds && { resolutionSeconds }) };
    return mistakes({
      a: { ecs, minSize: 1, maxSize: 4, alarms: { x: { ...alarm('cpu'), metric, period } } },
    });
  };
  expect(often('cpu', 20, 20)).toEqual([]);
  expect(often('memory', 20, 20)).toEqual([]);
  expect(often('cpu', 20)).toEqual([expect.stringContaining('or 20 with resolutionSeconds: 20')]);
  expect(often('cpu', 10, 20)).toEqual([expect.stringContaining('alarms.x.period: expected 60 or more')]);
  expect(often('cpu', 60, 30)).toEqual([expect.stringContaining('expected 20 or 60')]);
});

it('has a place for all that is made', () => {
  const vpc = { vpcId: 'vpc-0a', cidr: '10.0.0.0/16', availabilityZones: ['a', 'b'], publicSubnetIds: [] };
  const inside = { ...vpc, privateSubnetIds: ['subnet-0a', 'subnet-0b'] };
  const open = { ...made(), loadBalancer: { scheme: 'internet-facing', port: 80 } };
  const within = (network: object, group: object = made()) => mistakes({ a: group }, { network });
  expect(within(inside)).toEqual([]);
  expect(within(inside, open)).toEqual([
    expect.stringContaining('groups.a.loadBalancer.scheme: expected internal'),
  ]);
  expect(within({ ...inside, privateSubnetIds: ['subnet-0a'] })).toEqual([
    expect.stringContaining('network.privateSubnetIds: expected a subnet for each of the 2'),
  ]);
  expect(within(vpc)).toEqual([
    expect.stringContaining('network.privateSubnetIds: expected subnets for the'),
  ]);
  expect(within(vpc, imported)).toEqual([]);
  const narrow = { ...vpc, availabilityZones: ['a'], publicSubnetIds: ['subnet-0a'] };
  expect(within(narrow, open)).toEqual([
    expect.stringContaining('loadBalancer.protocol: expected TCP or TLS'),
  ]);
  expect(within({ cidr: '10.0.0.0/22' })).toEqual([]);
  for (const cidr of ['10.0.0.0/8', '10.0.0.0/24'])
    expect(within({ cidr })).toEqual([expect.stringContaining('network.cidr: expected a range of size /16')]);
});

it('adopts no server into a VPC that is made new, for AWS attaches none to a load balancer of another VPC', () => {
  const instances = ['i-0a5e551041adde001'];
  const vpc = {
    vpcId: 'vpc-0a',
    cidr: '10.0.0.0/16',
    availabilityZones: ['a'],
    publicSubnetIds: ['subnet-0a'],
  };
  const adopting = { ...made(), instances };
  const refused = [expect.stringContaining('groups.a.instances: expected none, or network.vpcId')];
  expect(mistakes({ a: adopting })).toEqual(refused);
  expect(mistakes({ a: adopting }, { network: { maxAzs: 3 } })).toEqual(refused);
  expect(mistakes({ a: adopting }, { network: vpc })).toEqual([]);
  expect(mistakes({ a: { launch: adopting.launch, instances } })).toEqual([]);
  expect(mistakes({ a: { ...imported, instances } })).toEqual([]);
});

describe('tags', () => {
  const told = (tags: Record<string, string>) => mistakes({ one: made() }, { tags });

  it('have values: Systems Manager and EventBridge Scheduler take no empty ones', () => {
    expect(told({ team: '' })).toEqual([expect.stringContaining('tags.team: expected 1 to 256 letters')]);
  });

  it('are not so many that a resource has no room for what it needs', () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, 'x']));
    expect(told(many(49))).toEqual([
      expect.stringContaining('tags: expected at most 46 tags: a resource has 50'),
    ]);
    expect(told(many(46))).toEqual([]);
  });

  it('differ by more than case, for the sake of roles', () => {
    expect(told({ team: 'a', Team: 'b' })).toEqual([
      expect.stringContaining(
        'tags.Team: expected another key than team, from which it differs by case only',
      ),
    ]);
    expect(told({ 'AWS:x': 'a' })).toHaveLength(1);
    expect(told({ 'Aws:x': 'a', 'Rushhour:fleet': 'b' })).toHaveLength(2);
  });
});

describe('a group with very many rules', () => {
  const windows = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [
        `w${at}`,
        { start: '0 9 * * *', end: '0 10 * * *', minSize: 2 },
      ]),
    );

  it('has room in its stack, which holds 500 resources', () => {
    const expected = 'expected fewer: a stack holds 500 resources, so twice the 251 windows and the 0 alarms';
    expect(mistakes({ one: { ...made(), schedules: windows(251) } })).toEqual([
      expect.stringContaining(`groups.one.schedules: ${expected} may be 460 together`),
    ]);
    expect(mistakes({ one: { ...made(), schedules: windows(230) } })).toEqual([]);
    expect(
      mistakes({ one: { ...made(), schedules: windows(230), alarms: { a: alarm('cpu') } } }),
    ).toHaveLength(1);
  });
});
