import * as autoscaling from '@aws-sdk/client-auto-scaling';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as ec2 from '@aws-sdk/client-ec2';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as sqs from '@aws-sdk/client-sqs';
import { cbor } from '@smithy/core/cbor';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Cloud } from '../src/cloud.ts';
import { Endpoint } from '../src/endpoint.ts';
import { type Operation, type Service, ServiceError } from '../src/service.ts';

const cloud = new Cloud({ start: Date.parse('2026-03-02T00:00:00Z') });
const endpoint = new Endpoint(cloud);
/** What the operations were given, newest last. */
let inputs: unknown[] = [];
/** When the newest call was sent, by its caller's clock. */
let sentAt: number | undefined;

/** A service whose operations answer what they are told to, or throw it. */
function service(signingName: string, schemas: object, answers: Record<string, unknown>): Service {
  const operations = Object.entries(answers).map(([name, answer]): [string, Operation] => [
    name,
    (input, call) => {
      inputs.push(input);
      ({ sentAt } = call);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  ]);
  return {
    signingName,
    schemas: schemas as Record<string, unknown>,
    operations: Object.fromEntries(operations),
  };
}

const at = new Date('2026-03-02T11:00:00Z');
const group = {
  AutoScalingGroupName: 'a <& "b"',
  MinSize: 1,
  MaxSize: 2,
  DesiredCapacity: 1,
  CreatedTime: at,
  AvailabilityZones: ['x', 'y'],
  NewInstancesProtectedFromScaleIn: false,
  Tags: [{ Key: 'k', Value: '' }],
};
const alarm = {
  AlarmName: 'cpu',
  Threshold: 70.5,
  StateUpdatedTimestamp: at,
  Dimensions: [{ Name: 'a', Value: 'b' }],
};

beforeAll(async () => {
  cloud.add(
    service('autoscaling', autoscaling, {
      DescribeAutoScalingGroups: { AutoScalingGroups: [group] },
      SetDesiredCapacity: undefined,
      CreateAutoScalingGroup: new ServiceError('AlreadyExists', 'is there'),
    }),
    service('ec2', ec2, {
      DescribeInstances: {
        Reservations: [{ Instances: [{ InstanceId: 'i-1', LaunchTime: at, State: { Name: 'running' } }] }],
      },
      TerminateInstances: new ServiceError('InvalidInstanceID.NotFound', 'no such instance'),
    }),
    service('monitoring', cloudwatch, {
      DescribeAlarms: { MetricAlarms: [alarm] },
      SetAlarmState: new ServiceError('ResourceNotFound', 'no such alarm'),
      PutMetricData: undefined,
    }),
    service('sqs', sqs, {
      DeleteQueue: new ServiceError('QueueDoesNotExist', 'no such queue'),
      GetQueueAttributes: { Attributes: { DelaySeconds: '0', QueueArn: 'q' } },
    }),
    service('lambda', lambda, {
      Invoke: { StatusCode: 200, FunctionError: 'Unhandled', Payload: Buffer.from('{"a":1}') },
      GetFunction: new ServiceError('ResourceNotFoundException', 'Function not found', 404, { Type: 'User' }),
    }),
    service('s3', s3, {
      PutObject: { ETag: '"e"' },
      CopyObject: { CopyObjectResult: { ETag: '"c"' } },
      GetObject: {
        Body: Buffer.from('text'),
        ContentType: 'text/plain',
        Metadata: { a: 'b' },
        LastModified: at,
      },
      ListObjectsV2: { Contents: [{ Key: 'k&k', Size: 3, LastModified: at }], KeyCount: 1 },
      DeleteObjects: { Deleted: [{ Key: 'a' }] },
      HeadBucket: new ServiceError('NotFound', 'no bucket', 404),
    }),
  );
  await endpoint.listen();
});

beforeEach(() => {
  inputs = [];
});

afterAll(() => endpoint.close());

const options = () => ({
  endpoint: cloud.endpointUrl!,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'test' },
  forcePathStyle: true,
});

const scope = (name: string) => `AWS4-HMAC-SHA256 Credential=local/20260302/us-east-1/${name}/aws4_request`;

describe('a request that goes astray', () => {
  it.each([
    ['a query', { 'content-type': 'application/x-www-form-urlencoded' }, 'Action=DescribeDBInstances'],
    [
      'JSON',
      { 'x-amz-target': 'Kinesis_20131202.ListStreams', 'content-type': 'application/x-amz-json-1.1' },
      '{}',
    ],
    ['REST', { 'content-type': 'application/json' }, '{}'],
  ])('learns in its own protocol that there is no such service: %s', async (_, headers, body) => {
    const response = await fetch(cloud.endpointUrl!, {
      method: 'POST',
      headers: { authorization: scope('rds'), ...headers },
      body,
    });
    const text = await response.text();
    expect(response.status).toBe(404);
    expect(text).toMatch(/^<\?xml.*<Code>UnknownService<|^\{/s);
    expect(text).toContain('The local cloud has no service rds');
  });

  it('is refused if it was signed for another region, where nothing of this one is', async () => {
    const client = new autoscaling.AutoScalingClient({ ...options(), region: 'eu-west-1' });
    await expect(client.send(new autoscaling.DescribeAutoScalingGroupsCommand({}))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
      message: expect.stringContaining('the local cloud is in us-east-1, not in eu-west-1'),
    });
  });
});

describe('the query protocol', () => {
  it('takes lists and structures, and answers lists, timestamps, booleans and special characters', async () => {
    const client = new autoscaling.AutoScalingClient(options());
    const input = {
      AutoScalingGroupNames: ['a', 'b'],
      Filters: [{ Name: 'tag:x', Values: ['1', '2'] }],
      MaxRecords: 5,
    };
    const output = await client.send(new autoscaling.DescribeAutoScalingGroupsCommand(input));
    expect(inputs).toEqual([input]);
    expect(output.AutoScalingGroups).toEqual([group]);
  });

  it('answers errors that the client knows by their type', async () => {
    const client = new autoscaling.AutoScalingClient(options());
    const input = { AutoScalingGroupName: 'x', MinSize: 0, MaxSize: 1 };
    await expect(client.send(new autoscaling.CreateAutoScalingGroupCommand(input))).rejects.toThrow(
      autoscaling.AlreadyExistsFault,
    );
  });

  it('refuses a request without a required member, and an operation that it does not have', async () => {
    const client = new autoscaling.AutoScalingClient(options());
    const incomplete = new autoscaling.SetDesiredCapacityCommand({ DesiredCapacity: 1 } as never);
    await expect(client.send(incomplete)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining("Value null at 'autoScalingGroupName'"),
    });
    const unknown = new autoscaling.ExecutePolicyCommand({ PolicyName: 'p' });
    await expect(client.send(unknown)).rejects.toMatchObject({ name: 'InvalidAction' });
  });

  it('is spoken by services that newer clients address in JSON', async () => {
    const request = (name: string, body: string) =>
      fetch(cloud.endpointUrl!, {
        method: 'POST',
        headers: {
          authorization: scope(name),
          'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        },
        body,
      });
    const attributes = await request(
      'sqs',
      'Action=GetQueueAttributes&Version=2012-11-05&QueueUrl=u&AttributeName.1=All',
    );
    expect(await attributes.text()).toContain(
      '<Attribute><Name>DelaySeconds</Name><Value>0</Value></Attribute>',
    );
    expect(inputs).toEqual([{ QueueUrl: 'u', AttributeNames: ['All'] }]);
    const alarms = await request(
      'monitoring',
      'Action=DescribeAlarms&Version=2010-08-01&AlarmNames.member.1=cpu',
    );
    expect(await alarms.text()).toContain('<MetricAlarms><member><AlarmName>cpu</AlarmName>');
    const missing = await request(
      'monitoring',
      'Action=SetAlarmState&AlarmName=x&StateValue=OK&StateReason=y',
    );
    expect(missing.status).toBe(404);
    expect(await missing.text()).toContain('<Type>Sender</Type><Code>ResourceNotFound</Code>');
    const gone = await request('sqs', 'Action=DeleteQueue&QueueUrl=u');
    expect(await gone.text()).toContain('<Code>AWS.SimpleQueueService.NonExistentQueue</Code>');
  });
});

describe('EC2’s query protocol', () => {
  it('takes flat lists and answers sets', async () => {
    const client = new ec2.EC2Client(options());
    const input = { InstanceIds: ['i-1'], Filters: [{ Name: 'n', Values: ['v'] }], MaxResults: 6 };
    const output = await client.send(new ec2.DescribeInstancesCommand(input));
    expect(inputs).toEqual([input]);
    expect(output.Reservations![0]!.Instances![0]).toMatchObject({ InstanceId: 'i-1', LaunchTime: at });
  });

  it('answers errors in its own envelope', async () => {
    const client = new ec2.EC2Client(options());
    await expect(
      client.send(new ec2.TerminateInstancesCommand({ InstanceIds: ['i-2'] })),
    ).rejects.toMatchObject({
      name: 'InvalidInstanceID.NotFound',
      message: 'no such instance',
    });
  });
});

describe('JSON', () => {
  it('carries numbers and timestamps, compressed requests too', async () => {
    const client = new cloudwatch.CloudWatchClient(options());
    const output = await client.send(new cloudwatch.DescribeAlarmsCommand({ AlarmNames: ['cpu'] }));
    expect(output.MetricAlarms).toEqual([alarm]);
    const MetricData = Array.from({ length: 400 }, (_, index) => ({
      MetricName: `metric-${index}`,
      Value: 0.5,
      Timestamp: at,
    }));
    await client.send(new cloudwatch.PutMetricDataCommand({ Namespace: 'n', MetricData }));
    expect(inputs[1]).toEqual({ Namespace: 'n', MetricData });
  });

  it('tells clients of services that used to speak the query protocol the old code as well', async () => {
    const client = new cloudwatch.CloudWatchClient(options());
    const command = new cloudwatch.SetAlarmStateCommand({
      AlarmName: 'x',
      StateValue: 'OK',
      StateReason: 'y',
    });
    await expect(client.send(command)).rejects.toMatchObject({
      name: 'ResourceNotFound',
      $metadata: { httpStatusCode: 404 },
      Error: { Code: 'ResourceNotFound', Type: 'Sender' },
    });
  });
});

describe('CBOR', () => {
  it('is what the newest AWS CLI sends to CloudWatch', async () => {
    const send = (operation: string, input: object) =>
      fetch(`${cloud.endpointUrl}/service/GraniteServiceVersion20100801/operation/${operation}`, {
        method: 'POST',
        headers: {
          authorization: scope('monitoring'),
          'smithy-protocol': 'rpc-v2-cbor',
          'content-type': 'application/cbor',
        },
        body: cbor.serialize(input).slice(),
      });
    const output = cbor.deserialize(await (await send('DescribeAlarms', { AlarmNames: ['cpu'] })).bytes());
    expect(inputs).toEqual([{ AlarmNames: ['cpu'] }]);
    expect(output.MetricAlarms[0]).toMatchObject({ AlarmName: 'cpu', Threshold: 70.5 });
    const failure = await send('SetAlarmState', { AlarmName: 'x', StateValue: 'OK', StateReason: 'y' });
    expect(failure.headers.get('x-amzn-query-error')).toBe('ResourceNotFound;Sender');
    expect(cbor.deserialize(await failure.bytes()).__type).toMatch(/#ResourceNotFound$/);
  });
});

describe('REST with JSON', () => {
  it('binds path, query, headers, status and raw bodies', async () => {
    const client = new lambda.LambdaClient(options());
    const FunctionName = 'arn:aws:lambda:us-east-1:000000000000:function:f';
    const output = await client.send(
      new lambda.InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: '{"x":1}' }),
    );
    expect(inputs).toEqual([
      { FunctionName, InvocationType: 'Event', Payload: new Uint8Array(Buffer.from('{"x":1}')) },
    ]);
    expect(output.FunctionError).toBe('Unhandled');
    expect(output.Payload!.transformToString()).toBe('{"a":1}');
  });

  it('answers errors with their members', async () => {
    const client = new lambda.LambdaClient(options());
    await expect(client.send(new lambda.GetFunctionCommand({ FunctionName: 'f' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      Type: 'User',
      $metadata: { httpStatusCode: 404 },
    });
  });
});

describe('REST with XML', () => {
  const client = () => new s3.S3Client(options());

  it('finds the bucket in the path and the key behind it', async () => {
    await client().send(
      new s3.PutObjectCommand({ Bucket: 'b', Key: 'dir/a key', Body: 'text', Metadata: { m: 'n' } }),
    );
    expect(inputs).toEqual([
      expect.objectContaining({ Bucket: 'b', Key: 'dir/a key', Metadata: { m: 'n' } }),
    ]);
    expect(Buffer.from((inputs[0] as { Body: Uint8Array }).Body).toString()).toBe('text');
  });

  it('tells operations on one path apart by query and headers', async () => {
    await client().send(new s3.CopyObjectCommand({ Bucket: 'b', Key: 'k', CopySource: 'x/y' }));
    expect(inputs[0]).toMatchObject({ CopySource: 'x/y' });
    const listed = await client().send(new s3.ListObjectsV2Command({ Bucket: 'b', Prefix: 'p' }));
    expect(inputs[1]).toEqual({ Bucket: 'b', Prefix: 'p' });
    expect(listed.Contents).toEqual([{ Key: 'k&k', Size: 3, LastModified: at }]);
  });

  it('answers bodies as they are and metadata in headers', async () => {
    const output = await client().send(new s3.GetObjectCommand({ Bucket: 'b', Key: 'k' }));
    expect(await output.Body!.transformToString()).toBe('text');
    expect(output).toMatchObject({ ContentType: 'text/plain', Metadata: { a: 'b' }, LastModified: at });
  });

  it('reads XML bodies', async () => {
    const Delete = { Objects: [{ Key: 'a' }, { Key: 'b&' }], Quiet: false };
    await client().send(new s3.DeleteObjectsCommand({ Bucket: 'b', Delete }));
    expect(inputs[0]).toMatchObject({ Bucket: 'b', Delete });
  });

  it('answers a HEAD that finds nothing', async () => {
    await expect(client().send(new s3.HeadBucketCommand({ Bucket: 'b' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  it('takes the frames off a chunked upload', async () => {
    const response = await fetch(`${cloud.endpointUrl}/b/k`, {
      method: 'PUT',
      headers: { authorization: scope('s3'), 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' },
      body: '4\r\nabcd\r\n2\r\nef\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n',
    });
    expect(response.status).toBe(200);
    expect(Buffer.from((inputs[0] as { Body: Uint8Array }).Body).toString()).toBe('abcdef');
  });
});

describe('the endpoint', () => {
  it('refuses who does not sign, who signs with a key that nobody has, and services that are not here', async () => {
    expect((await fetch(cloud.endpointUrl!)).status).toBe(403);
    const stranger = { ...options(), credentials: { accessKeyId: 'nobody', secretAccessKey: 'x' } };
    const command = new lambda.GetFunctionCommand({ FunctionName: 'f' });
    await expect(new lambda.LambdaClient(stranger).send(command)).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
    const elsewhere = await fetch(cloud.endpointUrl!, { headers: { authorization: scope('braket') } });
    expect(elsewhere.status).toBe(404);
  });

  it.each([
    ['one that is on time', '20260302T000000Z', 0, 'Mon, 02 Mar 2026 00:00:00 GMT'],
    ['one that has waited, and is not set back', '20260302T000107Z', 67_000, null],
    ['one that is behind', '20260301T235901Z', 0, 'Mon, 02 Mar 2026 00:00:00 GMT'],
    ['one with another clock', '20261128T000000Z', 0, 'Mon, 02 Mar 2026 00:00:00 GMT'],
  ])('tells callers what time it is: %s', async (_, signedAt, aheadMs, date) => {
    const response = await fetch(cloud.endpointUrl!, {
      method: 'POST',
      headers: { authorization: scope('autoscaling'), 'x-amz-date': signedAt },
      body: new URLSearchParams({ Action: 'DescribeAutoScalingGroups' }),
    });
    expect(response.headers.get('date')).toBe(date);
    expect(sentAt).toBe(cloud.eventQueue.now() + aheadMs);
  });
});
