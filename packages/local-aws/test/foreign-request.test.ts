import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import * as autoscaling from '@aws-sdk/client-auto-scaling';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Cloud } from '../src/cloud.ts';
import { Endpoint } from '../src/endpoint.ts';
import type { Service } from '../src/service.ts';

const cloud = new Cloud({ start: Date.parse('2026-03-02T00:00:00Z') });
const endpoint = new Endpoint(cloud);
/** What the operations were given, newest last. */
let inputs: unknown[] = [];

const service = (signingName: string, schemas: object, operation: string, answer?: object): Service => ({
  signingName,
  schemas: schemas as Record<string, unknown>,
  operations: {
    [operation]: (input) => {
      inputs.push(input);
      return answer;
    },
  },
});

beforeAll(async () => {
  cloud.add(
    service('autoscaling', autoscaling, 'SetDesiredCapacity'),
    service('lambda', lambda, 'GetFunction', {}),
    service('s3', s3, 'GetObject', { Body: Buffer.from('text') }),
  );
  await endpoint.listen();
});
beforeEach(() => {
  inputs = [];
});
afterAll(() => endpoint.close());

const scope = (name: string) =>
  `AWS4-HMAC-SHA256 Credential=local/20260302/us-east-1/${name}/aws4_request, SignedHeaders=host, Signature=0`;

/** One request as it stands on the wire: no client puts a host, or leaves one out, that it does not mean. */
async function raw(head: string, body = ''): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(cloud.endpointUrl!);
  const socket = connect(Number(port), hostname);
  socket.end(`${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  const answer = (await buffer(socket)).toString();
  return { status: Number(answer.split(' ')[1]), text: answer.slice(answer.indexOf('\r\n\r\n') + 4) };
}

describe('a request that comes from a web page', () => {
  const body = 'Action=SetDesiredCapacity&AutoScalingGroupName=g&DesiredCapacity=9';
  const post = (...headers: string[]) =>
    raw(
      [
        'POST / HTTP/1.1',
        'connection: close',
        'content-type: application/x-www-form-urlencoded',
        `authorization: ${scope('autoscaling')}`,
        ...headers,
      ].join('\r\n'),
      body,
    );

  it.each([
    'Origin: http://127.0.0.1:1',
    'Origin: null',
    'Sec-Fetch-Site: cross-site',
    'Sec-Fetch-Site: same-origin',
    'Sec-Fetch-Site: none',
  ])('is refused before it is read, though it is signed: %s', async (header) => {
    const { status, text } = await post('Host: 127.0.0.1', header);
    expect(status).toBe(403);
    expect(text).toContain('<Code>AccessDenied</Code><Message>The local cloud answers no browsers');
    expect(inputs).toEqual([]);
  });

  it.each([
    'Host: rebound.example',
    'Host: 127.0.0.1.rebound.example:80',
    'Host: localhost.rebound.example',
    'Host: 127.0.0.1@rebound.example',
    'Host: 10.0.0.1',
    'Host: 0.0.0.0',
    'Host:',
  ])('is refused for a name that anybody can rebind to loopback: %s', async (host) => {
    const { status, text } = await post(host);
    expect(status).toBe(403);
    expect(text).toContain('expected the host 127.0.0.1, localhost, [::1] or a name under localhost, not');
    expect(inputs).toEqual([]);
  });

  it.each(['127.0.0.1', 'localhost:4566', '[::1]:4566', 'a-bucket.s3.localhost:4566'])(
    'differs from a program’s, which may call this machine %s',
    async (host) => {
      expect(await post(`Host: ${host}`)).toMatchObject({ status: 200 });
      expect(inputs).toEqual([{ AutoScalingGroupName: 'g', DesiredCapacity: 9 }]);
    },
  );

  it('may not be an address that somebody opens: credentials in the query are for S3 alone', async () => {
    const address = (path: string, service: string) =>
      `${cloud.endpointUrl}${path}X-Amz-Credential=local/20260302/us-east-1/${service}/aws4_request`;
    const refused = await fetch(address(`/?${body}&`, 'autoscaling'));
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain('in the query for S3 alone');
    expect(inputs).toEqual([]);
    expect(await (await fetch(address('/b/k?', 's3'))).text()).toBe('text');
  });

  it('is refused in words that a client whose address is wrong can read', async () => {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'test' };
    const elsewhere = new lambda.LambdaClient({
      endpoint: cloud.endpointUrl!,
      region: 'us-east-1',
      credentials,
    });
    elsewhere.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers['host'] = 'my-machine:4566';
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    await expect(elsewhere.send(new lambda.GetFunctionCommand({ FunctionName: 'f' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('not "my-machine:4566"'),
    });
  });
});
