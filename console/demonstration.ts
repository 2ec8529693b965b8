import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Browser } from 'playwright-core';
import { startBrowser } from './start-browser.ts';

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
  const browser = await startBrowser().catch((error) => {
    local.kill();
    throw error;
  });
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
