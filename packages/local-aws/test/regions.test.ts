import { CloudWatchClient, GetMetricDataCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeServicesCommand, ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Endpoint } from '../src/endpoint.ts';
import type { Principal } from '../src/service.ts';
import { type WholeCloud, wholeCloud } from '../src/whole-cloud.ts';
import { SteadyWorld } from './steady-world.ts';

const start = Date.parse('2026-03-04T00:00:00Z');
const owner: Principal = { kind: 'owner', arn: 'arn:aws:iam::000000000000:user/owner' };
const elsewhere = 'eu-west-1';

let local: WholeCloud;
let endpoint: Endpoint;
let url: string;

beforeEach(async () => {
  local = wholeCloud({ start, seed: 7 }, new SteadyWorld({ bootSeconds: 40 }));
  local.inRegion(elsewhere);
  endpoint = new Endpoint(local.cloud);
  url = await endpoint.listen();
  const { call } = local.cloud.inRegion(elsewhere)!;
  const containerDefinitions = [{ name: 'web', image: 'web:1' }];
  const service = { cluster: 'shop', serviceName: 'web', taskDefinition: 'web', desiredCount: 2 };
  await call('ecs', 'CreateCluster', { clusterName: 'shop' }, owner);
  await call('ecs', 'RegisterTaskDefinition', { family: 'web', containerDefinitions }, owner);
  await call('ecs', 'CreateService', service, owner);
  await local.cloud.eventQueue.runUntil(start + 10 * 60_000);
});

afterEach(async () => {
  await endpoint.close();
  await local.cloud.close();
});

function client<T>(
  kind: new (options: {
    region: string;
    endpoint: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  }) => T,
  region: string,
): T {
  return new kind({
    region,
    endpoint: url,
    credentials: { accessKeyId: 'local', secretAccessKey: 'x' },
  });
}

const web = new DescribeServicesCommand({ cluster: 'shop', services: ['web'] });

it('a service of ECS is found by a client of its region, and by no other', async () => {
  const { services } = await client(ECSClient, elsewhere).send(web);
  expect(services).toMatchObject([
    { runningCount: 2, serviceArn: 'arn:aws:ecs:eu-west-1:000000000000:service/shop/web' },
  ]);
  await expect(client(ECSClient, 'us-east-1').send(web)).rejects.toMatchObject({
    name: 'ClusterNotFoundException',
  });
});

it('a cluster of the same name in each region has tasks, addresses and datapoints of its own', async () => {
  const { call } = local.cloud;
  const containerDefinitions = [{ name: 'web', image: 'web:1' }];
  const service = { cluster: 'shop', serviceName: 'web', taskDefinition: 'web', desiredCount: 1 };
  const before = await cpu('us-east-1');
  await call('ecs', 'CreateCluster', { clusterName: 'shop' }, owner);
  await call('ecs', 'RegisterTaskDefinition', { family: 'web', containerDefinitions }, owner);
  await call('ecs', 'CreateService', service, owner);
  await local.cloud.eventQueue.runUntil(start + 20 * 60_000);
  const tasks = new ListTasksCommand({ cluster: 'shop', serviceName: 'web' });
  expect((await client(ECSClient, elsewhere).send(tasks)).taskArns).toHaveLength(2);
  expect((await client(ECSClient, 'us-east-1').send(tasks)).taskArns).toHaveLength(1);
  const addresses = [local.fleet, local.inRegion(elsewhere)].flatMap(({ ecs }) =>
    ecs.all().flatMap((each) => [...each.tasks.values()].map(({ address }) => address)),
  );
  expect(new Set(addresses).size).toBe(3);
  expect(before).toHaveLength(0);
  expect((await cpu(elsewhere)).length).toBeGreaterThan(0);
  expect((await cpu('us-east-1')).length).toBeGreaterThan(0);
});

it('an alarm acts in its own region alone', async () => {
  const alarm = new PutMetricAlarmCommand({
    AlarmName: 'busy',
    ...{ Namespace: 'AWS/ECS', MetricName: 'CPUUtilization', Statistic: 'Average', Period: 60 },
    ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' },
    AlarmActions: ['arn:aws:lambda:us-east-1:000000000000:function:on-alarm'],
  });
  await expect(client(CloudWatchClient, elsewhere).send(alarm)).rejects.toMatchObject({
    message: 'Invalid region us-east-1 specified. Only eu-west-1 is supported.',
  });
  await client(CloudWatchClient, 'us-east-1').send(alarm);
});

it('events of tasks come to the bus of their region, and to no other', async () => {
  const heard: string[] = [];
  for (const region of ['us-east-1', elsewhere]) {
    const cloud = local.cloud.inRegion(region)!;
    const events = cloud.services.find(({ signingName }) => signingName === 'events')!;
    const { PutEvents } = events.operations;
    Object.assign(events.operations, {
      PutEvents: (input: object, call: never) => {
        heard.push(region);
        return PutEvents!(input, call);
      },
    });
  }
  const { tasks } = local.inRegion(elsewhere).ecs.all()[0]!;
  const stop = { cluster: 'shop', task: [...tasks.keys()][0]! };
  await local.cloud.inRegion(elsewhere)!.call('ecs', 'StopTask', stop, owner);
  await local.cloud.eventQueue.runUntil(start + 20 * 60_000);
  expect(new Set(heard)).toEqual(new Set([elsewhere]));
});

async function cpu(region: string): Promise<number[]> {
  const Dimensions = Object.entries({ ClusterName: 'shop', ServiceName: 'web' });
  const Metric = {
    Namespace: 'AWS/ECS',
    MetricName: 'CPUUtilization',
    Dimensions: Dimensions.map(([Name, Value]) => ({ Name, Value })),
  };
  const { MetricDataResults = [] } = await client(CloudWatchClient, region).send(
    new GetMetricDataCommand({
      MetricDataQueries: [{ Id: 'm', MetricStat: { Metric, Period: 60, Stat: 'Average' } }],
      StartTime: new Date(start),
      EndTime: new Date(local.cloud.eventQueue.now()),
    }),
  );
  return MetricDataResults[0]?.Values ?? [];
}
