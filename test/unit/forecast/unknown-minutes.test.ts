import { beforeEach, describe, expect, it } from 'vitest';
import { createScaler, type Scaler } from '../../../shared/engine/scaler.ts';
import { groupQuery } from '../../../shared/fleet/group-query.ts';
import type { MetricQuery } from '../../../shared/fleet/metric-query.ts';
import { readFleet } from '../../../shared/fleet/read-fleet.ts';
import { forecastFromModels } from '../../../shared/forecast/forecaster.ts';
import { learnGroup } from '../../../shared/forecast/learn-group.ts';
import { type MemoryPorts, memoryPorts } from '../../../shared/providers/memory/ports.ts';
import { inEnglish } from '../../kit/in-english.ts';

const arn = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012';
const targetGroupOf = (name: string) => `${arn}:targetgroup/${name}/0123456789abcdef`;
const balancerOf = (name: string) => `${arn}:loadbalancer/app/${name}/0123456789abcdef`;
const names = ['web', 'api'];
const fleetFile = `name: shop\ngroups:\n${names
  .map(
    (name) => `  ${name}:
    existing: ${name}-asg
    minSize: 2
    maxSize: 20
    loadBalancer: { targetGroupArns: ["${targetGroupOf(name)}"], loadBalancerArn: "${balancerOf(name)}" }
    objective: { unserved: 1%, metric: requestsPerTarget, targetValue: 60 }
`,
  )
  .join('')}`;

let ports: MemoryPorts;
let scaler: Scaler;

beforeEach(() => {
  ports = memoryPorts(Date.parse('2026-03-04T00:00:00Z'), {
    launch: () => ({ inServiceAfterSeconds: 60, healthyAfterSeconds: 90 }),
    terminationSeconds: () => 30,
  });
  for (const name of names) {
    ports.groups.put({
      name: `${name}-asg`,
      minSize: 2,
      maxSize: 20,
      desired: 6,
      servers: [],
      suspended: [],
      trafficSources: [targetGroupOf(name)],
    });
    ports.groups.putLoadBalancer(targetGroupOf(name), balancerOf(name));
  }
  scaler = createScaler(readFleet(fleetFile), ports);
});

function requestsOf(name: string): MetricQuery {
  const [targetGroup, balancer] = [targetGroupOf(name), balancerOf(name)];
  const metric = 'requestsPerTarget' as const;
  const use = { metric, statistic: undefined, periodSeconds: 60 };
  return groupQuery(scaler.groups.get(name)!, use, [targetGroup], new Map([[targetGroup, balancer]]))!;
}

function groupMetric(name: string, metricName: string): MetricQuery {
  return {
    id: metricName,
    namespace: 'AWS/AutoScaling',
    metricName,
    dimensions: { AutoScalingGroupName: `${name}-asg` },
    statistic: 'Average',
    periodSeconds: 60,
    divisor: 1,
  };
}

/** Requests come to both groups; only those of `measured` publish their group metrics. */
function anHour(measured: readonly string[]): void {
  for (let minute = 0; minute < 60; minute++) {
    for (const name of names) ports.metrics.put(requestsOf(name), ports.clock.now(), 3000);
    for (const name of measured)
      for (const metric of ['GroupInServiceInstances', 'GroupDesiredCapacity'])
        ports.metrics.put(groupMetric(name, metric), ports.clock.now(), 6);
    ports.clock.advance(60);
  }
}

const learn = (name: string) => learnGroup(scaler, scaler.groups.get(name)!, ports.clock.now());

async function forecasts(of: readonly string[]) {
  const groups = of.map((name) => scaler.groups.get(name)!);
  const described = await ports.groups.describe(groups.map(({ scalingGroup }) => scalingGroup));
  return forecastFromModels(scaler, groups, described, ports.clock.now());
}

describe('A group whose group metrics are off', () => {
  it('learns nothing from minutes of which nothing is known, and saves no model of them', async () => {
    anHour(['api']);
    expect(await learn('web')).toBe(0);
    expect((await ports.models.read(['web'])).size).toBe(0);
  });

  it('learns like any other from the hour on in which somebody switches them on', async () => {
    for (let hour = 0; hour < 3; hour++) {
      anHour(['api']);
      expect(await learn('web')).toBe(0);
    }
    for (let hour = 0; hour < 2; hour++) anHour(names);
    expect(await learn('web')).toBeGreaterThan(0);
    anHour(names);
    expect(await learn('web')).toBe(60);
  });

  it('is said to have them off', async () => {
    anHour(['api']);
    const found = await forecasts(names);
    expect(inEnglish(found.get('web')!.why)).toContain('group metrics');
    expect(found.get('api')!.need).toBeDefined();
  });
});

describe('A model that cannot be restored', () => {
  it('counts as none, for its own group alone', async () => {
    for (let hour = 0; hour < 2; hour++) anHour(names);
    await learn('web');
    await learn('api');
    const [before] = [(await forecasts(['api'])).get('api')];
    const broken = structuredClone((await ports.models.read(['web'])).get('web')) as {
      objective: { model: { now: object } };
    };
    broken.objective.model.now = {};
    await ports.models.write('web', broken);
    const found = await forecasts(names);
    expect(found.get('api')).toEqual(before);
    expect(found.get('web')!.need).toBeDefined();
  });

  it('is learnt anew', async () => {
    for (let hour = 0; hour < 2; hour++) anHour(names);
    await learn('web');
    const saved = (await ports.models.read(['web'])).get('web') as { objective: object };
    await ports.models.write('web', { ...saved, objective: { model: null } });
    anHour(names);
    expect(await learn('web')).toBeGreaterThan(60);
  });
});
