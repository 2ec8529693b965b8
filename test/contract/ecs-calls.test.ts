import { afterAll, beforeAll, expect, it } from 'vitest';
import { sweep } from '../../shared/engine/sweep.ts';
import { wellAt } from '../../shared/providers/aws/target-health.ts';
import { AwsJson } from '../../shared/providers/ecs/aws-json.ts';
import { EcsServices, type ServiceCalls } from '../../shared/providers/ecs/services.ts';
import { Stage } from '../kit/stage.ts';
import { openLocalCloud } from './local-cloud.ts';

const clusterCount = 20;
const servicesPerCluster = 25;
const all = Array.from({ length: clusterCount * servicesPerCluster }, (_, index) => ({
  cluster: `cluster-${index % clusterCount}`,
  service: `service-${index}`,
}));
const fleet = `name: large
groups:
${all
  .map(
    ({ cluster, service }) =>
      `  ${service}: { ecs: { cluster: ${cluster}, service: ${service} }, minSize: 1, maxSize: 4, schedules: { lunch: { start: "0 11 * * *", end: "0 13 * * *", scalingAdjustment: 1 } } }`,
  )
  .join('\n')}
`;

let local: Awaited<ReturnType<typeof openLocalCloud>>;
let stage: Stage;
/** `OPERATION CLUSTER`, one for each call. */
let calls: string[] = [];

beforeAll(async () => {
  local = await openLocalCloud();
  const { call, clients, tested, url } = local;
  const containerDefinitions = [{ name: 'web', image: 'shop/web:1' }];
  await call('ecs', 'RegisterTaskDefinition', { family: 'web', containerDefinitions });
  for (const clusterName of new Set(all.map(({ cluster }) => cluster)))
    await call('ecs', 'CreateCluster', { clusterName });
  for (const { cluster, service: serviceName } of all)
    await call('ecs', 'CreateService', { cluster, serviceName, taskDefinition: 'web', desiredCount: 1 });
  await tested.advance(3600);
  const target = 'AmazonEC2ContainerServiceV20141113';
  const ecs = new AwsJson<ServiceCalls>(clients.loadBalancing, { name: 'ecs', target, endpoint: url });
  const counting: Pick<AwsJson<ServiceCalls>, 'call'> = {
    call(what, operation, input) {
      calls.push(`${operation} ${input.cluster}`);
      return ecs.call(what, operation, input);
    },
  };
  const services = new EcsServices(
    () => counting,
    (arn) => wellAt(clients.loadBalancing, arn),
    tested,
  );
  stage = new Stage(fleet, {
    start: '2026-03-04T02:00:00Z',
    desired: 1,
    around: (ports) => ({ ...ports, groups: services }),
  });
});

afterAll(() => local.tested[Symbol.asyncDispose]());

it('a sweep of 500 quiet services in 20 clusters is three descriptions a cluster', async () => {
  const endless = () => Number.POSITIVE_INFINITY;
  await sweep(stage.scaler, endless);
  calls = [];
  const { groups, activities } = await sweep(stage.scaler, endless);
  expect({ groups, activities }).toEqual({ groups: 500, activities: 0 });
  const counts = new Map([...Map.groupBy(calls, (call) => call)].map(([call, some]) => [call, some.length]));
  expect(counts).toEqual(
    new Map(
      Array.from({ length: clusterCount }, (_, index) => [
        `DescribeServices cluster-${index}`,
        Math.ceil(servicesPerCluster / 10),
      ]),
    ),
  );
});
