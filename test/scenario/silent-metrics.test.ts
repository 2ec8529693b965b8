import { expect, it } from 'vitest';
import { groupQuery } from '../../shared/fleet/group-query.ts';
import type { MetricQuery } from '../../shared/fleet/metric-query.ts';
import { Stage } from '../kit/stage.ts';

const targetGroup = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/0123456789abcdef';
const balancer = (kind: 'app' | 'net') =>
  `arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/${kind}/web/0123456789abcdef`;
const minuteMs = 60_000;

/** What CloudWatch is told in a minute; undefined: nothing. */
interface Minute {
  readonly requests?: number;
  readonly hosts?: number;
  readonly cpu?: number;
}

/** A group behind a load balancer that tracks one of its counts, and what is published of it minute by minute. */
function tracking(metric: string, { kind = 'app' as 'app' | 'net', desired = 20 } = {}) {
  const loadBalancer = `{ targetGroupArns: ["${targetGroup}"], loadBalancerArn: "${balancer(kind)}" }`;
  const stage = new Stage(
    `name: shop\ngroups:\n  web:\n    existing: web-asg\n    minSize: 2\n    maxSize: 40\n    loadBalancer: ${loadBalancer}\n    targets: [{ metric: ${metric}, targetValue: 50 }]\n`,
    { start: '2026-03-04T10:00:00Z', desired },
  );
  const { groups, metrics } = stage.ports;
  groups.put({ ...groups.get('web-asg'), trafficSources: [targetGroup] });
  groups.putLoadBalancer(targetGroup, balancer(kind));
  const group = stage.scaler.groups.get('web')!;
  const [use] = group.policy.metrics;
  const count = groupQuery(group, use!, [targetGroup], new Map([[targetGroup, balancer(kind)]]));
  const hosts: MetricQuery = {
    id: 'hosts',
    namespace: kind === 'app' ? 'AWS/ApplicationELB' : 'AWS/NetworkELB',
    metricName: 'HealthyHostCount',
    dimensions: {
      TargetGroup: 'targetgroup/web/0123456789abcdef',
      LoadBalancer: `${kind}/web/0123456789abcdef`,
    },
    statistic: 'Maximum',
    periodSeconds: 60,
    divisor: 1,
  };
  const play = async (until: string, published: Minute) => {
    while (stage.now < Date.parse(until)) {
      if (published.requests !== undefined) metrics.put(count!, stage.now, published.requests * 60);
      if (published.hosts !== undefined) metrics.put(hosts, stage.now, published.hosts);
      if (published.cpu !== undefined) stage.cpu = published.cpu;
      await stage.playUntil(new Date(stage.now + minuteMs).toISOString());
    }
  };
  return { stage, play, explained: () => stage.ports.activities.of('web').at(-1) };
}

const counts = [
  ['requestsPerTarget', 'app', 50],
  ['requestsPerSecond', 'app', 1000],
  ['requestsPerSecond', 'net', 1000],
] as const;

for (const [metric, kind, atTarget] of counts) {
  it(`takes no server away while nothing is published of ${metric} (${kind}), as in an incident of the region`, async () => {
    const { stage, play } = tracking(metric, { kind });
    await play('2026-03-04T10:30:00Z', { requests: atTarget, hosts: 20 });
    await play('2026-03-04T11:30:00Z', {});
    expect(stage.desired('web')).toBe(20);
  });
}

it('takes servers away when the load balancer speaks of its hosts and has no request to count', async () => {
  const { stage, play } = tracking('requestsPerSecond');
  await play('2026-03-04T10:30:00Z', { requests: 1000, hosts: 20, cpu: 40 });
  await play('2026-03-04T11:30:00Z', { hosts: 20, cpu: 3 });
  expect(stage.desired('web')).toBe(2);
});

it('takes no server away when requests collapse while the servers are as busy as before', async () => {
  const { stage, play } = tracking('requestsPerTarget');
  await play('2026-03-04T11:00:00Z', { requests: 50, hosts: 20, cpu: 60 });
  await play('2026-03-04T12:00:00Z', { requests: 2, hosts: 20, cpu: 60 });
  expect(stage.desired('web')).toBe(20);
  expect(stage.history('web').at(-1)).toMatchObject({ reason: 'MetricContradicted' });
});

it('takes them away as soon as the servers say the same', async () => {
  const { stage, play } = tracking('requestsPerTarget');
  await play('2026-03-04T11:00:00Z', { requests: 50, hosts: 20, cpu: 60 });
  await play('2026-03-04T11:30:00Z', { requests: 2, hosts: 20, cpu: 60 });
  await play('2026-03-04T12:30:00Z', { requests: 2, hosts: 20, cpu: 5 });
  expect(stage.desired('web')).toBeLessThan(5);
});

it('goes on by what it knows: a count that was late by three minutes is no fall', async () => {
  const { stage, play } = tracking('requestsPerTarget');
  for (const half of ['10:30', '10:33', '10:36', '10:39']) {
    await play(`2026-03-04T${half}:00Z`, half === '10:33' ? { hosts: 20 } : { requests: 50, hosts: 20 });
  }
  expect(stage.desired('web')).toBe(20);
});
