import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { sharedWork } from './shared-work.ts';

const root = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** In the folder of this run of the tests: whoever needs the package first builds it. */
const packed = join(tmpdir(), 'rushhour-packed');

/** Somebody with the machine's own Node, npm, an empty home, the package as an archive, and nothing of this repository. */
export class Stranger implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'rushhour-stranger-'));
  readonly archive = join(packed, `rushhour-${version}.tgz`);
  /** What was exported, besides. */
  readonly environment: Record<string, string> = {};
  /** Where its commands are found: nothing of this repository's. */
  path: readonly string[] = process.env['PATH']!.split(delimiter).filter(
    (place) => !place.includes('node_modules'),
  );
  #local: ChildProcess | undefined;

  /** Builds the package and makes its archive, unless another file of this run has. */
  async pack(): Promise<void> {
    if (existsSync(this.archive)) return;
    await this.run(root, process.execPath, ['build/package.ts', '--out', join(this.folder, 'package')]);
    await this.run(this.folder, 'npm', ['pack', './package', '--pack-destination', this.folder]);
    mkdirSync(packed, { recursive: true });
    renameSync(join(this.folder, basename(this.archive)), this.archive);
  }

  /** @returns all that was printed @throws Error with it, when the command fails */
  async run(cwd: string, command: string, args: readonly string[]): Promise<string> {
    const { stdout, stderr } = await this.outputOf(cwd, command, args);
    return stdout + stderr;
  }

  /** Words are split at spaces. */
  npx(cwd: string, line: string): Promise<string> {
    return this.run(cwd, 'npx', line.split(' '));
  }

  outputOf(
    cwd: string,
    command: string,
    args: readonly string[],
  ): Promise<{ stdout: string; stderr: string }> {
    const env = { ...this.#bare(), ...this.environment };
    return promisify(execFile)(command, args, { cwd, env, maxBuffer: 64e6 }).catch((failed) => {
      throw new Error(`${command} ${args.join(' ')}\n${failed.stdout}\n${failed.stderr}`);
    });
  }

  /** The terminal that the local cloud has for itself, until the end. @returns when it is up */
  async startLocalCloud(cwd: string, command: string): Promise<void> {
    this.#local = this.#terminal(cwd, command);
    await printedUntil(this.#local, /Ctrl-C/);
  }

  /** Ends the command, with a signal, once it has printed this. @throws Error with all that it printed, when it ends before */
  async seesAndEnds(cwd: string, command: string, sentence: RegExp): Promise<void> {
    const running = this.#terminal(cwd, command);
    const exited = once(running, 'exit');
    await printedUntil(running, sentence);
    process.kill(-running.pid!);
    await exited;
  }

  [Symbol.dispose](): void {
    if (this.#local?.pid) process.kill(-this.#local.pid);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #terminal(cwd: string, command: string) {
    return spawn('sh', ['-c', command], {
      ...{ cwd, env: this.#bare(), detached: true, stdio: ['ignore', 'pipe', 'inherit'] },
    });
  }

  #bare(): NodeJS.ProcessEnv {
    return {
      ...sharedWork(),
      ...{ PATH: this.path.join(delimiter), HOME: this.folder, CI: '1' },
      npm_config_cache: process.env['npm_config_cache'] ?? join(process.env['HOME']!, '.npm'),
      ...{ npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' },
    };
  }
}

async function printedUntil({ stdout }: ChildProcess, sentence: RegExp): Promise<void> {
  let printed = '';
  for await (const chunk of stdout!) {
    printed += chunk;
    if (sentence.test(printed)) return;
  }
  throw new Error(`it ended without ${sentence}:\n${printed}`);
}

/** A port that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
