import { existsSync, writeFileSync } from 'node:fs';
import { exitCodes, Failure } from '../failure.ts';
import type { NativeGroup } from '../take-over/native-group.ts';

/** What `take-over` keeps, so that `remove` can give it back. */
interface NativeFile {
  readonly kind: 'rushhour native scaling';
  readonly region: string;
  readonly account: string;
  /** ISO-8601 */
  readonly takenAt: string;
  readonly groups: readonly NativeGroup[];
}

const kind = 'rushhour native scaling';

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
