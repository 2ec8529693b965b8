import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';

const scratch = mkdtempSync(join(tmpdir(), 'rushhour-start-up-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const mistaken = join(scratch, 'mistaken.yaml');
writeFileSync(mistaken, readFileSync('fleet.yaml', 'utf8').replace('minSize: 3', 'minSise: 3'));

const taken = createServer();
taken.listen(0, '127.0.0.1');
await once(taken, 'listening');
const takenPort = String((taken.address() as AddressInfo).port);
afterAll(() => taken.close());

/** Starts a program as `npm` does, with a folder of its own for what it needs on the way. */
function start(program: string, args: readonly string[]) {
  return spawn(process.execPath, [`local/${program}.ts`, ...args], {
    env: { ...process.env, TMPDIR: scratch, FLEET: 'fleet.yaml' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(program: string, args: readonly string[]) {
  const child = start(program, args);
  const [output, complaint, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number]>,
  ]);
  return { output, complaint, exitCode };
}

describe.each(['start', 'local'])('npm run %s', (program) => {
  it.each([
    ['an option that does not exist', ['--sped', '2'], /Unknown option '--sped'/],
    ['a port that is none', ['--port', '80a'], /--port: expected a number from 0 to 65535, found '80a'/],
    ['a port that is in use', ['--port', takenPort], new RegExp(`Port ${takenPort} is in use`)],
    ['a fleet file that is not there', ['--fleet', 'no.yaml'], /There is no fleet file no\.yaml to read/],
    ['a fleet file with a mistake', ['--fleet', mistaken], /mistaken\.yaml has a mistake/],
  ])('says in a sentence what is wrong with %s', async (_, args, sentence) => {
    const { complaint, exitCode } = await run(program, args);
    expect(complaint).toMatch(sentence);
    expect(complaint).toMatch(/--help says how to use it/);
    expect(complaint).not.toMatch(/^ +at /m);
    expect(exitCode).toBe(1);
  });

  it('helps', async () => {
    const { output, exitCode } = await run(program, ['--help']);
    expect(output).toMatch(/--fleet FILE/);
    expect(exitCode).toBe(0);
  });
});

describe('npm start', () => {
  it.each([
    ['a day that the calendar does not have', ['--day', '2026-02-30'], /--day: expected a day/],
    ['a log without a day', ['--trace', 'log.csv'], /--trace: expected --day YYYY-MM-DD with it/],
    ['a log that is not there', ['--trace', 'no.csv', '--day', '1998-07-01'], /there is no log no\.csv/],
    ['an empty name of a log', ['--trace', '', '--day', '1998-07-01'], /--trace: there is no log/],
    ['no folder to write into', ['--json', 'no/day.json'], /There is no folder no to write into/],
  ])('refuses %s before the day', async (_, args, sentence) => {
    const { complaint, exitCode } = await run('start', args);
    expect(complaint).toMatch(sentence);
    expect(exitCode).toBe(1);
  });

  it('leaves no files behind when it is interrupted', async () => {
    const child = start('start', ['--once']);
    const exited = once(child, 'exit');
    for await (const { filename } of watch(scratch)) if (filename?.startsWith('rushhour-local')) break;
    child.kill('SIGINT');
    const [exitCode] = await exited;
    expect(exitCode).toBe(130);
    expect(readdirSync(scratch).filter((name) => name.startsWith('rushhour-local'))).toEqual([]);
  });
});
