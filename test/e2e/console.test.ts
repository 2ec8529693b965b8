import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Demonstration, startDemonstration } from '../../console/demonstration.ts';

const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
let shown: Demonstration;
/** What went wrong on the pages of a test: messages of the browser, and requests that left the console. */
let complaints: string[] = [];
let pages: Page[] = [];

beforeAll(async () => {
  shown = await startDemonstration();
});
afterAll(() => shown.close());
afterEach(async () => {
  await Promise.all(pages.map((page) => page.context().close()));
  const all = complaints;
  [complaints, pages] = [[], []];
  expect(all).toEqual([]);
});

async function open(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await shown.browser.newContext({ locale: 'en-GB', ...options });
  // As long as a test: a machine that is busy elsewhere is no failure.
  context.setDefaultTimeout(240_000);
  const page = await context.newPage();
  pages.push(page);
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (one) => {
    if (!one.url().startsWith(shown.consoleUrl)) complaints.push(`asked ${one.url()}`);
  });
  await page.goto(shown.consoleUrl);
  await page.locator('.day').first().waitFor();
  return page;
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  // biome-ignore lint/suspicious/noExplicitAny: axe puts itself into the page.
  const { violations } = await page.evaluate(() => (globalThis as any).axe.run());
  return violations.map(
    ({ id, nodes }: { id: string; nodes: { html: string }[] }) => `${id}: ${nodes[0]?.html}`,
  );
}

/** One request as another program, or another site's page, would make it. */
function ask(path: string, headers: Record<string, string>): Promise<number> {
  const { hostname, port } = new URL(shown.consoleUrl);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .on('error', reject)
      .end();
  });
}

describe('the day', () => {
  it('is drawn: servers, windows, CPU, and who made the group grow', async () => {
    const page = await open();
    const business = page.locator('[data-group=business]');
    expect(await business.locator('.mark.out').count()).toBe(4);
    expect(await business.locator('.window').count()).toBeGreaterThan(0);
    for (const path of ['desired', 'in-service', 'load'])
      expect((await business.locator(`path.${path}`).getAttribute('d'))!.length).toBeGreaterThan(50);
    expect(await business.locator('.label.out').allTextContents()).toEqual(
      expect.arrayContaining(['+2 lunch', '+6 qps-high, cpu-high']),
    );
    await page.getByText("business 3 → 5: window 'lunch' opened (+2)").first().waitFor();
  });

  it('says why where one points, and where the keyboard is', async () => {
    const page = await open();
    const opened = page.locator('[data-group=business] .mark.out').first();
    await opened.hover();
    const tooltip = page.locator('#tooltip');
    expect(await tooltip.textContent()).toMatch(/^11:00 business 3 → 5: window 'lunch' opened \(\+2\)/);
    const last = (await page.locator('[data-group=business] .mark.out').last().boundingBox())!;
    await page.mouse.move(last.x + last.width + 4, last.y + 40);
    expect(await tooltip.textContent()).toMatch(
      /^16:\d\d desired 9, in service \d, CPU [\d.]+ %\n16:34 business 7 → 9: alarm 'cpu-high', cpu [\d.]+ \(\+2\)$/,
    );
    await page.mouse.move(0, 0);
    expect(await tooltip.isHidden()).toBe(true);
    await page.locator('[data-group=business] .mark[tabindex="0"]').focus();
    const newest = await tooltip.textContent();
    await page.keyboard.press('ArrowLeft');
    expect(await tooltip.textContent()).not.toBe(newest);
    expect(await page.locator(':focus').getAttribute('aria-label')).toMatch(/^18:|^19:/);
    await page.keyboard.press('Escape');
    expect(await tooltip.isHidden()).toBe(true);
  });
});

describe('an operator', () => {
  it('bumps a group with a reason and sees it in the picture, the layers and the log', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Bump session' }).click();
    await page.getByRole('button', { name: 'Do it' }).click();
    expect(await page.locator('#ask-problem').textContent()).toContain('A reason is needed');
    await page.getByLabel('For how long').fill('2h');
    await page.getByLabel('Reason').fill('radio interview');
    // Pressing twice asks once.
    await page.evaluate(
      'const form = document.querySelector("#ask form"); form.requestSubmit(); form.requestSubmit()',
    );
    await page.locator('#told').getByText('session 1 → 2').waitFor();
    const sentence = /session 1 → 2: \+1 by \S+ \(radio interview\) until \d\d:\d\d/;
    await page.locator('#log').getByText(sentence).waitFor();
    const session = page.locator('[data-group=session]');
    await session.locator('.mark.out[aria-label*="radio interview"]').waitFor();
    await session.getByText(/adds \+1 until/).waitFor();
    await page.getByLabel('Search').fill('RADIO');
    expect(await page.locator('#log tbody tr').count()).toBe(1);
  });

  it('is told when the scaler refuses, and can change what was asked', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Bump business' }).click();
    await page.getByLabel('Servers to add').fill('-9');
    await page.getByLabel('Reason').fill('too many');
    await page.getByRole('button', { name: 'Do it' }).click();
    await page.locator('#ask-problem').getByText('business stays at 3').waitFor();
    expect(await page.getByRole('button', { name: 'Do it' }).isEnabled()).toBe(true);
    expect(await page.locator('#told').isHidden()).toBe(true);
  });

  it('is told when the cloud or the console is gone, and how old is what the page shows', async () => {
    const page = await open();
    await page.route('**/api/state', (route) =>
      route.fulfill({ status: 500, json: { message: 'throttled' } }),
    );
    const problem = page.locator('#problem');
    await problem
      .getByText(/^The fleet cannot be read: throttled\s+What is shown is as of \w+ 5 Mar, 00:\d\d$/)
      .waitFor();
    await page.route('**/api/state', (route) => route.abort());
    await problem.getByText('The console does not answer').waitFor();
    await page.unroute('**/api/state');
    await problem.waitFor({ state: 'hidden' });
    complaints = complaints.filter((text) => !text.startsWith('Failed to load resource'));
  });

  it('finds the way to each group of a large fleet', async () => {
    const page = await open();
    expect(await page.locator('#overview').isHidden()).toBe(true);
    await page.route('**/api/state', async (route) => {
      const state = await (await route.fetch()).json();
      const [business] = state.groups.filter(({ name }: { name: string }) => name === 'business');
      const more = ['one', 'two'].map((name) => ({ ...business, name }));
      await route.fulfill({ json: { ...state, groups: [...state.groups, ...more] } });
    });
    await page.route(/api\/day\?group=(one|two)/, (route) =>
      route.continue({ url: `${shown.consoleUrl}api/day?group=business` }),
    );
    const link = page.locator('#overview').getByRole('link', { name: 'two' });
    await link.click();
    expect(new URL(page.url()).hash).toBe('#group-two');
    expect(await violations(page)).toEqual([]);
  });

  it('is told what is wrong with what was asked', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Adopt business' }).click();
    await page.getByLabel('Instance ids').fill('server-1');
    await page.getByLabel('Reason').fill('test');
    await page.getByRole('button', { name: 'Do it' }).click();
    await page.getByText(/instances.0: expected/).waitFor();
    complaints = complaints.filter((text) => !text.includes('400 (Bad Request)'));
  });

  it('pauses a group and resumes it, by keyboard alone', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Pause business' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Reason').fill('migration');
    await page.keyboard.press('Enter');
    await page.locator('[data-group=business] .state.paused').waitFor();
    await page.getByText(/Paused by \S+: migration/).waitFor();
    await page.getByRole('button', { name: 'Resume business' }).press('Enter');
    await page.getByLabel('Reason').fill('migrated');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Pause business' }).waitFor();
  });

  it('plays with the local world: a crowd comes, time flies, and the fleet grows', async () => {
    const page = await open();
    await page.locator('#world').getByLabel('Group').selectOption('business');
    await page.getByRole('button', { name: 'Kill a server' }).click();
    await page.locator('#told').getByText('A server dies in: business').waitFor();
    await page.getByRole('button', { name: 'Flash crowd' }).click();
    await page.locator('#told').getByText('A flash crowd is on its way to: business').waitFor();
    await page.getByLabel('Speed of time').selectOption('300');
    await page
      .locator('#log')
      .getByText(/business 3 → 5: alarm '(cpu|qps)-high', (cpu|requestsPerSecond) [\d.]+ \(\+2\)/)
      .nth(1)
      .waitFor();
    await page.getByLabel('Speed of time').selectOption('1');
  });
});

describe('anybody', () => {
  it.each(['light', 'dark'] as const)('finds no barrier, %s, in every language', async (colorScheme) => {
    const page = await open({ colorScheme });
    const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(ground).toBe(colorScheme === 'dark' ? 'rgb(20, 23, 26)' : 'rgb(247, 247, 245)');
    expect(await violations(page)).toEqual([]);
    await page.locator('#language').selectOption('ko');
    expect(await page.getAttribute('html', 'lang')).toBe('ko-KR');
    await page
      .getByText(/business \d대 유지: /)
      .first()
      .waitFor();
    expect(await violations(page)).toEqual([]);
    await page.locator('#language').selectOption('zh');
    expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
    expect(await page.getByRole('heading', { name: '伸缩活动记录' }).count()).toBe(1);
    await page.locator('#log').getByText('business 3 → 5：时间窗口 lunch 开始（+2）').waitFor();
    await page
      .getByText(/business 保持 \d 台：/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: '手动调整 business' }).click();
    expect(await violations(page)).toEqual([]);
  });

  it('is greeted in the language of the browser', async () => {
    const page = await open({ locale: 'zh-CN' });
    expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
  });

  it('needs no sideways scrolling on a phone', async () => {
    const page = await open({ viewport: { width: 360, height: 740 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(await violations(page)).toEqual([]);
  });
});

describe('another site', () => {
  it('is refused, whatever it sends', async () => {
    const page = await open();
    const token = (await page.getAttribute('meta[name=rushhour-token]', 'content'))!;
    const { host, origin } = new URL(shown.consoleUrl);
    const own = { host, 'x-rushhour-token': token };
    expect(await ask('/api/state', own)).toBe(200);
    expect(await ask('/api/state', { ...own, origin })).toBe(200);
    expect(await ask('/api/state', { ...own, origin: 'https://evil.example' })).toBe(403);
    expect(await ask('/api/state', { ...own, host: 'evil.example' })).toBe(403);
    expect(await ask('/api/state', { ...own, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await ask('/api/state', { host })).toBe(403);
    expect(await ask('/', { host: 'evil.example' })).toBe(403);
  });
});

describe('rushhour console', () => {
  it('serves the same fleet to whoever has credentials, until Ctrl-C', async () => {
    const command = spawn('cli/rushhour.sh', ['console'], { env: { ...process.env, ...shown.environment } });
    const ended = once(command, 'exit');
    const [line] = await once(command.stdout, 'data');
    const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(String(line))!;
    const page = await shown.browser.newPage();
    await page.goto(url);
    await page.locator('[data-group=session]').waitFor();
    expect(await page.locator('#world').isHidden()).toBe(true);
    await page.close();
    command.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
  });
});
