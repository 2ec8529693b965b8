import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AwsJson, urlOf } from '../../../../shared/providers/ecs/aws-json.ts';
import type { ServiceCalls } from '../../../../shared/providers/ecs/services.ts';

const credentials = { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'session' };
const client = new ElasticLoadBalancingV2Client({ region: 'us-east-1', credentials });

let server: Server;
let asked: { readonly headers: IncomingMessage['headers']; readonly body: string }[];
let answers: [status: number, body: object][];

beforeEach(async () => {
  asked = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    asked.push({ headers: request.headers, body });
    const [status, answer] = answers.shift()!;
    response.writeHead(status).end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => void server.close());

function describeServices(region?: string) {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ecs = new AwsJson<ServiceCalls>(client, { name: 'ecs', target: 'Ecs', region, endpoint });
  return ecs.call('describe web', 'DescribeServices', { cluster: 'shop', services: ['web'] });
}

it('a call is signed for the service and its region, and instants come back as dates', async () => {
  answers = [[200, { services: [{ serviceName: 'web', desiredCount: 3, createdAt: 1772589600.5 }] }]];
  const { services } = await describeServices('eu-west-1');
  expect(services).toEqual([
    { serviceName: 'web', desiredCount: 3, createdAt: new Date('2026-03-04T02:00:00.500Z') },
  ]);
  const [{ headers, body }] = asked as [(typeof asked)[0]];
  expect(JSON.parse(body)).toEqual({ cluster: 'shop', services: ['web'] });
  expect(headers['x-amz-target']).toBe('Ecs.DescribeServices');
  expect(headers['x-amz-security-token']).toBe('session');
  expect(headers.authorization).toMatch(/Credential=key\/\d{8}\/eu-west-1\/ecs\/aws4_request/);
});

it('what is throttled, or fails at AWS, is tried again; what is refused is not', async () => {
  answers = [
    [400, { __type: 'ThrottlingException', message: 'Rate exceeded' }],
    [503, {}],
    [200, { services: [] }],
  ];
  expect(await describeServices()).toEqual({ services: [] });
  answers = [[400, { __type: 'com.amazonaws.ecs#ClusterNotFoundException', message: 'Cluster not found.' }]];
  await expect(describeServices()).rejects.toMatchObject({
    code: 'NotFound',
    message: 'describe web: ClusterNotFoundException: Cluster not found.',
  });
  expect(asked).toHaveLength(4);
});

it('four times at most, and then the failure is told', async () => {
  answers = Array.from({ length: 4 }, () => [
    400,
    { __type: 'ThrottlingException', message: 'Rate exceeded' },
  ]);
  await expect(describeServices()).rejects.toMatchObject({ code: 'Throttled' });
  expect(answers).toEqual([]);
});

it.each([
  ['eu-central-1', 'https://ecs.eu-central-1.amazonaws.com/'],
  ['cn-north-1', 'https://ecs.cn-north-1.amazonaws.com.cn/'],
  ['us-gov-west-1', 'https://ecs.us-gov-west-1.amazonaws.com/'],
])('in %s it is asked at %s', async (region, url) => {
  expect((await urlOf(client.config, 'ecs', region)).href).toBe(url);
});
