import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';

/** A file that the fleet file names cannot be used; the message says what was expected of it. */
export class UnusableFile extends Error {
  override readonly name = 'UnusableFile';
}

/** What EC2 takes as user data, before it is encoded: no file that a fleet file names can be of use and larger. */
export const mostFileBytes = 16 * 1024;

const outside = "expected a file in the fleet file's folder: others would be copied into the template";

/**
 * The text of a file that a fleet file names. The author of a fleet file is not always the one who synthesizes it, and what is
 * read ends in a template: so only a regular file below the fleet file's folder is, even through links, and none
 * that is hidden (`.env`, `.git/config`, `.aws/credentials` are no scripts).
 * @param mostBytes of a file that does not end in user data
 * @throws UnusableFile
 */
export function readBeside(folder: string, path: string, mostBytes = mostFileBytes): string {
  if (!isBelow(resolve(folder), resolve(folder, path))) throw new UnusableFile(outside);
  const real = realPath(folder, path);
  const file = open(real);
  try {
    if (!fstatSync(file).isFile()) throw new UnusableFile('expected a regular file');
    return textOf(file, mostBytes);
  } finally {
    closeSync(file);
  }
}

/** @throws UnusableFile when it is not there, or elsewhere, or hidden */
function realPath(folder: string, path: string): string {
  const real = attempt(() => realpathSync(resolve(folder, path)));
  const home = realpathSync(folder);
  if (!isBelow(home, real)) throw new UnusableFile(outside);
  if (relative(home, real).split(sep).some(isHidden))
    throw new UnusableFile('expected a file that is not hidden: those hold settings and secrets');
  // Should the folder be the root of all: what the kernel shows there looks like regular files.
  if (/^\/(proc|sys|dev)\//.test(real)) throw new UnusableFile('expected a regular file');
  return real;
}

function isBelow(folder: string, file: string): boolean {
  const way = relative(folder, file);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function isHidden(segment: string): boolean {
  return segment.startsWith('.');
}

/** A pipe would be waited for, and a link that was put there since would be followed: neither is. */
function open(real: string): number {
  return attempt(() => openSync(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK));
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    const expected = missing ? 'that is there' : `that can be read (${code})`;
    throw new UnusableFile(`expected a file ${expected}, named from the fleet file's folder`, { cause });
  }
}

function textOf(file: number, mostBytes: number): string {
  // Not by its size: some files grow, and some do not know theirs.
  const bytes = Buffer.alloc(mostBytes + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length < bytes.length; length += read)
    read = readSync(file, bytes, length, bytes.length - length, null);
  if (length > mostBytes)
    throw new UnusableFile(
      mostBytes === mostFileBytes
        ? `expected at most ${mostBytes} bytes, which EC2 takes: have it fetch the rest`
        : `expected at most ${mostBytes} bytes`,
    );
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length));
  } catch (cause) {
    throw new UnusableFile('expected text in UTF-8', { cause });
  }
}
