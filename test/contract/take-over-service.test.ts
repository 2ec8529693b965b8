import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readNativeFile, writeNative } from '../../cli/native/native-file.ts';
import { readServices } from '../../cli/native/read-services.ts';
import { restoreService, serviceRestoredOf } from '../../cli/native/restore-service.ts';
import { fleetText } from '../../cli/take-over/fleet-text.ts';
import { fromService } from '../../cli/take-over/from-service.ts';
import type { NativeService } from '../../cli/take-over/native-service.ts';
import { swapSteps } from '../../cli/take-over/swap-steps.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import { openLocalCloud } from './local-cloud.ts';

const place = { cluster: 'shop', service: 'web' };
const target = {
  ServiceNamespace: 'ecs',
  ResourceId: 'service/shop/web',
  ScalableDimension: 'ecs:service:DesiredCount',
};

let local: Awaited<ReturnType<typeof openLocalCloud>>;

const clientsIn = (region: string | undefined) => {
  const { loadBalancing: balancing, cloudWatch } =
    region === undefined ? local.clients : local.clients.inRegion(region);
  return { balancing, cloudWatch };
};

const read = () => readServices(clientsIn, [place], local.url);

beforeAll(async () => {
  local = await openLocalCloud();
  const { call } = local;
  const containerDefinitions = [{ name: 'web', image: 'shop/web:1' }];
  await call('ecs', 'RegisterTaskDefinition', { family: 'web', containerDefinitions });
  await call('ecs', 'CreateCluster', { clusterName: 'shop' });
  const service = { cluster: 'shop', serviceName: 'web', taskDefinition: 'web', desiredCount: 3 };
  await call('ecs', 'CreateService', service);
  const scaling = (operation: string, input: object) =>
    call('application-autoscaling', operation, { ...target, ...input });
  await scaling('RegisterScalableTarget', { MinCapacity: 2, MaxCapacity: 9 });
  await scaling('PutScalingPolicy', {
    PolicyName: 'cpu-60',
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: 60,
      PredefinedMetricSpecification: {
        PredefinedMetricType: 'ECSServiceAverageCPUUtilizationHighResolution',
      },
    },
  });
  const action = (ScheduledActionName: string, Schedule: string, MinCapacity: number) =>
    scaling('PutScheduledAction', {
      ...{ ScheduledActionName, Schedule, Timezone: 'Asia/Shanghai' },
      ScalableTargetAction: { MinCapacity, MaxCapacity: 9 },
    });
  await action('noon', 'cron(0 11 ? * 2-6 *)', 6);
  await action('after-noon', 'cron(0 13 ? * 2-6 *)', 2);
  await action('often', 'rate(5 minutes)', 2);
});

afterAll(() => local.tested[Symbol.asyncDispose]());

it('a service of ECS is taken over with its target, its policies and its scheduled actions', async () => {
  const [native] = await read();
  const taken = fromService(native!, local.tested.now());
  expect(taken.group).toMatchObject({
    ecs: { ...place, resolutionSeconds: 20 },
    ...{ mode: 'observe', minSize: 2, maxSize: 9 },
    targets: [{ metric: 'cpu', targetValue: 60 }],
    schedules: { noon: { start: '0 11 * * MON-FRI', end: '0 13 * * MON-FRI', minSize: 6 } },
  });
  expect(taken.timeZone).toBe('Asia/Shanghai');
  expect(taken.remarks).toContainEqual(
    expect.objectContaining({ subject: 'scheduled action often', kind: 'lost' }),
  );
  const fleet = readFleet(fleetText({ name: 'shop', groups: [taken] }));
  expect(fleet.groups['web']).toMatchObject({ ecs: place, mode: 'observe' });
});

it('the steps put what scaled it to sleep, and delete it in the end', async () => {
  const steps = swapSteps([], await read()).join('\n');
  expect(steps).toMatch(/register-scalable-target .* --resource-id service\/shop\/web --suspended-state/);
  expect(steps).toMatch(/deregister-scalable-target .* --resource-id service\/shop\/web/);
});

it('what scaled it is given back as it was, target, policies, alarms and actions, also where all of it was deleted', async () => {
  const { call, clients, tested, url } = local;
  const scaling = (operation: string, input: object = {}) =>
    call('application-autoscaling', operation, { ...target, ...input });
  const { PolicyARN } = await scaling('PutScalingPolicy', {
    PolicyName: 'climb',
    PolicyType: 'StepScaling',
    StepScalingPolicyConfiguration: {
      AdjustmentType: 'ChangeInCapacity',
      StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 2 }],
    },
  });
  await call('monitoring', 'PutMetricAlarm', {
    ...{ AlarmName: 'busy', Namespace: 'AWS/ECS', MetricName: 'CPUUtilization', Statistic: 'Average' },
    ...{ Period: 60, EvaluationPeriods: 3, Threshold: 80, ComparisonOperator: 'GreaterThanThreshold' },
    AlarmActions: [PolicyARN],
  });
  const sale = { ScalableTargetAction: { MinCapacity: 8 }, Timezone: 'Asia/Shanghai' };
  const until = { EndTime: new Date(tested.now() + 30 * 86_400_000) };
  await scaling('PutScheduledAction', {
    ...sale,
    ScheduledActionName: 'past',
    Schedule: 'at(2026-03-04T07:59:00)',
  });
  await scaling('PutScheduledAction', {
    ...sale,
    ScheduledActionName: 'sale',
    Schedule: 'at(2026-11-11T00:00:00)',
  });
  await scaling('PutScheduledAction', {
    ...sale,
    ...until,
    ScheduledActionName: 'spring',
    Schedule: 'rate(1 day)',
  });
  await scaling('RegisterScalableTarget', { SuspendedState: { ScheduledScalingSuspended: true } });
  const [kept] = await read();
  // As it lies in the file.
  const file = join(mkdtempSync(join(tmpdir(), 'rushhour-kept-')), 'kept.json');
  writeNative(file, { account: '1', region: 'us-east-1', takenAt: '', groups: [], services: [kept!] });
  const [native] = readNativeFile(file).services;
  await scaling('DeregisterScalableTarget');
  await call('monitoring', 'DeleteAlarms', { AlarmNames: ['busy'] });
  const { loadBalancing: balancing, cloudWatch } = clients;
  for (const _ of ['once', 'again'])
    expect(await restoreService({ balancing, cloudWatch }, native!, tested.now(), url)).toBe(true);
  const [back] = await read();
  expect(back).toMatchObject({
    target: {
      ...{ MinCapacity: 2, MaxCapacity: 9 },
      SuspendedState: { ScheduledScalingSuspended: true, DynamicScalingInSuspended: false },
    },
    alarms: [{ AlarmName: 'busy', Threshold: 80, AlarmActions: [expect.not.stringMatching(PolicyARN)] }],
  });
  const names = (of: NativeService) => [
    ...of.policies.map(({ PolicyName }) => PolicyName),
    ...of.scheduledActions.map(({ ScheduledActionName }) => ScheduledActionName),
  ];
  expect(names(back!)).toEqual(names(kept!).filter((name) => name !== 'past'));
  expect(serviceRestoredOf(native!, tested.now())).toEqual([
    'scalable target 2 to 9',
    ...['cpu-60', 'climb'].map((name) => `scaling policy ${name}`),
    ...['noon', 'after-noon', 'often', 'sale', 'spring'].map((name) => `scheduled action ${name}`),
  ]);
  const climb = back!.policies.find(({ PolicyName }) => PolicyName === 'climb');
  expect(back!.alarms[0]!.AlarmActions).toEqual([climb!.PolicyARN]);
  const spring = back!.scheduledActions.find(({ ScheduledActionName }) => ScheduledActionName === 'spring');
  expect(spring!.EndTime).toEqual(until.EndTime);
});

it('a step policy becomes a rule on the metric of the service, and what is asleep is told', () => {
  const alarm = {
    ...{
      AlarmName: 'busy',
      Namespace: 'AWS/ECS',
      MetricName: 'MemoryUtilization',
      Statistic: 'Average' as const,
    },
    Dimensions: [
      { Name: 'ClusterName', Value: 'shop' },
      { Name: 'ServiceName', Value: 'web' },
    ],
    ...{ Threshold: 80, Period: 60, EvaluationPeriods: 3 },
    ComparisonOperator: 'GreaterThanThreshold' as const,
  };
  const native: NativeService = {
    ...{ ...place, desired: 3, targetGroups: [], loadBalancers: {}, alarms: [alarm], scheduledActions: [] },
    target: {
      ...{
        ServiceNamespace: 'ecs',
        ResourceId: 'service/shop/web',
        RoleARN: 'arn',
        CreationTime: new Date(0),
      },
      ...{ MinCapacity: 1, MaxCapacity: 4, ScalableDimension: 'ecs:service:DesiredCount' },
      SuspendedState: { DynamicScalingOutSuspended: true },
    },
    policies: [
      {
        ...{ PolicyARN: 'arn', PolicyName: 'climb', ServiceNamespace: 'ecs', CreationTime: new Date(0) },
        ...{ ResourceId: 'service/shop/web', ScalableDimension: 'ecs:service:DesiredCount' },
        PolicyType: 'StepScaling',
        StepScalingPolicyConfiguration: {
          AdjustmentType: 'ChangeInCapacity',
          Cooldown: 120,
          StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 2 }],
        },
        Alarms: [{ AlarmName: 'busy', AlarmARN: 'arn' }],
      },
    ],
  };
  const { group, remarks } = fromService(native, 0);
  expect(group.alarms).toMatchObject({
    climb: { metric: 'memory', threshold: 80, cooldown: 120, stepAdjustments: [{ scalingAdjustment: 2 }] },
  });
  expect(remarks).toContainEqual(expect.objectContaining({ subject: 'scalable target', kind: 'differs' }));
});

it("a scheduled action of a month's second Friday is one of the second Friday, as AWS counts weekdays", () => {
  const action = (ScheduledActionName: string, Schedule: string, MinCapacity: number) => ({
    ...{ ScheduledActionName, Schedule, ScheduledActionARN: 'arn', CreationTime: new Date(0) },
    ...({ ServiceNamespace: 'ecs', ResourceId: 'service/shop/web' } as const),
    ScalableTargetAction: { MinCapacity, MaxCapacity: 9 },
  });
  const { group } = fromService(
    {
      ...{ ...place, desired: 2, targetGroups: [], loadBalancers: {}, alarms: [], policies: [] },
      target: undefined,
      scheduledActions: [
        action('pay-day', 'cron(0 11 ? * 6#2 *)', 6),
        action('after', 'cron(0 13 ? * 6#2 *)', 2),
      ],
    },
    0,
  );
  expect(group.schedules).toMatchObject({ 'pay-day': { start: '0 11 * * FRI#2', end: '0 13 * * FRI#2' } });
});
