import { describe, expect, it } from 'vitest';
import { readRequests } from '../../../cli/simulate/read-requests.ts';
import { createScaler } from '../../../shared/engine/scaler.ts';
import type { MetricQuery } from '../../../shared/fleet/metric-query.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import { memoryPorts } from '../../../shared/providers/memory/ports.ts';

const minuteMs = 60_000;
const now = Date.parse('2026-03-20T12:00:00Z');
const balancer = 'arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/web/1';
const targetGroup = 'arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/1';
const scaler = () => {
  const ports = memoryPorts(now, {
    launch: () => ({ inServiceAfterSeconds: 0, healthyAfterSeconds: 0 }),
    terminationSeconds: () => 0,
  });
  const fleet = readFleet(
    'name: shop\ngroups: { web: { existing: web, minSize: 1, maxSize: 9, simulation: { requestsPerSecondPerServer: 200 } } }',
  );
  return { ports, scaler: createScaler(fleet, ports) };
};

function world(targetGroups: readonly string[]) {
  const { ports, scaler: opened } = scaler();
  const rest = { servers: [], suspended: [], trafficSources: targetGroups };
  ports.groups.put({ name: 'web', minSize: 1, maxSize: 9, desired: 1, ...rest });
  for (const each of targetGroups) ports.groups.putLoadBalancer(each, balancer);
  const put = (minutesAgo: number, value: number, query: Partial<MetricQuery>) =>
    ports.metrics.put(query as MetricQuery, now - minutesAgo * minuteMs, value);
  return { put, read: (days: number) => readRequests(opened, opened.groups.get('web')!, days) };
}

const requests = {
  namespace: 'AWS/ApplicationELB',
  metricName: 'RequestCount',
  dimensions: { TargetGroup: 'targetgroup/web/1', LoadBalancer: 'app/web/1' },
};
const cpu = {
  namespace: 'AWS/EC2',
  metricName: 'CPUUtilization',
  dimensions: { AutoScalingGroupName: 'web' },
};
const inService = { ...cpu, namespace: 'AWS/AutoScaling', metricName: 'GroupInServiceInstances' };

describe("a group's own history", () => {
  it('is what its load balancer counted, from the first minute to the last, with gaps bridged', async () => {
    const { put, read } = world([targetGroup]);
    for (let ago = 60; ago > 0; ago--) if (ago !== 30) put(ago, 1000 + ago, requests);
    const { start, load, source } = await read(1);
    expect(start).toBe(now - 60 * minuteMs);
    expect(load).toHaveLength(60);
    expect([...load.subarray(29, 32)].map(Math.round)).toEqual([1031, 1030, 1029]);
    expect(source).toBe('requests at its load balancer');
  });

  it('is what the CPU of its servers amounts to where there is no load balancer', async () => {
    const { put, read } = world([]);
    for (let ago = 40; ago > 0; ago--) {
      put(ago, 50, cpu);
      put(ago, 3, inService);
    }
    const { load, source } = await read(1);
    expect(load[0]).toBeCloseTo(0.5 * 3 * 200 * 60, 6);
    expect(source).toBe("requests by its servers' CPU");
  });

  it('is coarser where it is older than CloudWatch keeps minutes', async () => {
    const { put, read } = world([targetGroup]);
    const days = 1440;
    for (let ago = 16 * days; ago > 15 * days; ago -= 5) put(ago, 600, requests);
    for (let ago = 15 * days; ago > 0; ago -= 60) put(ago, 200, requests);
    const { start, load } = await read(20);
    expect(start).toBe(now - 16 * days * minuteMs);
    // Of five minutes, CloudWatch has the sum.
    expect(load[3]).toBeCloseTo(120, 6);
    expect(load.at(-1)).toBeCloseTo(200, 6);
  });

  it('is refused when there is next to none', async () => {
    const { put, read } = world([targetGroup]);
    put(5, 100, requests);
    await expect(read(1)).rejects.toThrow('next to no load');
  });
});
