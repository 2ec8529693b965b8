import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = join(import.meta.dirname, 'write-functions.ts');
let built: string | undefined;

/**
 * The functions as they are deployed, but for the fleet: NAME/index.mjs, the SDK included, and NAME/NOTICES, the licences of what was
 * bundled. The code is the same for every fleet, so that one process builds it once. In the package they lie ready.
 * @returns a folder that is there until the process ends
 */
export function builtFunctions(): string {
  if (built === undefined) {
    built = mkdtempSync(join(tmpdir(), 'rushhour-functions-'));
    const folder = built;
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    // A construct is made at once, and the bundler's plugins are not: a process of its own waits for them.
    execFileSync(process.execPath, [program, folder], { stdio: ['ignore', 'inherit', 'inherit'] });
  }
  return built;
}
