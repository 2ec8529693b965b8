import { execFile } from 'node:child_process';

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real executable, as a person would, in the repository's folder. */
export function rushhour(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment };
  return new Promise((resolve) => {
    execFile('cli/rushhour.sh', args, { env, maxBuffer: 64e6 }, (error, stdout, stderr) =>
      resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}
