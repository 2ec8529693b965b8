import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Deployed } from '../kit/deployed.ts';
import { rushhour } from '../kit/run-rushhour.ts';

const window = 'schedules: { lunch: { start: "0 1 * * *", end: "0 3 * * *", scalingAdjustment: 2 } }';
const names = ['gone', 'hidden', 'fixed', 'rolled', 'other'] as const;
const file = `
name: shop
notify: { email: [ops@example.com] }
groups:
${names.map((name) => `  ${name}: { ecs: { cluster: shop, service: ${name} }, minSize: 2, maxSize: 6, ${window} }`).join('\n')}
`;
const says = 'ECS deployment circuit breaker: tasks failed to start.';

let account: Deployed;
let folder: string;

/** One day, on which each service but one has its own trouble. Deploying is what takes the time of these tests. */
beforeAll(async () => {
  account = new Deployed('2026-03-04T00:00:00Z');
  await account.deploy(file);
  folder = await mkdtemp(join(tmpdir(), 'rushhour-ecs-'));
  await writeFile(join(folder, 'fleet.yaml'), file);
  const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: false } };
  await ecs('UpdateService', { service: 'rolled', deploymentConfiguration });
  await account.pass(600);
  await ecs('DeleteService', { service: 'gone', force: true });
  for (const fn of ['sweep', 'on-schedule']) {
    await deny(`shop-${fn}`, 'ecs:DescribeServices', 'hidden');
    await deny(`shop-${fn}`, 'ecs:UpdateService', 'fixed');
  }
  await ecs('RegisterTaskDefinition', {
    family: 'gone',
    containerDefinitions: [{ name: 'web', image: 'gone:1' }],
  });
  account.local.fleet.ecs.scheduler.missingImages.add('gone:1');
  await ecs('UpdateService', { service: 'rolled', taskDefinition: 'gone' });
  await rival('other');
  await account.pass(80 * 60);
});

afterAll(async () => {
  await account[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const environment = () => ({
  PATH: process.env['PATH']!,
  HOME: folder,
  AWS_ENDPOINT_URL: account.cloud.endpointUrl!,
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'test',
});

const run = (args: readonly string[], session: NodeJS.ProcessEnv = {}) =>
  rushhour([...args, '--fleet', join(folder, 'fleet.yaml')], { ...environment(), ...session });

// biome-ignore lint/suspicious/noExplicitAny: the SDK's shapes, of which tests look at parts.
function ecs(operation: string, input: object): Promise<any> {
  return account.call('ecs', operation, { cluster: 'shop', ...input });
}

async function desired(name: string): Promise<number> {
  return (await ecs('DescribeServices', { services: [name] })).services[0].desiredCount;
}

/** Rows that ask for another capacity. */
async function changes(name: string) {
  return (await account.history('shop', name)).filter(({ from, to }) => from !== to);
}

const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

/** Takes a right in one service away from a function. */
async function deny(fn: string, action: string, name: string): Promise<void> {
  const { Configuration } = await account.call('lambda', 'GetFunction', { FunctionName: fn });
  const Resource = `arn:aws:ecs:us-east-1:${account.cloud.account}:service/shop/${name}`;
  await account.call('iam', 'PutRolePolicy', {
    RoleName: Configuration.Role.split('/').at(-1),
    PolicyName: `denied-${name}`,
    PolicyDocument: policy({ Effect: 'Deny', Action: action, Resource }),
  });
}

/** Application Auto Scaling scales it as well. */
async function rival(name: string): Promise<void> {
  const target = {
    ServiceNamespace: 'ecs',
    ResourceId: `service/shop/${name}`,
    ScalableDimension: 'ecs:service:DesiredCount',
  };
  const call = (operation: string, input: object) =>
    account.call('application-autoscaling', operation, { ...target, ...input });
  await call('RegisterScalableTarget', { MinCapacity: 1, MaxCapacity: 9 });
  await call('PutScalingPolicy', { PolicyName: 'cpu-50', PolicyType: 'TargetTrackingScaling' });
}

/** Credentials of somebody who may do everything but look at one service, and at who else scales. */
async function limitedOperator(): Promise<NodeJS.ProcessEnv> {
  const RoleName = 'operator';
  const root = { AWS: `arn:aws:iam::${account.cloud.account}:root` };
  const { Role } = await account.call('iam', 'CreateRole', {
    RoleName,
    AssumeRolePolicyDocument: policy({ Effect: 'Allow', Principal: root, Action: 'sts:AssumeRole' }),
  });
  const PolicyDocument = policy(
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: 'ecs:*', Resource: '*/shop/hidden' },
    { Effect: 'Deny', Action: 'application-autoscaling:*', Resource: '*' },
  );
  await account.call('iam', 'PutRolePolicy', { RoleName, PolicyName: 'some', PolicyDocument });
  const session = { RoleArn: Role.Arn, RoleSessionName: 'tried' };
  const { Credentials } = await account.call('sts', 'AssumeRole', session);
  return {
    AWS_ACCESS_KEY_ID: Credentials.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: Credentials.SecretAccessKey,
    AWS_SESSION_TOKEN: Credentials.SessionToken,
  };
}

describe('services of ECS, to who operates them', () => {
  it('are listed and described, and their tasks, by AWS’s own command line', async ({ skip }) => {
    const aws = async (...args: string[]) =>
      JSON.parse(
        (await promisify(execFile)('aws', ['ecs', ...args, '--output', 'json'], { env: environment() }))
          .stdout,
      );
    const version = promisify(execFile)('aws', ['--version'], { env: environment() });
    skip(!(await version.then(Boolean, () => false)), 'the AWS CLI is not installed here');
    const { serviceArns } = await aws('list-services', '--cluster', 'shop');
    expect(serviceArns).toHaveLength(4);
    const { services } = await aws('describe-services', '--cluster', 'shop', '--services', 'other');
    expect(services).toMatchObject([{ serviceName: 'other', desiredCount: 4, runningCount: 4 }]);
    const { taskArns } = await aws('list-tasks', '--cluster', 'shop', '--service-name', 'other');
    const { tasks } = await aws('describe-tasks', '--cluster', 'shop', '--tasks', ...taskArns);
    const statuses = tasks.map(({ lastStatus }: { lastStatus: string }) => lastStatus);
    expect(new Set(statuses)).toEqual(new Set(['RUNNING']));
  });

  it('are judged each by itself by doctor, with what to do, by the owner and by who may not see all', async () => {
    const { stdout } = await run(['doctor']);
    expect(stdout).toContain('gone: there is no service gone in cluster shop');
    expect(stdout).toContain('fixed has what is set, and no sizes of its own');
    expect(stdout).toContain(`rolled: its rollout has failed: ${says}`);
    expect(stdout).toContain('aws ecs update-service --cluster shop --service rolled --task-definition');
    expect(stdout).toContain("other: AWS's own rules would fight: scaling policy cpu-50");
    expect(stdout).toContain('aws application-autoscaling register-scalable-target --service-namespace ecs');
    const limited = (await run(['doctor'], await limitedOperator())).stdout;
    expect(limited).toContain('hidden: describe service hidden of cluster shop');
    expect(limited).toContain('fixed has what is set, and no sizes of its own');
    expect(limited).toContain('other: what else scales it could not be seen');
  });

  it('are shown by status: what is gone, what is tried again, and what has failed to roll out', async () => {
    const { stdout } = await run(['status']);
    expect(stdout).toContain('gone: its scaling group does not exist');
    expect(stdout).toContain('Does it exist, by this name and in this place?');
    expect(stdout).not.toContain('cdk deploy');
    expect(stdout).toContain('2 desired, 2 in service, 2 to 6');
    expect(stdout).toContain('2 → 4 is tried again, for nothing has happened yet');
    expect(stdout).toContain(says);
  });

  it('of which one may not be looked at: its sweep fails with what is missing', async () => {
    expect(await desired('hidden')).toBe(2);
    const { FunctionError, Payload } = await account.call('lambda', 'Invoke', {
      FunctionName: 'shop-sweep',
      Payload: Buffer.from('{}'),
    });
    expect(FunctionError).toBeDefined();
    const said = Buffer.from(Payload).toString();
    expect(said).toContain(
      '1 group could not be reconciled: hidden: describe service hidden of cluster shop',
    );
    expect(said).toContain('is not authorized to perform: ecs:DescribeServices');
    expect(said).not.toContain('other');
  });

  it('of which one may not be changed: nothing is half done, and history says so', async () => {
    expect(await desired('fixed')).toBe(2);
    const told = (await changes('fixed')).filter(({ statusCode }) => statusCode === 'Failed');
    expect(told).toMatchObject([
      { from: 2, to: 4, reason: 'WindowOpened', statusMessage: '4 could not be set' },
    ]);
  });

  it('whose rollout fails: history and one mail have the words of ECS, and scaling in goes on', async () => {
    const told = (await account.history('shop', 'rolled')).filter(({ reason }) => reason === 'RolloutFailed');
    const message = `rolled: its rollout has failed, and no new tasks start until another rollout: ${says}`;
    expect(told.map((row) => row.message)).toEqual([message]);
    expect(account.mails.filter(({ text }) => text.includes(message))).toHaveLength(1);
    expect(await desired('rolled')).toBe(4);
    await account.pass(2 * 3600);
    expect([await desired('rolled'), await desired('other')]).toEqual([2, 2]);
    const rows = await changes('rolled');
    expect(rows.map(({ from, to, statusCode }) => `${from} → ${to} ${statusCode}`)).toEqual([
      '2 → 4 Failed',
      '4 → 2 Successful',
    ]);
    expect(rows[0]!.statusMessage).toContain(says);
  });
});
