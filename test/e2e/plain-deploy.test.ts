import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { synthesize } from '../../local/synthesize.ts';
import { rushhour } from '../kit/run-rushhour.ts';
import { sharedWork } from '../kit/shared-work.ts';
import { nightZone } from './night-zone.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'rushhour-plain-'));
const bucket = 'my-artifacts';
const plain = join(folder, 'plain');
let local: ChildProcess;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  writeFileSync(
    join(folder, 'fleet.yaml'),
    `name: shop
timeZone: ${nightZone()}
groups:
  web:
    launch: { imageId: ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64, instanceType: t4g.small }
    minSize: 1
    maxSize: 4
    loadBalancer: { scheme: internet-facing, port: 80, deregistrationDelaySeconds: 2 }
    draining: { command: /opt/drain }
    schedules: { office: { start: "0 9 * * *", end: "0 17 * * *", scalingAdjustment: 1 } }
    alarms:
      high: { metric: cpu, comparisonOperator: GreaterThanThreshold, threshold: 70, period: 60, evaluationPeriods: 3, scalingAdjustment: 1 }
    simulation: { bootSeconds: 5 }
`,
  );
  const port = await freePort();
  environment = {
    PATH: process.env['PATH'],
    HOME: folder,
    ...sharedWork(),
    CDK_VALIDATION: 'false',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  const options = { cwd: root, env: { ...process.env, FLEET: join(folder, 'fleet.yaml') } };
  local = spawn(process.execPath, ['local/local.ts', '--empty', '--port', String(port)], options);
  await new Promise<void>((resolve, reject) => {
    local.stdout!.on('data', (text) => String(text).includes(`:${port}`) && resolve());
    local.once('exit', (code) => reject(new Error(`the local cloud ended with ${code}`)));
    local.stderr!.pipe(process.stderr);
  });
});
afterAll(() => {
  local.kill();
  rmSync(folder, { recursive: true });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function aws(...args: string[]) {
  const { stdout } = await promisify(execFile)('aws', [...args, '--output', 'json'], {
    env: environment,
    maxBuffer: 64e6,
  });
  return stdout.trim() === '' ? undefined : JSON.parse(stdout);
}

interface Template {
  Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
  Parameters?: object;
  Rules?: object;
}

function templatesIn(directory: string): Map<string, Template> {
  const names = readdirSync(directory).filter((name) => name.endsWith('.template.json'));
  return new Map(names.sort().map((name) => [name, JSON.parse(readFileSync(join(directory, name), 'utf8'))]));
}

/** Where the code of the functions lies, and which version of the CDK made it, is all that may differ. */
function withoutCode({ Resources, Parameters, Rules, ...rest }: Template): object {
  const resources = Object.entries(Resources)
    .filter(([, { Type }]) => Type !== 'AWS::CDK::Metadata')
    .map(([id, resource]) => {
      const { Metadata: _, ...others } = resource as typeof resource & { Metadata?: object };
      return [
        id,
        others.Type === 'AWS::Lambda::Function'
          ? { ...others, Properties: { ...others.Properties, Code: {} } }
          : others,
      ];
    });
  const { Conditions: _, ...others } = rest as { Conditions?: object };
  const { BootstrapVersion: __, ...parameters } = (Parameters ?? {}) as { BootstrapVersion?: object };
  return { ...others, Parameters: parameters, Resources: Object.fromEntries(resources) };
}

it('writes the same resources as the CDK deploys, without its bootstrap', async () => {
  const written = await rushhour(['synth', '--plain', '--bucket', bucket, '--out', plain], environment, {
    folder,
  });
  expect(written).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('3 templates') });
  await synthesize(join(folder, 'fleet.yaml'), join(folder, 'cdk.out'), Date.now());
  const [ours, theirs] = [templatesIn(plain), templatesIn(join(folder, 'cdk.out'))];
  expect([...ours.keys()]).toEqual([
    'shop-network.template.json',
    'shop-scaler.template.json',
    'shop-web.template.json',
  ]);
  expect([...theirs.keys()]).toEqual([...ours.keys()]);
  const zips = new Set(readdirSync(plain).filter((name) => name.endsWith('.zip')));
  for (const [name, template] of ours) {
    expect(withoutCode(template)).toEqual(withoutCode(theirs.get(name)!));
    expect(JSON.stringify(template)).not.toMatch(/bootstrap|cdk-hnb659fds/i);
    expect(JSON.stringify(theirs.get(name))).toMatch(/bootstrap/i);
    for (const { Type, Properties } of Object.values(template.Resources)) {
      if (Type !== 'AWS::Lambda::Function') continue;
      const { S3Bucket, S3Key = '' } = Properties['Code'] as { S3Bucket?: string; S3Key?: string };
      expect(S3Bucket).toBe(bucket);
      expect(S3Key).toMatch(/^rushhour\/shop\//);
      expect(zips).toContain(S3Key.split('/').at(-1));
    }
  }
});

it('writes the same files again from the same fleet', async () => {
  const again = join(folder, 'again');
  await rushhour(['synth', '--plain', '--bucket', bucket, '--out', again], environment, { folder });
  for (const name of readdirSync(plain))
    expect(readFileSync(join(again, name)).equals(readFileSync(join(plain, name))), name).toBe(true);
});

it("is deployed by AWS's own command line, without a bootstrap", async () => {
  await aws('s3api', 'create-bucket', '--bucket', bucket);
  const ran = await promisify(execFile)('sh', [join(plain, 'deploy.sh')], {
    env: environment,
    timeout: 400_000,
  });
  expect(ran.stdout).toContain('Successfully created/updated stack - shop-web');
  const { Stacks } = await aws('cloudformation', 'describe-stacks');
  const statuses = Stacks.map(
    ({ StackName, StackStatus }: { StackName: string; StackStatus: string }) => `${StackName} ${StackStatus}`,
  );
  expect(statuses.sort()).toEqual([
    'shop-network CREATE_COMPLETE',
    'shop-scaler CREATE_COMPLETE',
    'shop-web CREATE_COMPLETE',
  ]);
  const { AutoScalingGroups } = await aws('autoscaling', 'describe-auto-scaling-groups');
  expect(AutoScalingGroups).toMatchObject([{ AutoScalingGroupName: 'shop-web', MinSize: 1, MaxSize: 4 }]);
  const answer = join(folder, 'answer.json');
  expect(await aws('lambda', 'invoke', '--function-name', 'shop-sweep', answer)).toMatchObject({
    StatusCode: 200,
  });
  expect(JSON.parse(readFileSync(answer, 'utf8'))).toMatchObject({ groups: 1 });
});

it('changes nothing when it is deployed once more', async () => {
  const { stdout } = await promisify(execFile)('sh', [join(plain, 'deploy.sh')], {
    env: environment,
    timeout: 400_000,
  });
  expect(stdout.match(/No changes to deploy/g)).toHaveLength(3);
});

it.each([
  [['--plain'], 'Which bucket'],
  [['--bucket', bucket], 'Which templates?'],
  [['--plain', '--bucket', 'My_Bucket'], 'Expected the name of a bucket'],
  [['--plain', '--bucket', bucket, '--out', '.'], 'which synth has not written'],
])('says what is wrong with %j', async (args, message) => {
  const { exitCode, stderr } = await rushhour(['synth', ...args], environment, { folder });
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});
