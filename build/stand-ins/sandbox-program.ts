import { fileURLToPath } from 'node:url';
import type { SandboxProgram } from '../../packages/local-aws/src/lambda/sandbox-program.ts';

/** The sandbox is one file here, without types. */
export function sandboxProgram(): SandboxProgram {
  const main = fileURLToPath(new URL('sandbox.js', import.meta.url));
  return { main, files: [main] };
}
