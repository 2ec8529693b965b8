import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cloud } from '../src/cloud.ts';
import { Endpoint } from '../src/endpoint.ts';
import { inlineArchive } from '../src/lambda/inline-archive.ts';
import { Lambda } from '../src/lambda/lambda.ts';
import { unzip } from '../src/lambda/zip.ts';
import { S3 } from '../src/s3/s3.ts';
import type { Principal } from '../src/service.ts';
import { ServiceQuotas } from '../src/service-quotas/service-quotas.ts';

const start = Date.parse('2026-03-02T00:00:00Z');
const owner: Principal = { kind: 'owner', arn: 'arn:aws:iam::000000000000:user/owner' };

let cloud: Cloud;
let endpoint: Endpoint;

beforeEach(async () => {
  cloud = new Cloud({ start, seed: 7 });
  const s3 = new S3(cloud);
  cloud.add(s3, new Lambda(cloud, s3));
  endpoint = new Endpoint(cloud);
  await endpoint.listen();
});

afterEach(async () => {
  await endpoint.close();
  await cloud.close();
});

async function create(source: string, more: object = {}): Promise<void> {
  const input = {
    FunctionName: 'f',
    Role: 'arn:aws:iam::000000000000:role/r',
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { ZipFile: inlineArchive(source, 'index.mjs') },
    ...more,
  };
  await cloud.call('lambda', 'CreateFunction', input, owner);
}

/** After a second of its own clock, by which it is ahead of the cloud's. */
const returnsItsProcess = `export const handler = async () => {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return process.pid;
};`;

// biome-ignore lint/suspicious/noExplicitAny: what the function under test answers.
async function invoke(event: unknown = {}): Promise<{ answer: any; error: string | undefined }> {
  const Payload = Buffer.from(JSON.stringify(event));
  const output = await cloud.call('lambda', 'Invoke', { FunctionName: 'f', Payload }, owner);
  return { answer: JSON.parse(Buffer.from(output.Payload).toString()), error: output.FunctionError };
}

describe('a function in the local cloud', () => {
  it('has an environment for each call of one instant, and keeps the processes of eight: of the next one and seven of them', async () => {
    await create(returnsItsProcess);
    const processes = new Set<number>();
    for (let call = 0; call < 16; call++) processes.add((await invoke()).answer);
    expect(processes.size).toBe(16);
    const isAlive = (pid: number) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    expect([...processes].filter(isAlive)).toHaveLength(7);
    await cloud.eventQueue.runUntil(cloud.eventQueue.now() + 2000);
    expect(processes).toContain((await invoke()).answer);
  });

  it('has the third process that one instant needs, and each that follows, begun while the one before it runs', async () => {
    await create(returnsItsProcess);
    const own: number[] = [];
    const between: number[] = [];
    for (let call = 0; call < 4; call++) {
      own.push((await invoke()).answer);
      // The system counts processes: those that were begun before this one have smaller numbers.
      const other = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
      between.push(other.pid!);
      await once(other, 'exit');
    }
    expect(own[1]).toBeGreaterThan(between[0]!);
    expect(own[2]).toBeLessThan(between[1]!);
    expect(own[3]).toBeLessThan(between[2]!);
  });

  it('has its own time limit when the clock is faster than the machine’s', async () => {
    await create(
      `export const handler = () => { const end = process.cpuUsage().user + 300_000; while (process.cpuUsage().user < end); return 'done'; };`,
      { Timeout: 3 },
    );
    cloud.eventQueue.follow(600);
    expect(await invoke()).toEqual({ answer: 'done', error: undefined });
    cloud.eventQueue.pause();
  });

  it('lends the archive that it was made of to callers that may get the function', async () => {
    await create('export const handler = () => 1;');
    const got = async () => (await cloud.call('lambda', 'GetFunction', { FunctionName: 'f' }, owner)).Code;
    const { RepositoryType, Location } = await got();
    expect(RepositoryType).toBe('S3');
    expect(Location).toContain('/awslambda-us-east-1-tasks/snapshots/000000000000/f-');
    const archive = Buffer.from(await (await fetch(Location)).arrayBuffer());
    expect(unzip(archive).get('index.mjs')?.toString()).toBe('export const handler = () => 1;');
    const changed = {
      FunctionName: 'f',
      ZipFile: inlineArchive('export const handler = () => 2;', 'index.mjs'),
    };
    await cloud.call('lambda', 'UpdateFunctionCode', changed, owner);
    expect(await (await fetch((await got()).Location)).text()).toContain('() => 2;');
    await expect(
      cloud.call('s3', 'HeadBucket', { Bucket: 'awslambda-us-east-1-tasks' }, owner),
    ).rejects.toThrow();
  });

  it('counts in the account, with the concurrency that is set aside for it', async () => {
    await create('export const handler = () => 1');
    const input = { FunctionName: 'f', ReservedConcurrentExecutions: 100 };
    await cloud.call('lambda', 'PutFunctionConcurrency', input, owner);
    expect(await cloud.call('lambda', 'GetAccountSettings', {}, owner)).toMatchObject({
      AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 900 },
      AccountUsage: { FunctionCount: 1, TotalCodeSize: expect.any(Number) },
    });
  });

  it('may not set aside what the functions without a share of their own are left with: a hundred', async () => {
    await create('export const handler = () => 1');
    const reserve = (ReservedConcurrentExecutions: number) =>
      cloud.call(
        'lambda',
        'PutFunctionConcurrency',
        { FunctionName: 'f', ReservedConcurrentExecutions },
        owner,
      );
    await expect(reserve(901)).rejects.toThrow('below its minimum value of [100]');
    await reserve(900);
    await reserve(899);
  });

  it('can set nothing aside in a new account, which has ten for all of its functions', async () => {
    const young = new Cloud({ start, seed: 7, concurrentExecutions: 10 });
    young.add(new Lambda(young), new ServiceQuotas(young, () => 0));
    const call = (operation: string, input: object) => young.call('lambda', operation, input, owner);
    const Code = { ZipFile: inlineArchive('export const handler = () => 1', 'index.mjs') };
    const Role = 'arn:aws:iam::000000000000:role/r';
    await call('CreateFunction', {
      FunctionName: 'f',
      Role,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code,
    });
    const reserve = (ReservedConcurrentExecutions: number) =>
      call('PutFunctionConcurrency', { FunctionName: 'f', ReservedConcurrentExecutions });
    await expect(reserve(1)).rejects.toThrow(
      "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [10].",
    );
    await reserve(0);
    expect(await call('GetAccountSettings', {})).toMatchObject({
      AccountLimit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 10 },
    });
    const quota = { ServiceCode: 'lambda', QuotaCode: 'L-B99A9384' };
    const { Quota } = await young.call('servicequotas', 'GetServiceQuota', quota, owner);
    expect(Quota.Value).toBe(10);
    await young.close();
  });

  it('answers a real client with what its handler returns', async () => {
    await create(
      'export const handler = async ({ name }, context) => ({ hello: name, arn: context.invokedFunctionArn });',
    );
    const client = new LambdaClient({
      endpoint: cloud.endpointUrl!,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'test' },
    });
    const output = await client.send(new InvokeCommand({ FunctionName: 'f', Payload: '{"name":"noon"}' }));
    expect(output.Payload!.transformToString()).toBe(
      '{"hello":"noon","arn":"arn:aws:lambda:us-east-1:000000000000:function:f"}',
    );
  });

  it('sees the clock of the cloud, which stands still while it runs', async () => {
    await create(`export const handler = async () => {
      const before = Date.now();
      for (let spin = 0; spin < 2e7; spin += 1);
      return [before, Date.now(), new Date().toISOString(), new Date() instanceof Date];
    };`);
    cloud.eventQueue.at(start + 1234, 'tick', () => {});
    await cloud.eventQueue.runUntil(start + 1234);
    expect((await invoke()).answer).toEqual([start + 1234, start + 1234, '2026-03-02T00:00:01.234Z', true]);
  });

  it('waits on its own time and on nobody else’s', async () => {
    await create(
      `import { setTimeout as sleep } from 'node:timers/promises';
       export const handler = async () => {
         const before = Date.now();
         await sleep(5_000);
         await new Promise((resolve) => setTimeout(resolve, 25_000));
         return Date.now() - before;
       };`,
      { Timeout: 60 },
    );
    expect((await invoke()).answer).toBe(30_000);
    expect(cloud.eventQueue.now()).toBe(start);
  });

  it('gets on with its time by waits of less than a millisecond', async () => {
    await create(`export const handler = async () => {
      const until = Date.now() + 3;
      while (Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 0.4));
      return 'through';
    };`);
    expect((await invoke()).answer).toBe('through');
  });

  it('is another container’s while the one before still waits by its own clock', async () => {
    await create(`let runs = 0; export const handler = async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return [++runs, Date.now()];
    };`);
    expect((await invoke()).answer).toEqual([1, start + 1_000]);
    expect((await invoke()).answer).toEqual([1, start + 1_000]);
    cloud.eventQueue.at(start + 1_000, 'tick', () => {});
    await cloud.eventQueue.runUntil(start + 1_000);
    expect((await invoke()).answer).toEqual([2, start + 2_000]);
  });

  it('is ended when its timeout has passed on its own clock', async () => {
    await create(`export const handler = () => new Promise((resolve) => setTimeout(resolve, 3_500));`);
    const { answer, error } = await invoke();
    expect(error).toBe('Unhandled');
    expect(answer.errorType).toBe('Sandbox.Timedout');
    expect(answer.errorMessage).toMatch(/Task timed out after 3\.00 seconds$/);
  });

  it('is ended when it waits for what can never happen', async () => {
    await create(`export const handler = () => new Promise(() => {});`);
    expect((await invoke()).answer.errorType).toBe('Sandbox.Timedout');
  });

  it('reports an error as Lambda does, and runs on', async () => {
    await create(`let runs = 0; export const handler = async ({ fail }) => {
      runs += 1;
      if (fail) throw new RangeError('too far');
      return runs;
    };`);
    const { answer, error } = await invoke({ fail: true });
    expect(error).toBe('Unhandled');
    expect(answer).toMatchObject({ errorType: 'RangeError', errorMessage: 'too far' });
    expect(answer.trace[0]).toBe('RangeError: too far');
    expect(await invoke()).toEqual({ answer: 2, error: undefined });
  });

  it('starts anew after it has exited', async () => {
    await create(`let runs = 0; export const handler = async ({ exit }) => {
      if (exit) process.exit(3);
      runs += 1;
      return runs;
    };`);
    await invoke();
    expect((await invoke({ exit: true })).answer).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/exit status 3$/),
    });
    expect((await invoke()).answer).toBe(1);
  });

  it('loses its environment with an error outside of its handler', async () => {
    await create(`let runs = 0; export const handler = async ({ crash }) => {
      runs += 1;
      if (crash) {
        process.nextTick(() => { throw new TypeError('outside'); });
        await new Promise(() => {});
      }
      return runs;
    };`);
    expect((await invoke({ crash: true })).answer).toMatchObject({
      errorType: 'TypeError',
      errorMessage: 'outside',
    });
    expect((await invoke()).answer).toBe(1);
  });

  it('runs its new code and configuration after an update', async () => {
    await create('export const handler = async () => [1, process.env.N];');
    expect((await invoke()).answer).toEqual([1, null]);
    const ZipFile = inlineArchive('export const handler = async () => [2, process.env.N];', 'index.mjs');
    await cloud.call('lambda', 'UpdateFunctionCode', { FunctionName: 'f', ZipFile }, owner);
    const Environment = { Variables: { N: 'n' } };
    await cloud.call('lambda', 'UpdateFunctionConfiguration', { FunctionName: 'f', Environment }, owner);
    expect((await invoke()).answer).toEqual([2, 'n']);
  });

  it('is refused with settings that Lambda would refuse', async () => {
    const source = 'export const handler = async () => {};';
    await expect(create(source, { Timeout: 901 })).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
    });
    await expect(create(source, { Runtime: 'python3.13' })).rejects.toThrow('python3.13');
    await expect(create(source, { Environment: { Variables: { AWS_REGION: 'x' } } })).rejects.toThrow(
      'reserved keys',
    );
    await expect(create(source, { Code: { ZipFile: Buffer.from('no zip') } })).rejects.toThrow('unzip');
    await expect(invoke()).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it('has its own environment and the credentials of its own role', async () => {
    await create(`export const handler = async () => process.env;`, {
      Environment: { Variables: { FLEET: 'lunch' } },
    });
    const { answer } = await invoke();
    expect(answer).toMatchObject({
      FLEET: 'lunch',
      AWS_LAMBDA_FUNCTION_NAME: 'f',
      AWS_ENDPOINT_URL: cloud.endpointUrl,
    });
    expect(answer.PATH).toBeUndefined();
    expect(cloud.credentials.principalOf(answer.AWS_ACCESS_KEY_ID)).toEqual({
      kind: 'role',
      arn: 'arn:aws:sts::000000000000:assumed-role/r/f',
    });
  });

  it('can reach nothing of the machine it runs on but its own code and a scratch folder', async () => {
    await create(
      `import { execSync } from 'node:child_process';
       import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
       import { homedir, tmpdir } from 'node:os';
       import { Worker } from 'node:worker_threads';
       const attempt = (what) => { try { return what() ?? 'done'; } catch ({ code }) { return code; } };
       export const handler = async ({ outside }) => ({
         reads: [outside, '/proc/self/environ', homedir()].map((path) => attempt(() => String(readFileSync(path)))),
         lists: attempt(() => readdirSync('/')),
         writes: ['x', outside].map((path) => attempt(() => writeFileSync(path, 'x'))),
         starts: [() => String(execSync('id')), () => new Worker('1', { eval: true }), () => process.dlopen({}, outside)]
           .map((what) => attempt(what)),
         scratch: attempt(() => { writeFileSync(tmpdir() + '/x', 'x'); return String(readFileSync(tmpdir() + '/x')); }),
         code: attempt(() => typeof readFileSync('index.mjs', 'utf8')),
       });`,
      { Environment: { Variables: { NODE_OPTIONS: '--allow-child-process --allow-fs-read=*' } } },
    );
    process.env['SECRET_OF_THE_MACHINE'] = 'told to nobody';
    const { answer } = await invoke({ outside: import.meta.filename });
    const denied = 'ERR_ACCESS_DENIED';
    expect(answer).toMatchObject({
      reads: [denied, denied, denied],
      lists: denied,
      writes: [denied, denied],
    });
    expect(answer).toMatchObject({
      scratch: 'x',
      code: 'string',
      starts: [denied, denied, 'ERR_DLOPEN_DISABLED'],
    });
    await create('export const handler = async () => process.env;', { FunctionName: 'g' });
    const output = await cloud.call('lambda', 'Invoke', { FunctionName: 'g' }, owner);
    expect(Buffer.from(output.Payload).toString()).not.toContain('told to nobody');
    delete process.env['SECRET_OF_THE_MACHINE'];
  });

  it('loses its environment when its memory is used up', async () => {
    await create(
      `let runs = 0; export const handler = async ({ fill }) => {
      const all = [];
      while (fill) all.push(new Array(1e5).fill(all.length));
      return ++runs;
    };`,
      { Timeout: 900 },
    );
    expect((await invoke({ fill: true })).answer).toMatchObject({ errorType: 'Runtime.OutOfMemory' });
    expect((await invoke()).answer).toBe(1);
  });

  it('draws the same random numbers on the same day', async () => {
    const source = `import { randomUUID } from 'node:crypto';
      export const handler = async () => [Math.random(), randomUUID(), crypto.randomUUID()];`;
    await create(source);
    const first = await invoke();
    const again = new Cloud({ start, seed: 7 });
    again.add(new Lambda(again));
    [cloud, again.endpointUrl] = [again, cloud.endpointUrl!];
    await create(source);
    expect(await invoke()).toEqual(first);
  });

  it('may be invoked by a service only with a permission for that source', async () => {
    await create('export const handler = async () => 1;');
    const rule: Principal = {
      kind: 'service',
      arn: 'events.amazonaws.com',
      sourceArn: 'arn:aws:events:us-east-1:000000000000:rule/tick',
    };
    const call = () => cloud.call('lambda', 'Invoke', { FunctionName: 'f' }, rule);
    const permit = (StatementId: string, SourceArn: string) =>
      cloud.call(
        'lambda',
        'AddPermission',
        { FunctionName: 'f', StatementId, Action: 'lambda:InvokeFunction', Principal: rule.arn, SourceArn },
        owner,
      );
    await expect(call()).rejects.toMatchObject({ code: 'AccessDenied' });
    await permit('other', 'arn:aws:events:us-east-1:000000000000:rule/tock');
    await expect(call()).rejects.toMatchObject({ code: 'AccessDenied' });
    await permit('this', 'arn:aws:events:us-east-1:000000000000:rule/t*ck');
    await expect(call()).resolves.toMatchObject({ StatusCode: 200 });
  });
});
