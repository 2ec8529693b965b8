import type { AttributeValue, DescribeTableOutput, ScanOutput } from '@aws-sdk/client-dynamodb';
import type { EventQueue } from '../service.ts';
import type { Store } from './store.ts';

/** DynamoDB promises to delete expired items within a few days; here it is at most one. */
const roundMs = 24 * 60 * 60 * 1000;

/** Time to live: deletes items whose attribute holds an instant (epoch seconds) that has passed. */
export class Expiry {
  readonly #eventQueue: EventQueue;
  readonly #store: Store;
  readonly #attributes = new Map<string, string>();

  constructor(eventQueue: EventQueue, store: Store) {
    this.#eventQueue = eventQueue;
    this.#store = store;
  }

  enable(table: string, attribute: string): void {
    const isNew = !this.#attributes.has(table);
    this.#attributes.set(table, attribute);
    if (isNew) this.#scheduleRound(table);
  }

  disable(table: string): void {
    this.#attributes.delete(table);
  }

  attributeOf(table: string): string | undefined {
    return this.#attributes.get(table);
  }

  #scheduleRound(table: string): void {
    this.#eventQueue.at(this.#eventQueue.now() + roundMs, `expiry of ${table}`, async () => {
      const attribute = this.#attributes.get(table);
      if (!attribute) return;
      await this.#deleteExpired(table, attribute);
      this.#scheduleRound(table);
    });
  }

  async #deleteExpired(TableName: string, attribute: string): Promise<void> {
    const { Table } = await this.#store.perform<DescribeTableOutput>('DescribeTable', { TableName });
    const keys = Table!.KeySchema!.map(({ AttributeName }) => AttributeName!);
    const nowSeconds = Math.floor(this.#eventQueue.now() / 1000);
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const page = await this.#store.perform<ScanOutput>('Scan', {
        TableName,
        ExclusiveStartKey,
        FilterExpression: '#expires <= :now',
        ExpressionAttributeNames: { '#expires': attribute },
        ExpressionAttributeValues: { ':now': { N: String(nowSeconds) } },
      });
      for (const item of page.Items ?? []) {
        const Key = Object.fromEntries(keys.map((key) => [key, item[key]!]));
        await this.#store.perform('DeleteItem', { TableName, Key });
      }
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
  }
}
