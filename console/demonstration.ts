import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import chromiumOfNpm from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

const installed = '/usr/bin/chromium';
/** No GPU, no sandbox (containers have none), and nothing that calls home. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** `npm start` with the example fleet's day behind it, and a browser to look at its console. */
export interface Demonstration {
  readonly browser: Browser;
  readonly consoleUrl: string;
  /** What the local cloud's clients need in their environment. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function startDemonstration(): Promise<Demonstration> {
  const local = spawn(process.execPath, ['local/start.ts'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(local, 'exit');
  const printed = await new Promise<string>((resolve, reject) => {
    let text = '';
    local.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes('Ctrl-C')) resolve(text);
    });
    local.once('exit', () => reject(new Error(`npm start ended:\n${text}`)));
  });
  const settings = /export (AWS.*)/
    .exec(printed)![1]!
    .split(' ')
    .map((setting) => setting.split('='));
  const executablePath = existsSync(installed) ? installed : await chromiumOfNpm.executablePath();
  const browser = await chromium.launch({ executablePath, args });
  return {
    browser,
    consoleUrl: /The console is at (\S+)/.exec(printed)![1]!,
    environment: Object.fromEntries(settings),
    close: async () => {
      await browser.close();
      local.kill();
      await ended;
    },
  };
}
