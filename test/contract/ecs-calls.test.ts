import { ECSClient } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sweep } from '../../shared/engine/sweep.ts';
import { clientSettings } from '../../shared/providers/aws/clients.ts';
import { EcsServices } from '../../shared/providers/ecs/services.ts';
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
  const ecs = new ECSClient(clientSettings({ endpoint: url }));
  ecs.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        calls.push(`${commandName} ${(args.input as { cluster: string }).cluster}`);
        return next(args);
      },
    { step: 'initialize' },
  );
  const services = new EcsServices(ecs, clients.loadBalancing, tested);
  stage = new Stage(fleet, {
    start: '2026-03-04T02:00:00Z',
    desired: 1,
    around: (ports) => ({ ...ports, groups: services }),
  });
}, 60_000);

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
        `DescribeServicesCommand cluster-${index}`,
        Math.ceil(servicesPerCluster / 10),
      ]),
    ),
  );
});
