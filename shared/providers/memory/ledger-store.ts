import type { Ledger } from '../../domain/ledger.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import { pick } from './pick.ts';

/** Ledgers are never changed in place, so the store can hold and hand out the very objects. */
export class MemoryLedgerStore implements LedgerStore {
  readonly #ledgers = new Map<string, Ledger>();

  async read(groups: readonly string[]): Promise<ReadonlyMap<string, Ledger>> {
    return pick(this.#ledgers, groups);
  }

  async write(group: string, ledger: Ledger, expectedVersion: number): Promise<'written' | 'lost'> {
    if ((this.#ledgers.get(group)?.version ?? 0) !== expectedVersion) return 'lost';
    this.#ledgers.set(group, ledger);
    return 'written';
  }

  /** As when somebody deletes the item. */
  lose(group: string): void {
    this.#ledgers.delete(group);
  }
}
