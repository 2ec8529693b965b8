import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { sharedWork } from './shared-work.ts';

const root = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Somebody with the machine's own Node, npm, an empty home, the package as an archive, and nothing of this repository. */
export class Stranger implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'rushhour-stranger-'));
  readonly archive = join(this.folder, `rushhour-${version}.tgz`);
  /** What was exported, besides. */
  readonly environment: Record<string, string> = {};
  /** Where its commands are found: nothing of this repository's. */
  path: readonly string[] = process.env['PATH']!.split(delimiter).filter(
    (place) => !place.includes('node_modules'),
  );
  #local: ChildProcess | undefined;

  /** Builds the package and makes its archive. */
  async pack(): Promise<void> {
    await this.run(root, process.execPath, ['build/package.ts', '--out', join(this.folder, 'package')]);
    await this.run(this.folder, 'npm', ['pack', './package', '--pack-destination', this.folder]);
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
    const local = spawn('sh', ['-c', command], {
      ...{ cwd, env: this.#bare(), detached: true, stdio: ['ignore', 'pipe', 'inherit'] },
    });
    this.#local = local;
    let printed = '';
    for await (const chunk of local.stdout) {
      printed += chunk;
      if (printed.includes('Ctrl-C')) return;
    }
    throw new Error(`the local cloud ended:\n${printed}`);
  }

  [Symbol.dispose](): void {
    if (this.#local?.pid) process.kill(-this.#local.pid);
    rmSync(this.folder, { recursive: true, force: true });
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

/** A port that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
