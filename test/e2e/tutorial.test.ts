import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nightZone } from './night-zone.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/tutorial.md'), 'utf8').split('## The same on AWS')[0]!;
/** Made by building and testing, or about to be written by whoever follows the tutorial. */
const notInAClone = ['cdk.out', '.git', 'shop.yaml', 'shop.sh'];

let clone: string;
let local: ChildProcess | undefined;

beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'rushhour-tutorial-'));
  for (const name of readdirSync(root).filter((one) => !notInAClone.includes(one)))
    symlinkSync(join(root, name), join(clone, name));
});
afterAll(() => {
  if (local?.pid) process.kill(-local.pid);
  rmSync(clone, { recursive: true });
});

/** The blocks of one language, with the port replaced: another one might be in use. */
function blocks(language: string, port: string): string[] {
  return [...page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, text]) =>
    text!.replaceAll('4566', port),
  );
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return String(port);
}

/** The terminal of its own. */
async function startLocalCloud(command: string): Promise<void> {
  local = spawn('sh', ['-c', command], { cwd: clone, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  for await (const chunk of local.stdout!) {
    printed += chunk;
    if (printed.includes('Ctrl-C')) return;
  }
  throw new Error(`the local cloud ended:\n${printed}`);
}

it('leads from a clone to a deployed fleet, word for word', async () => {
  const port = await freePort();
  const [install, ...rest] = blocks('sh', port);
  expect(install).toBe('npm ci\n');
  const shop = blocks('yaml', port)[0]!;
  expect(shop).toContain('Europe/Berlin');
  writeFileSync(join(clone, 'shop.yaml'), shop.replace('Europe/Berlin', nightZone()));
  writeFileSync(join(clone, 'shop.sh'), blocks('bash', port)[0]!);
  const cloud = rest.findIndex((text) => text.includes('npm run local'));
  await startLocalCloud(rest[cloud]!);
  const typed = rest.toSpliced(cloud, 1).join('');
  const { stdout } = await promisify(execFile)('sh', ['-ec', typed], {
    cwd: clone,
    env: { PATH: process.env['PATH'], HOME: clone, CI: '1' },
    maxBuffer: 64e6,
  }).catch((failed) => {
    throw new Error(`${failed.stdout}\n${failed.stderr}`);
  });
  for (const sentence of [
    /shop\.yaml: fleet shop, 1 group, no mistake/,
    /09:00 – 17:00 {2}web {2}office {2}\+1/,
    /✓ {2}drift +web is as the fleet file says/,
    /web 1 → 2: \+1 by \S+ \(radio interview\) until \d\d:\d\d/,
    /web can grow: i-\w+ came and was given back\./,
    /\[~\] AWS::AutoScaling::AutoScalingGroup.*\n.*MaxSize\n.*\[-\] 4\n.*\[\+\] 6/,
    /web {2}2 desired, 2 in service, 1 to 6\n[\s\S]*granted \S+ 1/,
  ])
    expect(stdout).toMatch(sentence);
});
