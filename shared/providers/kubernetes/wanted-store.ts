import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Instant } from '../../domain/observation.ts';
import { readItems } from '../aws/read-items.ts';
import { isConditionFailed, toPortError } from '../aws/to-port-error.ts';

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
  async write(name: string, wanted: Wanted): Promise<boolean> {
    const before = wanted.version - 1;
    const condition =
      before === 0
        ? { ConditionExpression: 'attribute_not_exists(version)' }
        : {
            ConditionExpression: 'version = :before',
            ExpressionAttributeValues: { ':before': { N: `${before}` } },
          };
    const Item = marshall({ group: prefix + name, ...wanted });
    try {
      await this.#client.send(new PutItemCommand({ TableName: this.#table, Item, ...condition }));
      return true;
    } catch (error) {
      if (!isConditionFailed(error)) throw toPortError(`write how many pods of ${name} are wanted`, error);
      // When the first answer was lost on its way, the second attempt meets what the first has written.
      if ((error.$metadata?.attempts ?? 1) === 1) return false;
      const stored = (await this.read([name])).get(name);
      return (
        stored !== undefined &&
        (['desired', 'since', 'ready', 'version'] as const).every((key) => stored[key] === wanted[key])
      );
    }
  }
}
