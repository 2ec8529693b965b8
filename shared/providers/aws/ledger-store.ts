import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Ledger } from '../../domain/ledger.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import { readItems } from './read-items.ts';
import { writeVersioned } from './write-versioned.ts';

/** One DynamoDB item per group, read consistently and written conditionally. */
export class AwsLedgerStore implements LedgerStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async read(groups: readonly string[]): Promise<ReadonlyMap<string, Ledger>> {
    const items = await readItems(this.#client, this.#table, groups);
    return new Map(items.map(({ group, ...ledger }) => [group as string, ledger as unknown as Ledger]));
  }

  async write(group: string, ledger: Ledger, expectedVersion: number): Promise<'written' | 'lost'> {
    const what = `write the ledger of ${group}`;
    const item = { group, ...ledger };
    return (await writeVersioned(this.#client, this.#table, what, item, expectedVersion))
      ? 'written'
      : 'lost';
  }
}
