import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlibabaCloud } from '@rushhour/local-alibaba';
import { AlibabaEndpoint } from '@rushhour/local-alibaba/endpoint';
import { afterAll, expect, it } from 'vitest';
import { steadyWorld } from '../../packages/local-alibaba/test/test-timeline.ts';

const folder = mkdtempSync(join(tmpdir(), 'rushhour-reporter-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const page = readFileSync(new URL('../../docs/alibaba.md', import.meta.url), 'utf8');
const requests = 12;

/** The code of the page that reports, which counts for a second and not for a minute. */
function recipe(language: string): string {
  const [, code] = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(page) ?? [];
  const hurried = code!.replace(/(every_?seconds = )60/i, '$11');
  expect(hurried).not.toBe(code);
  return hurried;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Until it holds, for at most ten seconds. */
async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (let tries = 0; tries < 200; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not come to pass within ten seconds');
}

const programs = { js: [process.execPath, 'report.mjs'], python: ['python3', 'report.py'] } as const;

it.each([
  ['js', 'secret'],
  ['python', 'secret'],
  ['js', 'another'],
  ['python', 'another'],
] as const)(
  'what the page has in %s reports the requests of an application, or says why not: its key is %s',
  async (language, secret) => {
    const [program, name] = programs[language];
    const cloud = new AlibabaCloud({ now: Date.now, at: () => () => {} }, steadyWorld());
    cloud.addKey('id', 'secret');
    const reported: unknown[] = [];
    const { monitor } = cloud;
    const put = monitor.put.bind(monitor);
    monitor.put = (series, at, value) => {
      reported.push({ ...series, value });
      put(series, at, value);
    };
    const endpoint = new AlibabaEndpoint(cloud);
    const port = await freePort();
    const path = join(folder, name);
    writeFileSync(path, recipe(language));
    const process_ = spawn(program, [path], {
      env: {
        PATH: process.env['PATH'],
        PYTHONUNBUFFERED: '1',
        CMS_ENDPOINT: await endpoint.listen(),
        ALIBABA_CLOUD_ACCESS_KEY_ID: 'id',
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret,
        PORT: `${port}`,
      },
    });
    let said = '';
    for (const stream of [process_.stdout, process_.stderr]) stream.on('data', (some) => (said += some));
    try {
      const ask = () =>
        fetch(`http://127.0.0.1:${port}/`).then(
          (answer) => answer.text(),
          () => undefined,
        );
      await until(ask);
      for (let count = 1; count < requests; count++) await ask();
      if (secret === 'secret') {
        const total = () => (reported as { value: number }[]).reduce((sum, { value }) => sum + value, 0);
        await until(() => (total() >= requests ? true : undefined));
        expect(total()).toBe(requests);
        expect(reported[0]).toMatchObject({
          namespace: 'acs_customMetric_1234567890123456',
          metricName: 'QPS',
          dimensions: { groupId: '0', dimension: 'app=web' },
        });
      } else {
        await until(() => (said.includes('not reported: ') ? true : undefined));
        expect(said).toContain('not reported: SignatureDoesNotMatch');
      }
    } finally {
      process_.kill('SIGKILL');
      await endpoint.close();
    }
  },
);
