import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rushhour } from '../../run-rushhour.ts';

const server = createServer(({ url }, response) => {
  response.statusCode = url === '/sick' ? 503 : 200;
  response.end('answer');
});
let address: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

describe('rushhour load', () => {
  it('tells every second how many were answered and how fast, and sums up', async () => {
    const { exitCode, stdout } = await rushhour([
      'load',
      '--url',
      address,
      '--users',
      '2',
      '--rate',
      '50',
      '--duration',
      '2',
    ]);
    expect(exitCode).toBe(0);
    expect(stdout.match(/^ +\d s +\d+ requests\/s {2}(\d+\.\d ms|no answer)$/gm)!.length).toBeLessThanOrEqual(
      2,
    );
    expect(stdout).toMatch(/\n\d+ requests in 2 s, \d+ a second\n/);
    expect(stdout).toContain('failed: 0 broken, 0 without an answer in time, 0 answered without success');
  });

  it('gives programs the result only, and exits with 1 where answers are no success', async () => {
    const { exitCode, stdout } = await rushhour([
      'load',
      '--url',
      `${address}/sick`,
      '--users',
      '1',
      '--rate',
      '20',
      '--duration',
      '1',
      '--json',
    ]);
    const result = JSON.parse(stdout);
    expect(exitCode).toBe(1);
    expect(result.requests).toBeGreaterThan(0);
    expect(result.non2xx).toBe(result.requests);
  });

  it('says so when nothing answers', async () => {
    const { exitCode, stderr } = await rushhour([
      'load',
      '--url',
      'http://127.0.0.1:9/',
      '--users',
      '1',
      '--rate',
      '5',
      '--duration',
      '1',
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('http://127.0.0.1:9/ answered nothing.\nIs it reachable from here?');
  });

  it.each([['shop.example.com'], ['ftp://shop.example.com'], ['']])('refuses the address %j', async (url) => {
    const { exitCode, stderr } = await rushhour(['load', '--url', url]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Expected an address like https://shop.example.com/health.');
  });
});

describe('rushhour bench', () => {
  it('hands over to the benchmarks, and their usage', async () => {
    const { exitCode, stderr } = await rushhour(['bench', 'nothing']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('npm run bench -- loop');
  });
});
