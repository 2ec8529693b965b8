import { exec, execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Deployed } from '../kit/deployed.ts';
import { type Ran, rushhour } from '../kit/run-rushhour.ts';

const home = 'us-east-1';
const abroad = 'eu-west-1';
const owner = { kind: 'owner', arn: 'arn:aws:iam::000000000000:user/owner' } as const;
const account = new Deployed('2026-03-04T02:00:00Z', {
  'ecs:shop/web': { requestsPerSecondPerServer: 100, bootSeconds: 30, load: () => 6000 },
  'ecs:eu-west-1/shop/pay': { requestsPerSecondPerServer: 100, bootSeconds: 30, load: () => 6000 },
});
/** Empty, as it is for somebody who comes to Rushhour. */
const folder = mkdtempSync(join(tmpdir(), 'rushhour-services-'));
let environment: NodeJS.ProcessEnv;
let hasCli: boolean;
/** What `take-over` has said to do next. */
let steps: string[];

const run = (...args: string[]) => rushhour(args, environment, { folder });

/** The cloud's time goes on while a command waits for it. */
async function inTime<T>(running: Promise<T>): Promise<T> {
  let done = false;
  const end = () => {
    done = true;
  };
  running.then(end, end);
  while (!done) {
    await account.pass(5);
    await delay(20);
  }
  return running;
}

// biome-ignore lint/suspicious/noExplicitAny: the SDK's shapes, of which tests look at parts.
type AwsCall = (region: string, service: string, operation: string, input: object) => Promise<any>;

const inside: AwsCall = (region, service, operation, input) => {
  const name = service === 'cloudwatch' ? 'monitoring' : service;
  return account.cloud.inRegion(region)!.call(name, operation, input, owner);
};

const passUntil = (time: string) => account.pass((Date.parse(time) - account.now) / 1000);

/** By AWS's own command line where this machine has it; each of its calls takes a second. */
const typed: AwsCall = async (region, service, operation, input) => {
  if (!hasCli) return inside(region, service, operation, input);
  const command = operation.replaceAll(/(?<!^)(?=[A-Z])/g, '-').toLowerCase();
  const args = [service, command, '--region', region, '--output', 'json'];
  const { stdout } = await promisify(execFile)('aws', [...args, '--cli-input-json', JSON.stringify(input)], {
    env: environment,
  });
  return stdout === '' ? {} : JSON.parse(stdout);
};

/** A service as somebody has it who scales it by Application Auto Scaling alone. */
async function nativeService(aws: AwsCall, region: string, name: string): Promise<void> {
  account.local.inRegion(region);
  const containerDefinitions = [{ name, image: `${name}:1` }];
  await aws(region, 'ecs', 'CreateCluster', { clusterName: 'shop' });
  await aws(region, 'ecs', 'RegisterTaskDefinition', { family: name, containerDefinitions });
  const service = { cluster: 'shop', serviceName: name, taskDefinition: name, desiredCount: 3 };
  await aws(region, 'ecs', 'CreateService', service);
  const of = {
    ServiceNamespace: 'ecs',
    ResourceId: `service/shop/${name}`,
    ScalableDimension: 'ecs:service:DesiredCount',
  };
  const scaling = (operation: string, input: object) =>
    aws(region, 'application-autoscaling', operation, { ...of, ...input });
  await scaling('RegisterScalableTarget', { MinCapacity: 2, MaxCapacity: 9 });
  const { PolicyARN } = await scaling('PutScalingPolicy', {
    PolicyName: 'climb',
    PolicyType: 'StepScaling',
    StepScalingPolicyConfiguration: {
      ...{ AdjustmentType: 'ChangeInCapacity', Cooldown: 120 },
      StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 2 }],
    },
  });
  await aws(region, 'cloudwatch', 'PutMetricAlarm', {
    ...{
      AlarmName: `${name}-busy`,
      Namespace: 'AWS/ECS',
      MetricName: 'CPUUtilization',
      Statistic: 'Average',
    },
    Dimensions: [
      { Name: 'ClusterName', Value: 'shop' },
      { Name: 'ServiceName', Value: name },
    ],
    ...{ Period: 60, EvaluationPeriods: 3, Threshold: 95, ComparisonOperator: 'GreaterThanThreshold' },
    AlarmActions: [PolicyARN],
  });
  for (const [ScheduledActionName, Schedule, MinCapacity] of [
    ['noon', 'cron(0 3 ? * * *)', 5],
    ['after-noon', 'cron(30 3 ? * * *)', 2],
  ])
    await scaling('PutScheduledAction', {
      ...{ ScheduledActionName, Schedule },
      ScalableTargetAction: { MinCapacity, MaxCapacity: 9 },
    });
}

/** What scales a service by Application Auto Scaling, and its alarms. */
async function scaledBy(region: string, name: string) {
  const of = { ServiceNamespace: 'ecs', ResourceId: `service/shop/${name}` };
  const scaling = (operation: string, input: object) =>
    inside(region, 'application-autoscaling', operation, { ServiceNamespace: 'ecs', ...input });
  const [target] = (await scaling('DescribeScalableTargets', { ResourceIds: [of.ResourceId] }))
    .ScalableTargets;
  const { ScalingPolicies: policies } = await scaling('DescribeScalingPolicies', of);
  const { ScheduledActions: actions } = await scaling('DescribeScheduledActions', of);
  const { MetricAlarms: alarms } = await inside(region, 'cloudwatch', 'DescribeAlarms', {
    AlarmNamePrefix: `${name}-`,
  });
  return { target, policies, actions, alarms };
}

async function desired(region: string, name: string): Promise<number> {
  const { services } = await inside(region, 'ecs', 'DescribeServices', { cluster: 'shop', services: [name] });
  return services[0].desiredCount;
}

/** The commands that were printed, as somebody pastes them. */
async function paste(pattern: RegExp): Promise<void> {
  const commands = steps.filter((line) => pattern.test(line)).map((line) => line.trim());
  expect(commands).toHaveLength(2);
  for (const command of commands) {
    if (hasCli) await promisify(exec)(command, { env: environment });
    else await carriedOut(command);
  }
}

/** Without the command line. */
async function carriedOut(command: string): Promise<void> {
  const [, region = home] = /--region (\S+)/.exec(command) ?? [];
  const [, ResourceId] = /--resource-id (\S+)/.exec(command) ?? [];
  const of = { ServiceNamespace: 'ecs', ResourceId, ScalableDimension: 'ecs:service:DesiredCount' };
  const SuspendedState = Object.fromEntries(
    [...command.matchAll(/(\w+Suspended)=(true|false)/g)].map(([, key, value]) => [key, value === 'true']),
  );
  const isForgotten = command.includes('deregister');
  const operation = isForgotten ? 'DeregisterScalableTarget' : 'RegisterScalableTarget';
  const input = isForgotten ? of : { ...of, SuspendedState };
  await inside(region, 'application-autoscaling', operation, input);
}

beforeAll(async () => {
  await account.listen();
  environment = {
    ...{ PATH: process.env['PATH']!, HOME: folder },
    AWS_ENDPOINT_URL: account.cloud.endpointUrl!,
    ...{ AWS_REGION: home, AWS_DEFAULT_REGION: home },
    ...{ AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
  };
  const version = promisify(execFile)('aws', ['--version'], { env: environment });
  hasCli = await version.then(Boolean, () => false);
  await nativeService(typed, home, 'web');
  await nativeService(inside, abroad, 'pay');
  await account.pass(600);
});

afterAll(async () => {
  await account[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

it('a service here and one in another region are taken over by command, and nothing of them is changed', async () => {
  const before = [await scaledBy(home, 'web'), await scaledBy(abroad, 'pay')];
  const taken = await run(
    'take-over',
    'ecs:shop/web',
    `ecs:${abroad}/shop/pay`,
    '--out',
    'fleet.yaml',
    '--name',
    'shop',
  );
  expect(taken.exitCode).toBe(0);
  steps = taken.stderr.split('\n');
  const lines = (ecs: object) => ({
    ...{ ecs, mode: 'observe', minSize: 2, maxSize: 9 },
    alarms: { climb: { metric: 'cpu', threshold: 95, stepAdjustments: [{ scalingAdjustment: 2 }] } },
    schedules: { noon: { start: '0 3 * * *', end: '30 3 * * *', minSize: 5 } },
  });
  expect(parse(readFileSync(join(folder, 'fleet.yaml'), 'utf8')).groups).toMatchObject({
    web: lines({ cluster: 'shop', service: 'web' }),
    pay: lines({ region: abroad, cluster: 'shop', service: 'pay' }),
  });
  expect(JSON.parse((await run('validate', '--json')).stdout)).toMatchObject({ valid: true, problems: [] });
  expect([await scaledBy(home, 'web'), await scaledBy(abroad, 'pay')]).toEqual(before);
  const missing = await run(
    'take-over',
    `ecs:${abroad}/shop/web`,
    '--out',
    'other.yaml',
    '--keep',
    'other.json',
  );
  expect(missing).toMatchObject({ exitCode: 2 });
  expect(missing.stderr).toContain('There is no service web in cluster shop of eu-west-1.');
});

it('deployed, they have their window while what scaled them sleeps, and doctor is content', async () => {
  const fleet = readFileSync(join(folder, 'fleet.yaml'), 'utf8').replaceAll(/^ *mode: observe\n/gm, '');
  writeFileSync(join(folder, 'fleet.yaml'), fleet);
  await account.deploy(fleet);
  await paste(/register-scalable-target .*=true/);
  expect((await scaledBy(abroad, 'pay')).target.SuspendedState).toMatchObject({
    ScheduledScalingSuspended: true,
  });
  await passUntil('2026-03-04T03:10:00Z');
  expect([await desired(home, 'web'), await desired(abroad, 'pay')]).toEqual([5, 5]);
  const bump = await run('bump', 'pay', '+1', '--dry-run', '--reason', 'test', '--owner', 'tester');
  expect(bump.stdout).toContain('pay 5 → 6, max 9');
  const status = await run('status');
  expect(status.stdout).toContain('5 desired, 5 in service, 2 to 9');
  const doctor = (await run('doctor')).stdout;
  expect(doctor).toContain(
    `pay: AWS's own rules sleep, and aws application-autoscaling register-scalable-target --region ${abroad}`,
  );
  expect(doctor).not.toContain('would fight');
  await passUntil('2026-03-04T03:50:00Z');
  // What the window held up, and no more.
  expect([await desired(home, 'web'), await desired(abroad, 'pay')]).toEqual([3, 3]);
});

it('removed, they get back what scaled them, though it was deleted, and keep their tasks', async () => {
  await paste(/deregister-scalable-target/);
  for (const [region, name] of [
    [home, 'web'],
    [abroad, 'pay'],
  ] as const)
    await inside(region, 'cloudwatch', 'DeleteAlarms', { AlarmNames: [`${name}-busy`] });
  expect((await scaledBy(abroad, 'pay')).policies).toEqual([]);
  const said = await run('remove', '--dry-run', '--restore', 'taken-over.json');
  expect(said.stdout).toContain(`pay: ecs:${abroad}/shop/pay with 3 tasks, as it is`);
  expect(said.stdout).toContain(
    'pay: scalable target 2 to 9, scaling policy climb, scheduled action noon, scheduled action after-noon',
  );
  const removed: Ran = await inTime(run('remove', '--yes', '--restore', 'taken-over.json'));
  expect(removed.stderr).toBe('');
  expect(removed.stdout).toContain(`✓ ecs:${abroad}/shop/pay has its own rules back`);
  expect(removed.stdout).toContain('✓ shop-scaler is gone');
  for (const [region, name] of [
    [home, 'web'],
    [abroad, 'pay'],
  ] as const) {
    const { target, policies, actions, alarms } = await scaledBy(region, name);
    expect(target).toMatchObject({ MinCapacity: 2, MaxCapacity: 9 });
    expect(Object.values(target.SuspendedState)).toEqual([false, false, false]);
    expect(policies).toMatchObject([{ PolicyName: 'climb' }]);
    expect(actions).toHaveLength(2);
    expect(alarms).toMatchObject([{ AlarmName: `${name}-busy`, AlarmActions: [policies[0].PolicyARN] }]);
    expect(await desired(region, name)).toBe(3);
  }
});
