import { gunzipSync, gzipSync } from 'node:zlib';
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Models } from '../../ports/models.ts';
import { readItems } from './read-items.ts';
import { toPortError } from './to-port-error.ts';

/** Models lie beside the ledgers, under keys that no group can have. */
const prefix = 'model#';

/**
 * What was learnt of each group, one item in the ledger's table. Only the learning function writes it. It is packed: a sweep
 * reads it every minute, an item may hold 400 kB, and reading is paid by size.
 */
export class AwsModels implements Models {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async read(groups: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    const keys = groups.map((group) => prefix + group);
    const items = await readItems(this.#client, this.#table, keys);
    return new Map(items.map(({ group, model }) => [(group as string).slice(prefix.length), unpack(model)]));
  }

  async write(group: string, model: unknown): Promise<void> {
    const Item = marshall({ group: prefix + group, model: gzipSync(JSON.stringify(model)) });
    try {
      await this.#client.send(new PutItemCommand({ TableName: this.#table, Item }));
    } catch (error) {
      throw toPortError(`write the model of ${group}`, error);
    }
  }
}

function unpack(model: unknown): unknown {
  return JSON.parse(gunzipSync(model as Uint8Array).toString());
}
