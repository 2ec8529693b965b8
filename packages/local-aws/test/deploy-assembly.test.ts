// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of CloudFormation have them in strings.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { deployAssembly } from '../src/cloudformation/deploy-assembly.ts';
import { Endpoint } from '../src/endpoint.ts';
import type { Principal } from '../src/service.ts';
import { type WholeCloud, wholeCloud } from '../src/whole-cloud.ts';
import { SteadyWorld } from './steady-world.ts';

const owner: Principal = { kind: 'owner', arn: 'arn:aws:iam::000000000000:user/owner' };
const bucketName = 'cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}';
let local: WholeCloud;
let endpoint: Endpoint;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rushhour-assembly-'));
  local = wholeCloud({ start: Date.UTC(2026, 0, 1) }, new SteadyWorld());
  endpoint = new Endpoint(local.cloud);
  await endpoint.listen();
});

afterEach(async () => {
  await endpoint.close();
  await local.cloud.close();
  await rm(directory, { recursive: true, force: true });
});

async function write(files: Record<string, unknown>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
      },
    },
  },
};

/** Two stacks; the one that comes first in the manifest needs the other one, and a directory as its code. */
const assembly = (greeting: string) => ({
  'manifest.json': {
    artifacts: {
      app: {
        type: 'aws:cloudformation:stack',
        dependencies: ['base', 'app.assets'],
        properties: { templateFile: 'app.json', tags: { fleet: 'test' } },
      },
      'app.assets': { type: 'cdk:asset-manifest', properties: { file: 'app.assets.json' } },
      base: { type: 'aws:cloudformation:stack', properties: { templateFile: 'base.json' } },
    },
  },
  'app.assets.json': {
    files: {
      code: {
        source: { path: 'code', packaging: 'zip' },
        destinations: { here: { bucketName, objectKey: `${greeting}.zip` } },
      },
    },
  },
  'code/index.mjs': "import { text } from './lib/text.mjs'; export const handler = async () => text;",
  'code/lib/text.mjs': `export const text = '${greeting}';`,
  'base.json': {
    Resources: { Role: role },
    Outputs: { Role: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] }, Export: { Name: 'role' } } },
  },
  'app.json': {
    Parameters: {
      BootstrapVersion: {
        Type: 'AWS::SSM::Parameter::Value<String>',
        Default: '/cdk-bootstrap/hnb659fds/version',
      },
    },
    Resources: {
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'greet',
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Role: { 'Fn::ImportValue': 'role' },
          Code: { S3Bucket: { 'Fn::Sub': bucketName }, S3Key: `${greeting}.zip` },
        },
      },
    },
    Outputs: { Name: { Value: { Ref: 'Function' } } },
  },
});

async function greeting(): Promise<string> {
  const { Payload } = await local.cloud.call('lambda', 'Invoke', { FunctionName: 'greet' }, owner);
  return JSON.parse(Buffer.from(Payload).toString());
}

it('deploys stacks in the order that they need, with their files, and again with what has changed', async () => {
  await write(assembly('hello'));
  expect((await deployAssembly(local.cloud, directory))['app']).toEqual({ Name: 'greet' });
  expect(await greeting()).toBe('hello');
  await write(assembly('goodbye'));
  await deployAssembly(local.cloud, directory);
  expect(await greeting()).toBe('goodbye');
});

it('names every resource that failed, and why', async () => {
  const files = assembly('hello');
  await write({ ...files, 'base.json': { Resources: { Role: { ...role, Properties: { Name: 'x' } } } } });
  await expect(deployAssembly(local.cloud, directory)).rejects.toThrow(
    /Stack base could not be deployed:\n {2}Role: .*the local cloud does not know Name/,
  );
});

it('a stack is deleted only when the last server of its group is gone', async () => {
  const { cloud } = local;
  const image = local.fleet.ec2.images;
  image.seed('ami-0123456789abcdef0', 'test', 'arm64', cloud.eventQueue.now());
  const properties = { ImageId: 'ami-0123456789abcdef0', InstanceType: 'c7g.large' };
  const template = {
    Resources: {
      Launch: { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData: properties } },
      Group: {
        Type: 'AWS::AutoScaling::AutoScalingGroup',
        Properties: {
          AutoScalingGroupName: 'servers',
          MinSize: '2',
          MaxSize: '2',
          AvailabilityZones: ['us-east-1a'],
          LaunchTemplate: { LaunchTemplateId: { Ref: 'Launch' }, Version: '1' },
        },
      },
    },
  };
  const StackName = 'group';
  await cloud.call(
    'cloudformation',
    'CreateStack',
    { StackName, TemplateBody: JSON.stringify(template) },
    owner,
  );
  await cloud.eventQueue.runUntil(cloud.eventQueue.now() + 600_000);
  await cloud.call('cloudformation', 'DeleteStack', { StackName }, owner);
  const { Stacks } = await cloud.call('cloudformation', 'DescribeStacks', { StackName }, owner);
  const find = async () =>
    (await cloud.call('cloudformation', 'DescribeStacks', { StackName: Stacks[0].StackId }, owner)).Stacks[0];
  await cloud.eventQueue.runUntil(cloud.eventQueue.now() + 2000);
  expect((await find()).StackStatus).toBe('DELETE_IN_PROGRESS');
  await cloud.eventQueue.runUntil(cloud.eventQueue.now() + 600_000);
  expect((await find()).StackStatus).toBe('DELETE_COMPLETE');
  expect(local.fleet.scaling.groups.find('servers')).toBeUndefined();
});
