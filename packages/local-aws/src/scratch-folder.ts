import { lstatSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folders of processes of this machine, and of no container that shares its temporary files, begin like this. */
const ours = `rushhour-local-${hostname()}-`;

let root: string | undefined;

/**
 * Makes a folder for files that nobody needs once the process has ended; it is gone then, if its owner has not removed it before.
 * What processes that were killed have left behind is removed, too.
 */
export function scratchFolder(prefix: string): string {
  root ??= makeRoot();
  return mkdtempSync(join(root, `${prefix}-`));
}

function makeRoot(): string {
  // Without symbolic links: a permission for a path is none for another name of the same file.
  const parent = realpathSync(tmpdir());
  removeLeftovers(parent);
  const folder = mkdtempSync(join(parent, `${ours}${process.pid}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function removeLeftovers(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = name.startsWith(ours) ? /^(\d+)-/.exec(name.slice(ours.length))?.[1] : undefined;
    if (pid === undefined || !isGone(Number(pid))) continue;
    const folder = join(parent, name);
    try {
      const { uid } = lstatSync(folder);
      if (uid === (process.getuid?.() ?? uid)) rmSync(folder, { recursive: true, force: true });
    } catch {
      // Somebody else removes it, too.
    }
  }
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
