import { readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratchFolder } from '../scratch-folder.ts';
import { sandboxParts } from './sandbox-parts.ts';

const sandbox = new URL('./sandbox.ts', import.meta.url);

export interface SandboxProgram {
  readonly main: string;
  /** All that it consists of. */
  readonly files: readonly string[];
}

let program: SandboxProgram | undefined;

/**
 * The program of every environment. Of sources the types are taken out once, here: a process that does it for itself needs
 * 17 MB and 90 ms more, and a fleet's day starts dozens.
 */
export function sandboxProgram(): SandboxProgram {
  program ??= programOf([sandbox, ...sandboxParts].map((file) => fileURLToPath(file)));
  return program;
}

function programOf(sources: readonly string[]): SandboxProgram {
  const [main] = sources;
  // In a bundle it is one file, without types.
  if (!main!.endsWith('.ts')) return { main: main!, files: sources };
  const folder = scratchFolder('sandbox');
  const files = sources.map((source) => {
    const file = join(folder, basename(source, '.ts').concat('.mjs'));
    writeFileSync(file, flattened(withoutTypes(readFileSync(source, 'utf8'))));
    return file;
  });
  return { main: files[0]!, files };
}

/** They lie side by side now. */
function flattened(code: string): string {
  return code.replaceAll(/from '\.[^']*?([^'/]+)\.ts'/g, "from './$1.mjs'");
}

/** Node warns that this may change; the version that is used is the repository's own. */
function withoutTypes(code: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(code);
  } finally {
    process.emitWarning = emitWarning;
  }
}
