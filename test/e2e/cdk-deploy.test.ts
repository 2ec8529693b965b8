import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sharedWork } from '../kit/shared-work.ts';
import { nightZone } from './night-zone.ts';

const root = join(import.meta.dirname, '../..');
const account = '000000000000';
/** One for all deploys of the test, as a changed zone would be a changed fleet. */
const zone = nightZone();
const credentials = { accessKeyId: 'local', secretAccessKey: 'test' };
let folder: string;
let local: ChildProcess;
let client: { endpoint: string; region: string; credentials: typeof credentials };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rushhour-cdk-'));
  const port = await freePort();
  client = { endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials };
  // Servers that boot quickly: this cloud runs in real time.
  const quickly = 'requestsPerSecondPerServer: 100';
  const world = await fleetFile([quickly, `${quickly}\n      bootSeconds: 5`]);
  const options = { cwd: root, env: { ...process.env, ...world } };
  local = spawn(process.execPath, ['local/local.ts', '--empty', '--port', String(port)], options);
  await new Promise<void>((resolve, reject) => {
    local.stdout!.on('data', (text) => String(text).includes(client.endpoint) && resolve());
    local.once('exit', (code) => reject(new Error(`the local cloud ended with ${code}`)));
    local.stderr!.pipe(process.stderr);
  });
});

afterAll(async () => {
  local.kill();
  await rm(folder, { recursive: true, force: true });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Runs the real CDK command line, as a user with nothing but an endpoint would. @returns all that it printed */
async function cdk(
  directory: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<string> {
  const bin = join(root, 'node_modules/.bin');
  const env = {
    PATH: `${bin}${delimiter}${process.env['PATH']}`,
    HOME: folder,
    CI: '1',
    ...sharedWork(),
    AWS_ENDPOINT_URL: client.endpoint,
    AWS_REGION: client.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...environment,
  };
  const output = join(folder, 'cdk.out');
  const options = { cwd: directory, env, timeout: 600_000, maxBuffer: 16 * 1024 * 1024 };
  const { stdout, stderr } = await promisify(execFile)(
    join(bin, 'cdk'),
    [...args, '--output', output],
    options,
  );
  return stdout + stderr;
}

/** The server that the example fleet adopts. */
const adopted = 'i-0a5e551041adde001';

/** CloudFormation's schemas are held against the templates once: their engine takes seconds to load. */
const quick = { CDK_VALIDATION: 'false' };
const deploy = ['deploy', '--all', '--require-approval', 'never'];

async function stackStatuses(prefix: string): Promise<string[]> {
  const { Stacks = [] } = await new CloudFormationClient(client).send(new DescribeStacksCommand({}));
  return Stacks.filter(({ StackName }) => StackName!.startsWith(prefix)).map(
    ({ StackStatus }) => StackStatus!,
  );
}

/** What is changed once the fleet is there; connections that drain for a minute would be waited for at the end. */
const changes: [from: string, to: string][] = [
  ['maxSize: 10', 'maxSize: 12'],
  ['start: "0 11 * * *"', 'start: "59 10 * * *"'],
  ['healthCheck: {', 'deregistrationDelaySeconds: 2, healthCheck: {'],
];
/** So from the beginning, as the session group is not to change. */
const quickSession = ['protocol: TCP,', 'protocol: TCP, deregistrationDelaySeconds: 2,'] as const;

/** The example fleet where it is night, changed as a user would: another file. */
async function fleetFile(...changes: [from: string, to: string][]): Promise<{ FLEET: string }> {
  let text = await readFile(join(root, 'fleet.yaml'), 'utf8');
  for (const [from, to] of [['Asia/Shanghai', zone] as const, quickSession, ...changes]) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  const fleet = join(folder, 'fleet.yaml');
  await writeFile(fleet, text);
  return { FLEET: fleet };
}

async function group(name: string) {
  const input = { AutoScalingGroupNames: [name] };
  const { AutoScalingGroups = [] } = await new AutoScalingClient(client).send(
    new DescribeAutoScalingGroupsCommand(input),
  );
  return AutoScalingGroups[0];
}

async function healthyTargets(groupName: string): Promise<number> {
  const balancing = new ElasticLoadBalancingV2Client(client);
  const { TargetGroups = [] } = await balancing.send(new DescribeTargetGroupsCommand({}));
  const { TargetGroupArn } = TargetGroups.find(({ TargetGroupName }) =>
    TargetGroupName!.startsWith(groupName),
  )!;
  const { TargetHealthDescriptions = [] } = await balancing.send(
    new DescribeTargetHealthCommand({ TargetGroupArn }),
  );
  return TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === 'healthy').length;
}

it('bootstraps an empty cloud', async () => {
  expect(await cdk(root, ['bootstrap'])).toContain(`Environment aws://${account}/us-east-1 bootstrapped.`);
  expect(await stackStatuses('CDKToolkit')).toEqual(['CREATE_COMPLETE']);
});

it('deploys the example fleet', async () => {
  await cdk(root, deploy, await fleetFile());
  const statuses = await stackStatuses('lunch');
  expect(statuses.length).toBeGreaterThanOrEqual(3);
  expect(new Set(statuses)).toEqual(new Set(['CREATE_COMPLETE']));
  expect(await group('lunch-business')).toMatchObject({ MinSize: 3, MaxSize: 10 });
  expect(await group('lunch-session')).toMatchObject({ MinSize: 0, MaxSize: 6 });
  const { MetricAlarms } = await new CloudWatchClient(client).send(new DescribeAlarmsCommand({}));
  expect(MetricAlarms!.map(({ AlarmName }) => AlarmName)).toContain('lunch-business-cpu-high');
  const { Table } = await new DynamoDBClient(client).send(
    new DescribeTableCommand({ TableName: 'lunch-ledger' }),
  );
  expect(Table!.DeletionProtectionEnabled).toBe(true);
  const sweep = new InvokeCommand({ FunctionName: 'lunch-sweep' });
  const { Payload } = await new LambdaClient(client).send(sweep);
  expect(JSON.parse(Payload!.transformToString())).toMatchObject({ groups: 2 });
});

it('shows a changed size and a changed schedule, makes them, and leaves the servers alone', async () => {
  const changed = await fleetFile(...changes);
  const diff = await cdk(root, ['diff', 'lunch-business', '--exclusively'], { ...changed, ...quick });
  expect(diff).toMatch(/MaxSize\n.*\[-\] 10\n.*\[\+\] 12/);
  const before = await group('lunch-business');
  // Nothing of the other group has changed.
  expect(await cdk(root, deploy, { ...changed, ...quick })).toContain('lunch-session (no changes)');
  const after = await group('lunch-business');
  expect(after).toMatchObject({ MaxSize: 12, DesiredCapacity: before!.DesiredCapacity });
  const ids = (instances: typeof before) =>
    instances!.Instances!.map(({ InstanceId }) => InstanceId).toSorted();
  expect(ids(after)).toEqual(ids(before));
  const schedule = new GetScheduleCommand({ GroupName: 'lunch', Name: 'lunch-business-lunch-start' });
  expect((await new SchedulerClient(client).send(schedule)).ScheduleExpression).toContain('59 10');
});

it('has servers that the load balancer finds healthy', async () => {
  const deadline = Date.now() + 240_000;
  while ((await healthyTargets('lunch-business')) < 3 && Date.now() < deadline) await delay(2000);
  expect(await healthyTargets('lunch-business')).toBeGreaterThanOrEqual(3);
});

it('says which property it does not know, and leaves nothing of it', async () => {
  const app = join(import.meta.dirname, 'cdk-app');
  await expect(cdk(app, deploy)).rejects.toThrow('the local cloud does not know ObjectLockEnabled');
  expect(await stackStatuses('e2e')).toEqual(['ROLLBACK_COMPLETE']);
});

it('destroys the fleet, and lets the server live that it had adopted', async () => {
  const { Instances } = (await group('lunch-session'))!;
  expect(Instances!.map(({ InstanceId }) => InstanceId)).toContain(adopted);
  await cdk(root, ['destroy', '--all', '--force'], { ...(await fleetFile(...changes)), ...quick });
  expect(await stackStatuses('lunch')).toEqual([]);
  const find = new DescribeInstancesCommand({ InstanceIds: [adopted] });
  const { Reservations } = await new EC2Client(client).send(find);
  expect(Reservations![0]!.Instances![0]!.State!.Name).toBe('running');
});
