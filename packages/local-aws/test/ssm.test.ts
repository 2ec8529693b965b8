import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetAutomationExecutionCommand,
  GetCommandInvocationCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  ListCommandsCommand,
  type ParameterStringFilter,
  PutParameterCommand,
  SendCommandCommand,
  SSMClient,
  StartAutomationExecutionCommand,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cloud } from '../src/cloud.ts';
import { Endpoint } from '../src/endpoint.ts';
import { EventBridge } from '../src/events/event-bridge.ts';
import { Iam } from '../src/iam/iam.ts';
import type { Principal, ResourceContext } from '../src/service.ts';
import { Ssm } from '../src/ssm/ssm.ts';

const image = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';
const owner: Principal = { kind: 'owner', arn: 'arn:aws:iam::000000000000:user/owner' };
const InstanceId = 'i-0123456789abcdef0';
let cloud: Cloud;
let ssm: Ssm;
let endpoint: Endpoint;
let client: SSMClient;

beforeEach(async () => {
  cloud = new Cloud({ start: Date.UTC(2026, 0, 1) });
  const iam = new Iam(cloud);
  ssm = new Ssm(cloud, () => [{ Key: 'fleet', Value: 'lunch' }]);
  cloud.add(ssm, iam, new EventBridge(cloud)).usePolicies(iam);
  endpoint = new Endpoint(cloud);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new SSMClient({ endpoint: await endpoint.listen(), region: 'us-east-1', credentials });
});

afterEach(() => endpoint.close());

const put = (Name: string, Value: string, Overwrite = false) =>
  client.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite }));

it('a parameter has versions, and is overwritten only when asked to', async () => {
  await put('/a', 'one');
  await expect(put('/a', 'two')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
  await put('/a', 'two', true);
  const { Parameter } = await client.send(new GetParameterCommand({ Name: '/a' }));
  expect(Parameter).toMatchObject({
    Value: 'two',
    Version: 2,
    ARN: 'arn:aws:ssm:us-east-1:000000000000:parameter/a',
  });
  await client.send(new DeleteParameterCommand({ Name: '/a' }));
  await expect(client.send(new GetParameterCommand({ Name: '/a' }))).rejects.toMatchObject({
    name: 'ParameterNotFound',
  });
});

it('parameters are found by path, one level or all', async () => {
  for (const name of ['/fleet/a', '/fleet/deep/b', '/other']) await put(name, 'x');
  const find = async (Recursive: boolean) => {
    const { Parameters } = await client.send(new GetParametersByPathCommand({ Path: '/fleet', Recursive }));
    return Parameters!.map(({ Name }) => Name);
  };
  expect(await find(false)).toEqual(['/fleet/a']);
  expect(await find(true)).toEqual(['/fleet/a', '/fleet/deep/b']);
});

it('parameters are described without their values, all or those that a filter names', async () => {
  for (const name of ['/fleet/a', '/fleet/b', '/other']) await put(name, 'x');
  const find = async (...ParameterFilters: ParameterStringFilter[]) => {
    const { Parameters } = await client.send(new DescribeParametersCommand({ ParameterFilters }));
    return Parameters!.map(({ Name }) => Name);
  };
  expect(await find()).toEqual(['/fleet/a', '/fleet/b', '/other']);
  expect(await find({ Key: 'Name', Option: 'BeginsWith', Values: ['/fleet'] })).toEqual([
    '/fleet/a',
    '/fleet/b',
  ]);
  expect(await find({ Key: 'Name', Values: ['/other'] })).toEqual(['/other']);
  await expect(find({ Key: 'Label', Values: ['x'] })).rejects.toMatchObject({ name: 'InvalidFilterKey' });
});

it('the latest public image is there without anybody having put it', async () => {
  const { Parameters, InvalidParameters } = await client.send(
    new GetParametersCommand({ Names: [image, '/none'] }),
  );
  expect(Parameters![0]!.Value).toMatch(/^ami-[0-9a-f]{17}$/);
  expect(InvalidParameters).toEqual(['/none']);
});

it('a command to a server is recorded, and succeeds after a few seconds of the cloud’s clock', async () => {
  const { Command } = await client.send(
    new SendCommandCommand({
      DocumentName: 'AWS-RunShellScript',
      InstanceIds: [InstanceId],
      Parameters: { commands: ['drain'] },
    }),
  );
  const look = new GetCommandInvocationCommand({ CommandId: Command!.CommandId, InstanceId });
  expect((await client.send(look)).Status).toBe('InProgress');
  await cloud.eventQueue.runUntil(cloud.eventQueue.now() + 5000);
  expect((await client.send(look)).Status).toBe('Success');
  const unknown = new SendCommandCommand({ DocumentName: 'Nothing', InstanceIds: [InstanceId] });
  await expect(client.send(unknown)).rejects.toMatchObject({ name: 'InvalidDocument' });
});

describe('an automation', () => {
  /** Runs a command on the server, then leaves a note of how it went. */
  const document = {
    schemaVersion: '0.3',
    assumeRole: '{{ Role }}',
    mainSteps: [
      {
        name: 'drain',
        action: 'aws:runCommand',
        onFailure: 'step:giveUp',
        nextStep: 'done',
        inputs: {
          DocumentName: 'AWS-RunShellScript',
          InstanceIds: ['{{ Server }}'],
          Parameters: { commands: ['drain'], executionTimeout: '600' },
        },
      },
      ...['done', 'giveUp'].map((name) => ({
        name,
        action: 'aws:executeAwsApi',
        isEnd: true,
        inputs: {
          Service: 'ssm',
          Api: 'PutParameter',
          Name: '/note',
          Value: `${name} {{ Server }}`,
          Type: 'String',
        },
      })),
    ],
  };

  async function run(serverTag: string) {
    const type = ssm.resources.find((candidate) => candidate.type === 'AWS::SSM::Document')!;
    const properties = { Name: 'drain', DocumentType: 'Automation', Content: document };
    await type.create(type.properties.parse(properties), {} as ResourceContext);
    const allow = (action: string, more: object) => ({
      Effect: 'Allow',
      Action: action,
      Resource: '*',
      ...more,
    });
    const condition = { Condition: { StringEquals: { 'aws:ResourceTag/fleet': serverTag } } };
    const statements = [
      allow('ssm:PutParameter', {}),
      allow('ssm:SendCommand', { Resource: 'arn:aws:ssm:*::document/AWS-RunShellScript' }),
      allow('ssm:SendCommand', { Resource: 'arn:aws:ec2:*:*:instance/*', ...condition }),
    ];
    const trust = {
      Statement: { Effect: 'Allow', Principal: { Service: 'ssm.amazonaws.com' }, Action: 'sts:AssumeRole' },
    };
    const role = { RoleName: 'drainer', AssumeRolePolicyDocument: JSON.stringify(trust) };
    await cloud.call('iam', 'CreateRole', role, owner);
    const PolicyDocument = JSON.stringify({ Statement: statements });
    await cloud.call(
      'iam',
      'PutRolePolicy',
      { RoleName: 'drainer', PolicyName: 'drain', PolicyDocument },
      owner,
    );
    const Parameters = { Server: [InstanceId], Role: ['arn:aws:iam::000000000000:role/drainer'] };
    const start = new StartAutomationExecutionCommand({ DocumentName: 'drain', Parameters });
    const { AutomationExecutionId } = await client.send(start);
    await cloud.eventQueue.runUntil(cloud.eventQueue.now() + 60_000);
    const { AutomationExecution } = await client.send(
      new GetAutomationExecutionCommand({ AutomationExecutionId }),
    );
    const { Parameter } = await client.send(new GetParameterCommand({ Name: '/note' }));
    return { execution: AutomationExecution!, note: Parameter!.Value };
  }

  it('goes from step to step with the rights of its role', async () => {
    const { execution, note } = await run('lunch');
    expect(note).toBe(`done ${InstanceId}`);
    expect(execution.AutomationExecutionStatus).toBe('Success');
    const { Commands } = await client.send(new ListCommandsCommand({ InstanceId }));
    expect(Commands).toMatchObject([{ Parameters: { commands: ['drain'], executionTimeout: ['600'] } }]);
  });

  it('is started by whom its document, its executions and its role are granted to', () => {
    const Parameters = { AutomationAssumeRole: ['arn:aws:iam::000000000000:role/drainer'] };
    const targets = ssm.authorization('StartAutomationExecution', { DocumentName: 'drain', Parameters });
    expect(targets).toEqual([
      {
        action: 'ssm:StartAutomationExecution',
        resources: [
          'arn:aws:ssm:us-east-1:000000000000:document/drain',
          'arn:aws:ssm:us-east-1:000000000000:automation-execution/*',
        ],
      },
      {
        action: 'iam:PassRole',
        resources: Parameters.AutomationAssumeRole,
        conditions: { 'iam:PassedToService': 'ssm.amazonaws.com' },
      },
    ]);
  });

  it('takes the way out that a failed step names', async () => {
    const { execution, note } = await run('another');
    expect(note).toBe(`giveUp ${InstanceId}`);
    expect(execution.FailureMessage).toContain('not authorized to perform: ssm:SendCommand');
    expect(execution.StepExecutions!.map(({ StepName }) => StepName)).toEqual(['drain', 'giveUp']);
  });
});
