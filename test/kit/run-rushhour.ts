import { execFile } from 'node:child_process';
import { resolve as resolvePath } from 'node:path';
import { sharedWork } from './shared-work.ts';

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real executable, as a person would, in the repository's folder or one of its folders, with `input` piped in. */
export function rushhour(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  { folder = '.', input = '' } = {},
): Promise<Ran> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, ...sharedWork(), ...environment };
  return new Promise((resolve) => {
    const options = { env, cwd: resolvePath(folder), maxBuffer: 64e6 };
    const child = execFile(resolvePath('cli/rushhour.sh'), args, options, (error, stdout, stderr) =>
      resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr }),
    );
    child.stdin!.end(input);
  });
}
