import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';

const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'rushhour-scratch-test-')));
/** No system has so many processes: the largest id on 64 bits of Linux is below. */
const gone = 4_194_305;

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv('TMPDIR', temporary);
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(temporary, { recursive: true });
});

function left(name: string): string {
  const folder = join(temporary, name);
  mkdirSync(join(folder, 'tmp-1'), { recursive: true });
  writeFileSync(join(folder, 'tmp-1/file'), 'left');
  return folder;
}

async function made(): Promise<string> {
  const { scratchFolder } = await import('../src/scratch-folder.ts');
  return scratchFolder('assembly');
}

it('is a new folder at each call, below one of the process', async () => {
  const { scratchFolder } = await import('../src/scratch-folder.ts');
  const [one, other] = [scratchFolder('assembly'), scratchFolder('assembly')];
  expect(one).not.toBe(other);
  expect(dirname(one)).toBe(dirname(other));
  expect(existsSync(one)).toBe(true);
});

it('clears away what a process that was killed has left', async () => {
  const leftover = left(`rushhour-local-${hostname()}-${gone}-aB3xYz`);
  const folder = await made();
  expect(existsSync(leftover)).toBe(false);
  expect(existsSync(folder)).toBe(true);
});

it.each([
  ['a process that lives', `rushhour-local-${hostname()}-${process.ppid}-aB3xYz`],
  ['another machine, whose processes nobody here knows', `rushhour-local-elsewhere-${gone}-aB3xYz`],
  ['somebody else', `rushhour-scratch-${gone}-aB3xYz`],
])('leaves alone what belongs to %s', async (_, name) => {
  const folder = left(name);
  await made();
  expect(existsSync(folder)).toBe(true);
});
