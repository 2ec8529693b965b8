import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const program = join(import.meta.dirname, 'write-functions.ts');
let built: string | undefined;

/**
 * The functions as they are deployed, but for the fleet: NAME/index.mjs, the SDK included, and NAME/NOTICES, the licences of what was
 * bundled. The code is the same for every fleet, so that one process builds it once. In the package they lie ready.
 *
 * BUILT_FUNCTIONS names a folder that many processes share: the first builds the functions there, which takes five seconds of a
 * processor, and the others take what lies there. Whoever changes the code removes it.
 * @returns a folder that is there until the process ends
 */
export function builtFunctions(): string {
  built ??= sharedFunctions(process.env['BUILT_FUNCTIONS']) ?? buildFor(tmpdir());
  return built;
}

function sharedFunctions(folder: string | undefined): string | undefined {
  if (!folder) return undefined;
  if (existsSync(folder)) return folder;
  const own = buildFor(dirname(folder));
  try {
    // The whole folder appears at once; whoever was slower keeps to what he built himself.
    renameSync(own, folder);
    return folder;
  } catch (error) {
    if (!existsSync(folder)) throw error;
    return own;
  }
}

/** @returns a folder in `place`, which goes with the process unless it gets another name */
function buildFor(place: string): string {
  const folder = mkdtempSync(join(place, 'rushhour-functions-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  // A construct is made at once, and the bundler's plugins are not: a process of its own waits for them.
  execFileSync(process.execPath, [program, folder], { stdio: ['ignore', 'inherit', 'inherit'] });
  return folder;
}
