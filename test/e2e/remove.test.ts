import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NativeCloud } from '../kit/native-cloud.ts';
import { type Ran, rushhour } from '../kit/run-rushhour.ts';

const folder = mkdtempSync(join(tmpdir(), 'rushhour-remove-'));
const group = 'old-asg';
/** Servers that the load fills to four fifths. */
let busy = 2;
const stage = new NativeCloud({ [group]: () => busy * 80 * 60 });
let servers: string[];

const run = (...args: string[]) =>
  rushhour(
    args,
    {
      AWS_ENDPOINT_URL: stage.cloud.endpointUrl,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
    { folder },
  );

/** The cloud's time goes on while the command waits for it. */
async function runInTime(...args: string[]): Promise<Ran> {
  let ran: Ran | undefined;
  const running = run(...args).then((each) => {
    ran = each;
  });
  while (!ran) {
    await stage.pass(5);
    await delay(20);
  }
  await running;
  return ran;
}

async function native() {
  const AutoScalingGroupName = group;
  const { ScalingPolicies } = await stage.call('autoscaling', 'DescribePolicies', { AutoScalingGroupName });
  const { ScheduledUpdateGroupActions } = await stage.call('autoscaling', 'DescribeScheduledActions', {
    AutoScalingGroupName,
  });
  const { MetricAlarms } = await stage.call('monitoring', 'DescribeAlarms', {});
  return { policies: ScalingPolicies, actions: ScheduledUpdateGroupActions, alarms: MetricAlarms };
}

beforeAll(async () => {
  await stage.nativeGroup(group, { MinSize: 2, DesiredCapacity: 3 });
  const more = await stage.policy(group, 'more', {
    AdjustmentType: 'ChangeInCapacity',
    ScalingAdjustment: 1,
    Cooldown: 60,
  });
  await stage.cpuAlarm(group, more, {
    AlarmName: 'old-high',
    Period: 60,
    EvaluationPeriods: 2,
    Threshold: 90,
    ComparisonOperator: 'GreaterThanThreshold',
  });
  await stage.policy(group, 'track', {
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingConfiguration: {
      PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
      TargetValue: 95,
      DisableScaleIn: true,
    },
  });
  await stage.action(group, 'evening', { Recurrence: '0 18 * * *', MinSize: 4 });
  await stage.action(group, 'night', { Recurrence: '0 22 * * *', MinSize: 2 });
  await stage.pass(600);
  await stage.listen();
  expect(await run('take-over', group, '--out', 'taken.yaml', '--name', 'shop')).toMatchObject({
    exitCode: 0,
  });
  const taken = readFileSync(join(folder, 'taken.yaml'), 'utf8').replace(/^ *mode: observe\n/m, '');
  const web = `
  web:
    launch: { imageId: ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64, instanceType: t4g.small }
    minSize: 1
    maxSize: 2
`;
  const fleet = `${taken.trimEnd()}\n${web}`;
  writeFileSync(join(folder, 'fleet.yaml'), fleet);
  await stage.deploy(fleet);
  const processes = {
    AutoScalingGroupName: group,
    ScalingProcesses: ['AlarmNotification', 'ScheduledActions'],
  };
  await stage.call('autoscaling', 'SuspendProcesses', processes);
  // Content with what Rushhour does: AWS's own rules are deleted.
  for (const PolicyName of ['more', 'track'])
    await stage.call('autoscaling', 'DeletePolicy', { AutoScalingGroupName: group, PolicyName });
  for (const ScheduledActionName of ['evening', 'night'])
    await stage.call('autoscaling', 'DeleteScheduledAction', {
      AutoScalingGroupName: group,
      ScheduledActionName,
    });
  await stage.call('monitoring', 'DeleteAlarms', { AlarmNames: ['old-high'] });
  await stage.pass(300);
  servers = await stage.servers(group);
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

it('says what stays, what goes and what comes back, and does nothing by a dry run', async () => {
  const said = await run('remove', '--dry-run', '--restore', 'taken-over.json');
  expect(said.exitCode).toBe(0);
  expect(said.stdout).toMatch(
    /Goes:\n(.*\n)*.*stack shop-scaler\n(.*\n)*.*web: scaling group shop-web with 1 server/,
  );
  expect(said.stdout).toContain(`old-asg: ${group} with ${servers.length} servers, as it is`);
  expect(said.stdout).toContain(
    'Comes back:\n  old-asg: scaling policy more, scaling policy track, scheduled action evening, scheduled action night',
  );
  expect(said.stdout).toContain('tables shop-ledger and shop-activities');
  const { Stacks } = await stage.call('cloudformation', 'DescribeStacks', {});
  expect(Stacks.length).toBeGreaterThanOrEqual(3);
  expect((await native()).policies).toEqual([]);
});

it('says that nobody would scale the group where nothing is given back', async () => {
  const said = await run('remove', '--dry-run', '--json');
  expect(JSON.parse(said.stdout)).toMatchObject({ done: false, comesBack: [] });
  expect(JSON.parse(said.stdout).then).toContainEqual(
    expect.stringContaining('nobody scales it any more: it keeps 3 servers'),
  );
});

it('asks first', async () => {
  const { exitCode, stderr } = await run('remove');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Remove the fleet shop?');
});

it.each([
  ['fleet.yaml', 'fleet.yaml is no JSON'],
  ['nowhere.json', 'There is no nowhere.json to read.'],
  ['other.json', 'holds no native scaling'],
  ['elsewhere.json', 'is of account 123456789012'],
])('refuses to give back what %s holds', async (file, message) => {
  writeFileSync(join(folder, 'other.json'), '{}');
  const kept = JSON.parse(readFileSync(join(folder, 'taken-over.json'), 'utf8'));
  writeFileSync(join(folder, 'elsewhere.json'), JSON.stringify({ ...kept, account: '123456789012' }));
  const { exitCode, stderr } = await run('remove', '--yes', '--restore', file);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});

it('gives the rules back, takes the fleet away, and moves no server of the group that was there before', async () => {
  const removed = await runInTime('remove', '--yes', '--restore', 'taken-over.json');
  expect(removed.stderr).toBe('');
  expect(removed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('✓ shop-scaler is gone') });
  expect(await stage.servers(group)).toEqual(servers);
  const { SuspendedProcesses } = await stage.group(group);
  expect(SuspendedProcesses).toEqual([]);
  const { policies, actions, alarms } = await native();
  const names = (list: Record<string, string>[], key: string) => list.map((each) => each[key]).sort();
  expect(names(policies, 'PolicyName')).toEqual(['more', 'track']);
  expect(names(actions, 'ScheduledActionName')).toEqual(['evening', 'night']);
  const { PolicyARN } = policies.find(({ PolicyName }: { PolicyName: string }) => PolicyName === 'more');
  expect(alarms.find(({ AlarmName }: { AlarmName: string }) => AlarmName === 'old-high')).toMatchObject({
    AlarmActions: [PolicyARN],
    Threshold: 90,
  });
  expect(names(alarms, 'AlarmName').filter((name) => name!.startsWith('shop-'))).toEqual([]);
  expect(await stage.group('shop-web')).toBeUndefined();
  const { TableNames } = await stage.call('dynamodb', 'ListTables', {});
  expect(TableNames).toEqual(expect.arrayContaining(['shop-ledger', 'shop-activities']));
});

it('leaves the group to its own rules: they scale it again', async () => {
  busy = 4;
  await stage.pass(600);
  expect(await stage.desired(group)).toBeGreaterThan(servers.length);
});

it('says so where there is nothing to remove', async () => {
  const { exitCode, stderr } = await run('remove', '--yes');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('There is no stack of the fleet shop alone.');
});
