import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

async function startBrowser(): Promise<Browser> {
  return chromium.launch({ args, ...(await chromiumHere()) });
}

/** The machine's own, or the one of npm, which brings the libraries it needs but unpacks them only where it thinks it is in AWS. */
async function chromiumHere(): Promise<{ executablePath: string; env?: Record<string, string> }> {
  if (existsSync(installed)) return { executablePath: installed };
  const { env } = process;
  const before = { ...env };
  env['CODEBUILD_BUILD_IMAGE'] = 'nodejs24';
  try {
    const { default: bundled } = await import('@sparticuz/chromium');
    const executablePath = await bundled.executablePath();
    const fonts = { FONTCONFIG_FILE: fontsOf(env['FONTCONFIG_PATH']) };
    return { executablePath, env: { ...env, ...fonts } as Record<string, string> };
  } finally {
    process.env = before;
  }
}

/** Its own font knows no Chinese and no arrows: the machine's fonts, if it has any, come after it. */
function fontsOf(own: string | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), 'rushhour-fonts-'));
  const file = join(folder, 'fonts.conf');
  const folders = [own, '/usr/share/fonts', '/usr/local/share/fonts'].filter(Boolean);
  const listed = folders.map((each) => `<dir>${each}</dir>`).join('');
  writeFileSync(
    file,
    `<?xml version="1.0"?><fontconfig>${listed}<cachedir>${folder}</cachedir></fontconfig>\n`,
  );
  return file;
}
