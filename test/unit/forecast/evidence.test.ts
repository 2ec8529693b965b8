import { beforeEach, expect, it } from 'vitest';
import { createScaler } from '../../../shared/engine/scaler.ts';
import type { Scaler } from '../../../shared/engine/scaler-group.ts';
import { groupQuery } from '../../../shared/fleet/group-query.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import { forecastFromModels } from '../../../shared/forecast/forecaster.ts';
import { type MemoryPorts, memoryPorts } from '../../../shared/providers/memory/ports.ts';
import { inEnglish } from '../../kit/in-english.ts';

const arn = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012';
const targetGroup = `${arn}:targetgroup/web/0123456789abcdef`;
const balancer = `${arn}:loadbalancer/app/web/0123456789abcdef`;
const fleetFile = `name: shop
groups:
  web:
    existing: web-asg
    minSize: 2
    maxSize: 20
    loadBalancer: { targetGroupArns: ["${targetGroup}"], loadBalancerArn: "${balancer}" }
    objective: { unserved: 1%, metric: requestsPerSecond, targetValue: 10 }
`;

let ports: MemoryPorts;
let scaler: Scaler;

beforeEach(() => {
  ports = memoryPorts(Date.parse('2026-03-04T00:00:00Z'), {
    launch: () => ({ inServiceAfterSeconds: 60, healthyAfterSeconds: 90 }),
    terminationSeconds: () => 30,
  });
  const sizes = { minSize: 2, maxSize: 20, desired: 6 };
  ports.groups.put({ name: 'web-asg', ...sizes, servers: [], suspended: [], trafficSources: [targetGroup] });
  ports.groups.putLoadBalancer(targetGroup, balancer);
  scaler = createScaler(readFleet(fleetFile), ports);
});

/** Ninety minutes of five servers' load, and what is seen of them in the last five. */
async function forecast(last: { requests: number; cpu: number; healthy: number }) {
  const group = scaler.groups.get('web')!;
  const put = (metric: Parameters<typeof groupQuery>[1]['metric'], value: number) => {
    const use = { metric, statistic: undefined, periodSeconds: 60 };
    const query = groupQuery(group, use, [targetGroup], new Map([[targetGroup, balancer]]))!;
    ports.metrics.put(query, ports.clock.now(), value);
  };
  for (let minute = 0; minute < 95; minute++) {
    const { requests, cpu, healthy } = minute < 90 ? { requests: 50, cpu: 60, healthy: 6 } : last;
    put('requestsPerSecond', 60 * requests * (1 + 0.02 * (minute % 5)));
    put('cpu', cpu);
    put('healthyServers', healthy);
    for (const count of ['inServiceServers', 'desiredServers'] as const) put(count, 6);
    ports.clock.advance(60);
  }
  const described = await ports.groups.describe(['web-asg']);
  return (await forecastFromModels(scaler, [group], described, ports.clock.now())).get('web')!;
}

it('asks the CPU and the balancer whether a load can have fallen', async () => {
  expect(await forecast({ requests: 0.05, cpu: 60, healthy: 6 })).toMatchObject({
    need: undefined,
    doubted: true,
  });
});

it('takes requests for gone astray whose servers the balancer finds unhealthy', async () => {
  const { why } = await forecast({ requests: 0, cpu: 2, healthy: 1 });
  expect(inEnglish(why)).toMatch(/unhealthy at the load balancer: it holds$/);
});

it('believes a load that has fallen together with its CPU', async () => {
  const { need, doubted } = await forecast({ requests: 0.05, cpu: 2, healthy: 6 });
  expect(doubted).toBeUndefined();
  expect(need).toBeLessThan(6);
});
