import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { exitCodes, Failure } from '../failure.ts';
import type { NativeGroup } from '../take-over/native-group.ts';
import type { NativeService } from '../take-over/native-service.ts';

/** What `take-over` keeps, so that `remove` can give it back. */
export interface NativeFile {
  readonly kind: 'rushhour native scaling';
  readonly region: string;
  readonly account: string;
  /** ISO-8601 */
  readonly takenAt: string;
  readonly groups: readonly NativeGroup[];
  /** Of ECS. */
  readonly services: readonly NativeService[];
}

const kind = 'rushhour native scaling';
/** In a file an instant is text. */
const instants: ReadonlySet<string> = new Set(['StartTime', 'EndTime', 'Time', 'CreatedTime']);

/** @throws Failure when there is something of this name: nothing is ever overwritten */
export function assertFree(file: string, option: string): void {
  if (!existsSync(file)) return;
  throw new Failure(`${file} is there already, and left as it is.`, {
    advice: `Move it away, or name another: ${option} FILE`,
    exitCode: exitCodes.misused,
  });
}

export function writeNative(file: string, content: Omit<NativeFile, 'kind'>): void {
  writeFileSync(file, `${JSON.stringify({ kind, ...content }, null, 2)}\n`, { flag: 'wx' });
}

/** @throws Failure when it is no such file */
export function readNativeFile(file: string): NativeFile {
  const refused = (what: string, cause?: unknown) =>
    new Failure(what, {
      advice:
        'Expected the file that rushhour take-over has kept: taken-over.json, or what its --keep named.',
      exitCode: exitCodes.misused,
      cause,
    });
  let content: NativeFile;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'), (key, value) =>
      instants.has(key) && typeof value === 'string' ? new Date(value) : value,
    );
  } catch (cause) {
    throw refused(
      cause instanceof SyntaxError ? `${file} is no JSON: ${cause.message}` : `There is no ${file} to read.`,
      cause,
    );
  }
  const isOne = content?.kind === kind && Array.isArray(content.groups) && Array.isArray(content.services);
  if (!isOne) throw refused(`${file} holds no native scaling that was taken over.`);
  return content;
}
