import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Instant } from '../../domain/observation.ts';
import { readItems } from '../aws/read-items.ts';
import { writeVersioned } from '../aws/write-versioned.ts';

/** They lie beside the ledgers, under keys that no group can have. */
const prefix = 'wanted#';

/** How many pods are wanted of a workload that nobody asks. */
export interface Wanted {
  readonly desired: number;
  /** Since when. */
  readonly since: Instant;
  /** Of them, those that counted as ready then. */
  readonly ready: number;
  /** 0: nothing was ever set. */
  readonly version: number;
}

/** One item a workload in the ledger's table, read consistently and written conditionally. */
export class WantedStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** @param names of groups, at their provider @throws PortError */
  async read(names: readonly string[]): Promise<ReadonlyMap<string, Wanted>> {
    const keys = names.map((name) => prefix + name);
    const items = await readItems(this.#client, this.#table, keys);
    return new Map(
      items.map(({ group, ...wanted }) => [
        (group as string).slice(prefix.length),
        wanted as unknown as Wanted,
      ]),
    );
  }

  /** @returns false: somebody has set it since that version @throws PortError */
  write(name: string, wanted: Wanted): Promise<boolean> {
    const what = `write how many pods of ${name} are wanted`;
    const item = { group: prefix + name, ...wanted };
    return writeVersioned(this.#client, this.#table, what, item, wanted.version - 1);
  }
}
