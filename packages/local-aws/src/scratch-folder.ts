import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let root: string | undefined;

/** Makes a folder for files that nobody needs once the process has ended; it is gone then, if its owner has not removed it before. */
export function scratchFolder(prefix: string): string {
  root ??= makeRoot();
  return mkdtempSync(join(root, `${prefix}-`));
}

function makeRoot(): string {
  // Without symbolic links: a permission for a path is none for another name of the same file.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rushhour-local-')));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
