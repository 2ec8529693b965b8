import { expect, it } from 'vitest';
import { InvalidFleet } from '../../../shared/fleet/invalid-fleet.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';

/** What is wrong with a fleet of these groups: `path: message`. */
function mistakes(groups: Record<string, object>): string[] {
  const sizes = { minSize: 1, maxSize: 9 };
  const all = Object.fromEntries(Object.entries(groups).map(([name, one]) => [name, { ...sizes, ...one }]));
  try {
    readFleet(JSON.stringify({ name: 'f', groups: all }));
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
