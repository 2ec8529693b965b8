import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Deployed } from '../kit/deployed.ts';
import { rushhour } from '../kit/run-rushhour.ts';

const window = 'schedules: { lunch: { start: "0 1 * * *", end: "0 3 * * *", scalingAdjustment: 2 } }';
const file = `
name: shop
notify: { email: [ops@example.com] }
groups:
  web: { ecs: { cluster: shop, service: web }, minSize: 2, maxSize: 6, ${window} }
  other: { ecs: { cluster: shop, service: other }, minSize: 2, maxSize: 6, ${window} }
`;

let account: Deployed;
let folder: string;

beforeEach(async () => {
  account = new Deployed('2026-03-04T00:00:00Z');
  await account.deploy(file);
  folder = await mkdtemp(join(tmpdir(), 'rushhour-ecs-'));
  await writeFile(join(folder, 'fleet.yaml'), file);
});

afterEach(async () => {
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

const run = (...args: string[]) => rushhour([...args, '--fleet', join(folder, 'fleet.yaml')], environment());

async function desired(name: string): Promise<number> {
  const input = { cluster: 'shop', services: [name] };
  return (await account.call('ecs', 'DescribeServices', input)).services[0].desiredCount;
}

/** Takes rights in one service away from a function. */
async function deny(fn: string, actions: readonly string[], name: string): Promise<void> {
  const { Configuration } = await account.call('lambda', 'GetFunction', { FunctionName: fn });
  const Resource = `arn:aws:ecs:us-east-1:${account.cloud.account}:service/shop/${name}`;
  await account.call('iam', 'PutRolePolicy', {
    RoleName: Configuration.Role.split('/').at(-1),
    PolicyName: 'denied',
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Action: actions, Resource }],
    }),
  });
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
    await account.pass(120);
    const { serviceArns } = await aws('list-services', '--cluster', 'shop');
    expect(serviceArns).toHaveLength(2);
    const { services } = await aws('describe-services', '--cluster', 'shop', '--services', 'web');
    expect(services).toMatchObject([{ serviceName: 'web', desiredCount: 2, runningCount: 2 }]);
    const { taskArns } = await aws('list-tasks', '--cluster', 'shop', '--service-name', 'web');
    const { tasks } = await aws('describe-tasks', '--cluster', 'shop', '--tasks', ...taskArns);
    expect(tasks.map(({ lastStatus }: { lastStatus: string }) => lastStatus)).toEqual(['RUNNING', 'RUNNING']);
  });

  it('of which one is gone: doctor and status name it, and the other is scaled', async () => {
    await account.pass(600);
    await account.call('ecs', 'DeleteService', { cluster: 'shop', service: 'web', force: true });
    await account.pass(80 * 60);
    const { stdout } = await run('doctor');
    expect(stdout).toContain('web: there is no service web in cluster shop');
    expect(stdout).toContain('other has what is set, and no sizes of its own');
    expect((await run('status')).stdout).toContain('web: its scaling group does not exist');
    expect(await desired('other')).toBe(4);
  });

  it('of which one may not be looked at: its sweep fails with what is missing, and the other is scaled', async () => {
    await account.pass(600);
    for (const fn of ['sweep', 'on-schedule']) await deny(`shop-${fn}`, ['ecs:DescribeServices'], 'web');
    await account.pass(80 * 60);
    expect([await desired('web'), await desired('other')]).toEqual([2, 4]);
    const { FunctionError, Payload } = await account.call('lambda', 'Invoke', {
      FunctionName: 'shop-sweep',
      Payload: Buffer.from('{}'),
    });
    expect(FunctionError).toBeDefined();
    const said = Buffer.from(Payload).toString();
    expect(said).toContain('1 group could not be reconciled: web: describe service web of cluster shop');
    expect(said).toContain('is not authorized to perform: ecs:DescribeServices');
    expect(said).not.toContain('other');
  });

  it('of which one may not be changed: nothing is half done, history says so, and the other is scaled', async () => {
    await account.pass(600);
    for (const fn of ['sweep', 'on-schedule']) await deny(`shop-${fn}`, ['ecs:UpdateService'], 'web');
    await account.pass(80 * 60);
    expect([await desired('web'), await desired('other')]).toEqual([2, 4]);
    const told = (await account.history('shop', 'web')).filter(({ statusCode }) => statusCode === 'Failed');
    expect(told).toMatchObject([
      { from: 2, to: 4, reason: 'WindowOpened', statusMessage: '4 could not be set' },
    ]);
    const { stdout } = await run('status', 'web');
    expect(stdout).toContain('2 desired, 2 in service, 2 to 6');
    expect(stdout).toContain('2 → 4 is tried again, for nothing has happened yet');
  });

  it('that Application Auto Scaling scales too: doctor names its policies, and what puts them to sleep', async () => {
    const target = {
      ServiceNamespace: 'ecs',
      ResourceId: 'service/shop/web',
      ScalableDimension: 'ecs:service:DesiredCount',
    };
    const sizes = { MinCapacity: 1, MaxCapacity: 9 };
    await account.call('application-autoscaling', 'RegisterScalableTarget', { ...target, ...sizes });
    const policy = { PolicyName: 'cpu-50', PolicyType: 'TargetTrackingScaling' };
    await account.call('application-autoscaling', 'PutScalingPolicy', { ...target, ...policy });
    await account.pass(300);
    const { stdout } = await run('doctor');
    expect(stdout).toContain("web: AWS's own rules would fight: scaling policy cpu-50");
    expect(stdout).toContain('aws application-autoscaling register-scalable-target --service-namespace ecs');
  });
});
