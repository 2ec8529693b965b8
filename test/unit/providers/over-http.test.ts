import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { overHttp } from '../../../shared/providers/over-http.ts';
import { standIn } from '../../../shared/providers/stand-in.ts';

let server: Server | undefined;

async function listening(answer: RequestListener): Promise<URL> {
  server = createServer(answer);
  await new Promise<void>((done) => server!.listen(0, '127.0.0.1', done));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => (server ? server.close(done) : done(undefined)));
  server = undefined;
});

const call = { what: 'describe 2 groups', method: 'POST', headers: { 'x-action': 'Describe' } } as const;

describe('A call over HTTP', () => {
  it('is answered with the status, whatever it is, and says whom it means also to a stand-in', async () => {
    const heard: unknown[] = [];
    const via = await listening((request, response) => {
      heard.push(request.headers.host, request.headers['x-action'], request.url);
      response.writeHead(503).end('busy');
    });
    const url = new URL('https://as.example.com/v1?a=b');
    const answer = await overHttp({ ...call, url, via, body: '{}' });
    expect(answer).toMatchObject({ status: 503, body: 'busy' });
    expect(heard).toEqual(['as.example.com', 'Describe', '/v1?a=b']);
  });

  it('that gets no answer in time is given up, and says who was asked for what', async () => {
    const url = await listening(() => {});
    await expect(overHttp({ ...call, url }, 50)).rejects.toMatchObject({
      code: 'Unavailable',
      transient: true,
      message: `describe 2 groups: ${url.host}: no answer within 0.05 s`,
    });
  });

  it('is given up likewise when the answer stops in the middle', async () => {
    const url = await listening((_, response) => response.writeHead(200).write('half'));
    await expect(overHttp({ ...call, url }, 50)).rejects.toMatchObject({ code: 'Unavailable' });
  });

  it('that nobody listens to is unavailable', async () => {
    const url = new URL('http://127.0.0.1:1/');
    await expect(overHttp({ ...call, url })).rejects.toMatchObject({ code: 'Unavailable' });
  });
});

describe('A stand-in', () => {
  it('is asked where the environment names one on loopback', () => {
    const environment = { RUSHHOUR_ENDPOINT_TENCENT: 'http://127.0.0.1:8181' };
    expect(standIn('tencent', environment)?.port).toBe('8181');
    expect(standIn('alibaba', environment)).toBeUndefined();
  });

  it.each(['http://example.com', 'http://127.0.0.1.example.com', 'nonsense'])(
    'is nowhere but on loopback: %s',
    (url) => {
      expect(() => standIn('tencent', { RUSHHOUR_ENDPOINT_TENCENT: url })).toThrow(
        'RUSHHOUR_ENDPOINT_TENCENT: expected a URL on loopback',
      );
    },
  );
});
