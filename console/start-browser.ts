import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

/** A browser without a window. @param more switches of Chromium's command line */
export async function startBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ args: [...args, ...more], ...(await chromiumHere()) });
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
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'fonts.conf');
  const folders = [own, '/usr/share/fonts', '/usr/local/share/fonts'].filter(Boolean);
  const listed = folders.map((each) => `<dir>${each}</dir>`).join('');
  writeFileSync(
    file,
    `<?xml version="1.0"?><fontconfig>${listed}<cachedir>${folder}</cachedir></fontconfig>\n`,
  );
  return file;
}
