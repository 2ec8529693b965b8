import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rushhour } from '../kit/run-rushhour.ts';

const server = createServer(({ url }, response) => {
  response.statusCode = url === '/unhealthy' ? 503 : 200;
  response.end('answer');
});
let address: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const gently = ['--users', '2', '--rate', '50', '--duration', '2'];

describe('rushhour load', () => {
  it('loads a server that answers', async () => {
    const { exitCode, stdout } = await rushhour(['load', '--url', address, ...gently]);
    expect(stdout).toMatch(/^ +1 s +\d+ requests\/s {2}/);
    expect(stdout).toMatch(/\n\d+ requests in \d+ s, \d+ a second\n/);
    expect(stdout).toContain('0 answered without success');
    expect(exitCode).toBe(0);
  });

  it('tells a server that refuses', async () => {
    const { exitCode, stdout } = await rushhour([
      'load',
      '--url',
      `${address}/unhealthy`,
      ...gently,
      '--json',
    ]);
    const result = JSON.parse(stdout);
    expect(result.requests).toBeGreaterThan(0);
    expect(result.non2xx).toBe(result.requests);
    expect(exitCode).toBe(1);
  });

  it('says so when there is no server', async () => {
    const { exitCode, stderr } = await rushhour(['load', '--url', 'http://127.0.0.1:9/', ...gently]);
    expect(stderr).toContain('Nobody listens at http://127.0.0.1:9/');
    expect(exitCode).toBe(1);
  });
});
