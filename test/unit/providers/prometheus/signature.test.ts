import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { makeClients } from '../../../../shared/providers/aws/clients.ts';
import { PrometheusMetrics } from '../../../../shared/providers/prometheus/provider.ts';

const workspace = 'https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-0a1b';
const query = 'sum by (app) (rate(http_requests_total{app="a+b", path!~"/~x*"}[1m]))';
const secretAccessKey = 'of nobody';

/** As a server of AWS computes it from the request that has arrived, where a plus is a plus. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signatureOf({ url = '', method, headers }: IncomingMessage): string {
  const [path, search = ''] = url.split('?', 2);
  const encoded = (text: string) =>
    encodeURIComponent(decodeURIComponent(text)).replace(
      /[!'()*]/g,
      (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  const parameters = search
    .split('&')
    .map((pair) => pair.split('=', 2).map(encoded).join('='))
    .toSorted();
  const [, scope, names] = /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+)/.exec(
    `${headers.authorization}`,
  )!;
  const signed = names!.split(';').map((name) => `${name}:${headers[name]}\n`);
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const canonical = [method, path, parameters.join('&'), signed.join(''), names, hash('')].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hash(canonical)].join('\n');
  let key: Buffer | string = `AWS4${secretAccessKey}`;
  for (const part of scope!.split('/')) key = createHmac('sha256', key).update(part).digest();
  return createHmac('sha256', key).update(toSign).digest('hex');
}

it('a workspace is asked with a signature that AWS computes alike, whatever signs the query has', async () => {
  const arrived: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    arrived.push(request);
    response.end('{"status":"success","data":{"resultType":"matrix","result":[]}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const via = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const credentials = { accessKeyId: 'AKIDNOBODY', secretAccessKey };
  const { sha256 } = makeClients().cloudWatch.config;
  const secrets = { read: () => Promise.reject(new Error('none')), forget: () => {} };
  const metrics = new PrometheusMetrics(secrets, { credentials, sha256 }, via);
  const metric = { prometheus: { url: workspace, query, sigv4: true }, perServer: false };
  const group = { name: 'web', scalingGroup: 'web', config: {} as never };
  const asked = {
    group,
    seen: undefined,
    use: { key: 'q', metric, statistic: undefined, periodSeconds: 60 },
  };
  await metrics.latest([asked], Date.parse('2026-03-04T11:00:00Z'));
  server.close();
  const [request] = arrived;
  expect(new URL(`${workspace}${request!.url}`).searchParams.get('query')).toBe(query);
  expect(request!.headers.authorization).toContain('/eu-west-1/aps/aws4_request');
  expect(request!.headers.authorization).toContain(`Signature=${signatureOf(request!)}`);
});
