import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ActionRefused } from '../../../console/action-refused.ts';
import { type ConsoleBackend, type ServedConsole, serveConsole } from '../../../console/serve.ts';
import type { ConsoleAction } from '../../../console/state.ts';

const asked: ConsoleAction[] = [];
const backend: ConsoleBackend = {
  state: async () => ({ fleet: 'lunch', timeZone: 'UTC', now: '2026-03-04T11:00:00Z', groups: [] }),
  day: async (group) => {
    throw group === 'none' ? new ActionRefused('the fleet has no group none') : new Error('throttled');
  },
  log: async () => [],
  act: async (action) => void asked.push(action),
};
const resume = JSON.stringify({ action: 'resume', group: 'business', reason: 'test' });

let served: ServedConsole;
let own: Record<string, string>;
let page: Answer;

beforeAll(async () => {
  served = await serveConsole(backend, { sentenceOf: ({ message }) => `${message}: wait a minute` });
  const { host } = new URL(served.url);
  page = await ask('GET', '/', { host });
  own = { host, 'x-rushhour-token': /rushhour-token" content="([^"]+)"/.exec(page.text)![1]! };
});
afterAll(() => served.close());

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: NodeJS.Dict<string | string[]>;
}

/** `fetch` would not let a test forge these headers. */
function ask(method: string, path: string, headers: Record<string, string>, body = ''): Promise<Answer> {
  const { hostname, port } = new URL(served.url);
  return new Promise((resolve, reject) => {
    const sent = request({ method, hostname, port, path, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode!, text, headers: response.headers }));
    });
    sent.on('error', reject).end(body);
  });
}

describe('the console', () => {
  it('listens on loopback only', () => {
    expect(new URL(served.url).hostname).toBe('127.0.0.1');
  });

  it('lets its page load nothing from elsewhere, and lets nobody frame it', () => {
    const policy = page.headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(page.headers['cache-control']).toBe('no-store');
  });

  it('serves a page that is complete', async () => {
    for (const [, path] of page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
      const { status, text } = await ask('GET', path!, { host: own['host']! });
      expect({ path, status, empty: text === '' }).toEqual({ path, status: 200, empty: false });
    }
  });

  it('answers its own page', async () => {
    const origin = served.url.slice(0, -1);
    const headers = { ...own, origin, 'sec-fetch-site': 'same-origin' };
    expect((await ask('GET', '/api/state', headers)).status).toBe(200);
    expect((await ask('POST', '/api/act', headers, resume)).status).toBe(200);
    expect(asked).toEqual([JSON.parse(resume)]);
  });

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['a page without an origin', { origin: 'null' }],
    ['a rebound name', { host: 'evil.example' }],
    ['a cross-site request without origin', { 'sec-fetch-site': 'cross-site' }],
    ['an old token', { 'x-rushhour-token': 'x'.repeat(32) }],
    ['no token', { 'x-rushhour-token': '' }],
  ])('refuses %s, and does nothing', async (_, forged) => {
    asked.length = 0;
    expect((await ask('POST', '/api/act', { ...own, ...forged }, resume)).status).toBe(403);
    expect((await ask('GET', '/api/state', { ...own, ...forged })).status).toBe(403);
    expect(asked).toEqual([]);
  });

  it('tells whose fault it was', async () => {
    expect((await ask('POST', '/api/act', own, '{}')).status).toBe(400);
    expect((await ask('POST', '/api/act', own, ' '.repeat(70_000))).status).toBe(400);
    expect(await ask('GET', '/api/day?group=none', own)).toMatchObject({
      status: 400,
      text: '{"message":"the fleet has no group none"}',
    });
    expect(await ask('GET', '/api/day?group=business', own)).toMatchObject({
      status: 500,
      text: '{"message":"throttled: wait a minute"}',
    });
    expect((await ask('GET', '/api/secrets', own)).status).toBe(404);
    expect((await ask('DELETE', '/', own)).status).toBe(404);
  });
});
