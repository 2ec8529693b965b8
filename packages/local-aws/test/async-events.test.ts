import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Endpoint } from '../src/endpoint.ts';
import type { Operation } from '../src/service.ts';
import { start, TestAccount } from './account.ts';

let account: TestAccount;
let endpoint: Endpoint;

beforeEach(async () => {
  account = new TestAccount();
  endpoint = new Endpoint(account.cloud);
  await endpoint.listen();
});

afterEach(async () => {
  await endpoint.close();
  await account.cloud.close();
});

const invoke = (FunctionName: string, payload = '{"n":1}') =>
  account.call('lambda', 'Invoke', { FunctionName, InvocationType: 'Event', Payload: Buffer.from(payload) });

/** Listens to what is told to a service that the account does not have. */
// biome-ignore lint/suspicious/noExplicitAny: inputs of several operations.
function listenTo(signingName: string, ...names: string[]): { operation: string; input: any; now: number }[] {
  const heard: { operation: string; input: unknown; now: number }[] = [];
  const operations = names.map((operation): [string, Operation] => [
    operation,
    (input, { now }) => void heard.push({ operation, input, now }),
  ]);
  account.cloud.add({ signingName, schemas: {}, operations: Object.fromEntries(operations) });
  return heard;
}

const failing = `export const handler = async ({ n }) => { throw new RangeError('no ' + n); };`;

describe('an asynchronous invocation', () => {
  it('is tried again after one minute and after two, and then sent to the destination', async () => {
    const destination = await account.queue('failed');
    const metrics = listenTo('monitoring', 'PutMetricData');
    await account.function('f', failing);
    await account.call('lambda', 'PutFunctionEventInvokeConfig', {
      FunctionName: 'f',
      DestinationConfig: { OnFailure: { Destination: destination } },
    });
    expect(await invoke('f')).toMatchObject({ StatusCode: 202 });
    await account.pass(179);
    expect(await account.received('failed')).toEqual([]);
    await account.pass(1);
    const [record] = await account.received('failed');
    expect(record!.body).toMatchObject({
      version: '1.0',
      timestamp: '2026-03-02T00:03:00.000Z',
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { n: 1 },
      responseContext: { statusCode: 200, functionError: 'Unhandled' },
      responsePayload: { errorType: 'RangeError', errorMessage: 'no 1' },
    });
    const runs = metrics.filter(({ input }) => input.MetricData[0].MetricName === 'Invocations');
    expect(runs.map(({ now }) => (now - start) / 1000)).toEqual([0, 60, 180]);
    expect(runs[0]!.input.MetricData).toMatchObject([{ Value: 1 }, { MetricName: 'Errors', Value: 1 }, {}]);
  });

  it('is tried no more often, and for no longer, than it was told', async () => {
    const dead = await account.queue('dead');
    await account.function('f', failing, { DeadLetterConfig: { TargetArn: dead } });
    const configure = (settings: object) =>
      account.call('lambda', 'PutFunctionEventInvokeConfig', { FunctionName: 'f', ...settings });
    await configure({ MaximumRetryAttempts: 0 });
    await invoke('f');
    await account.pass(0);
    const [letter] = await account.received('dead');
    expect(letter).toEqual({
      body: { n: 1 },
      attributes: { RequestID: expect.any(String), ErrorCode: '200', ErrorMessage: 'no 1' },
    });
    await configure({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 60 });
    await invoke('f');
    await account.pass(60);
    expect(await account.received('dead')).toHaveLength(1);
  });

  it('waits while the function is throttled', async () => {
    const dead = await account.queue('dead');
    await account.function('f', 'export const handler = async () => {};', {
      DeadLetterConfig: { TargetArn: dead },
    });
    await account.call('lambda', 'PutFunctionConcurrency', {
      FunctionName: 'f',
      ReservedConcurrentExecutions: 0,
    });
    await account.call('lambda', 'PutFunctionEventInvokeConfig', {
      FunctionName: 'f',
      MaximumEventAgeInSeconds: 600,
    });
    await invoke('f');
    await account.pass(500);
    expect(await account.received('dead')).toEqual([]);
    await account.pass(200);
    expect((await account.received('dead'))[0]!.attributes).toMatchObject({ ErrorCode: '429' });
  });

  it('takes at most one megabyte of JSON', async () => {
    await account.function('f', 'export const handler = async () => {};');
    await expect(invoke('f', `"${'x'.repeat(1024 * 1024)}"`)).rejects.toMatchObject({
      code: 'RequestTooLargeException',
    });
    await expect(invoke('f', 'no json')).rejects.toMatchObject({ code: 'InvalidRequestContentException' });
  });

  it('needs its role’s permission for the destination', async () => {
    const metrics = listenTo('monitoring', 'PutMetricData');
    await account.queue('dead');
    await account.function('f', failing, {
      DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead' },
    });
    await account.call('lambda', 'PutFunctionEventInvokeConfig', {
      FunctionName: 'f',
      MaximumRetryAttempts: 0,
    });
    account.statements = [];
    await invoke('f');
    await account.pass(0);
    expect(await account.received('dead')).toEqual([]);
    const told = metrics.map(({ input }) => input.MetricData[0].MetricName);
    expect(told).toContain('DeadLetterErrors');
  });
});

describe('what a function prints', () => {
  it('goes to its log with its role’s rights, and its embedded metrics to CloudWatch', async () => {
    const metrics = listenTo('monitoring', 'PutMetricData');
    const logs = listenTo('logs', 'PutLogEvents');
    await account.function(
      'f',
      `export const handler = async () => {
        console.log('plain', { a: 1 });
        process.stdout.write(JSON.stringify({
          _aws: { Timestamp: Date.now(), CloudWatchMetrics: [
            { Namespace: 'Rushhour', Dimensions: [['service']], Metrics: [{ Name: 'Decisions', Unit: 'Count' }] } ] },
          service: 'lunch', Decisions: 2,
        }) + '\\n');
      };`,
    );
    await invoke('f');
    await account.pass(0);
    const own = metrics.find(({ input }) => input.Namespace === 'Rushhour');
    expect(own!.input.MetricData).toEqual([
      {
        MetricName: 'Decisions',
        Dimensions: [{ Name: 'service', Value: 'lunch' }],
        Timestamp: new Date(start),
        Unit: 'Count',
        Value: 2,
      },
    ]);
    const lines = logs[0]!.input.logEvents.map(({ message }: { message: string }) => message);
    expect(lines[0]).toMatch(/^START RequestId: /);
    expect(lines[1]).toMatch(/^2026-03-02T00:00:00\.000Z\t[0-9a-f-]{36}\tINFO\tplain \{ a: 1 \}$/);
    expect(lines.at(-1)).toMatch(/^REPORT RequestId: .*Duration: 1 ms/);
  });
});

/** A function reads nothing but its own code: what it imports has to be in it. */
async function bundled(source: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    write: false,
  });
  return outputFiles[0]!.text;
}

describe('a function that calls other services', () => {
  it('may do what its role may do, and nothing else', async () => {
    await account.queue('q');
    const source = `
      import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
      const client = new SQSClient({ maxAttempts: 1 });
      export const handler = async () => {
        const QueueUrl = process.env.AWS_ENDPOINT_URL + '/000000000000/q';
        return (await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'from f' }))).MessageId;
      };`;
    await account.function('f', await bundled(source), { Timeout: 30 });
    const run = async () => {
      const { Payload } = await account.call('lambda', 'Invoke', { FunctionName: 'f' });
      return JSON.parse(Buffer.from(Payload).toString());
    };
    account.statements = [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:*:*:q' }];
    expect(await run()).toMatch(/^[0-9a-f-]{36}$/);
    expect(await account.received('q')).toMatchObject([{ body: 'from f' }]);
    account.statements = [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:*:*:other' }];
    const denied = await run();
    expect(denied.errorType).toBe('AccessDeniedException');
    expect(denied.errorMessage).toContain(
      'assumed-role/r/f is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:us-east-1:000000000000:q',
    );
  });
});
