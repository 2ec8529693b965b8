import type { Ledger } from '../domain/ledger.ts';

export interface LedgerStore {
  /** By group name; a group without an entry was never met. */
  read(groups: readonly string[]): Promise<ReadonlyMap<string, Ledger>>;
  /** Writes if the stored version is still `expectedVersion` (0: none stored). Losing is an answer, not an error. */
  write(group: string, ledger: Ledger, expectedVersion: number): Promise<'written' | 'lost'>;
}
