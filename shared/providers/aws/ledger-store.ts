import { isDeepStrictEqual } from 'node:util';
import { type AttributeValue, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Ledger } from '../../domain/ledger.ts';
import type { LedgerStore } from '../../ports/ledger-store.ts';
import { readItems } from './read-items.ts';
import { isConditionFailed, toPortError } from './to-port-error.ts';

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
    const condition =
      expectedVersion === 0
        ? { ConditionExpression: 'attribute_not_exists(version)' }
        : {
            ConditionExpression: 'version = :expected',
            ExpressionAttributeValues: { ':expected': { N: String(expectedVersion) } },
          };
    const Item = marshall({ group, ...ledger }, { removeUndefinedValues: true });
    try {
      await this.#client.send(new PutItemCommand({ TableName: this.#table, Item, ...condition }));
      return 'written';
    } catch (error) {
      if (!isConditionFailed(error)) throw toPortError(`write the ledger of ${group}`, error);
      // When the first answer was lost on its way, the second attempt meets what the first has written.
      const retried = (error.$metadata?.attempts ?? 1) > 1;
      return retried && (await this.#holds(group, Item)) ? 'written' : 'lost';
    }
  }

  async #holds(group: string, item: Record<string, AttributeValue>): Promise<boolean> {
    const [stored] = await readItems(this.#client, this.#table, [group]);
    return isDeepStrictEqual(stored, unmarshall(item));
  }
}
