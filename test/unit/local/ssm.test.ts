import {
  DeleteParameterCommand,
  GetCommandInvocationCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  SendCommandCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Cloud } from '../../../local/cloud/cloud.ts';
import { Endpoint } from '../../../local/cloud/endpoint.ts';
import { EventBridge } from '../../../local/cloud/events/event-bridge.ts';
import { Ssm } from '../../../local/cloud/ssm/ssm.ts';

const image = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';
let cloud: Cloud;
let endpoint: Endpoint;
let client: SSMClient;

beforeEach(async () => {
  cloud = new Cloud({ start: Date.UTC(2026, 0, 1) });
  cloud.add(new Ssm(cloud), new EventBridge(cloud));
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

it('the latest public image is there without anybody having put it', async () => {
  const { Parameters, InvalidParameters } = await client.send(
    new GetParametersCommand({ Names: [image, '/none'] }),
  );
  expect(Parameters![0]!.Value).toMatch(/^ami-[0-9a-f]{17}$/);
  expect(InvalidParameters).toEqual(['/none']);
});

it('a command to a server is recorded, and succeeds after a few seconds of the cloud’s clock', async () => {
  const InstanceId = 'i-0123456789abcdef0';
  const { Command } = await client.send(
    new SendCommandCommand({
      DocumentName: 'AWS-RunShellScript',
      InstanceIds: [InstanceId],
      Parameters: { commands: ['drain'] },
    }),
  );
  const look = new GetCommandInvocationCommand({ CommandId: Command!.CommandId, InstanceId });
  expect((await client.send(look)).Status).toBe('InProgress');
  await cloud.agenda.runUntil(cloud.agenda.now() + 5000);
  expect((await client.send(look)).Status).toBe('Success');
  const unknown = new SendCommandCommand({ DocumentName: 'Nothing', InstanceIds: [InstanceId] });
  await expect(client.send(unknown)).rejects.toMatchObject({ name: 'InvalidDocument' });
});
