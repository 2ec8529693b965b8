import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  type BatchGetItemCommandOutput,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { PortError } from '../../ports/port-error.ts';
import { backOff } from './back-off.ts';
import { batches } from './batches.ts';
import { toPortError } from './to-port-error.ts';

const maxRounds = 6;

type Item = Record<string, unknown>;

/** Items of a table by their key `group`, read consistently, 100 a call. @throws PortError */
export async function readItems(
  client: DynamoDBClient,
  table: string,
  groups: readonly string[],
): Promise<Item[]> {
  const items: Item[] = [];
  for (const batch of batches(groups, 100)) {
    const Keys = batch.map((group) => ({ group: { S: group } }));
    for (const item of await readBatch(client, table, Keys)) items.push(unmarshall(item));
  }
  return items;
}

/** DynamoDB may answer for some of the keys only; the rest is asked for again, after a pause. */
async function readBatch(client: DynamoDBClient, table: string, Keys: Record<string, AttributeValue>[]) {
  const items: Record<string, AttributeValue>[] = [];
  let rest: BatchGetItemCommandInput['RequestItems'] = { [table]: { Keys, ConsistentRead: true } };
  for (let round = 0; round < maxRounds; round++) {
    if (round > 0) await backOff(round);
    try {
      const page: BatchGetItemCommandOutput = await client.send(
        new BatchGetItemCommand({ RequestItems: rest }),
      );
      items.push(...(page.Responses?.[table] ?? []));
      rest = page.UnprocessedKeys;
    } catch (error) {
      throw toPortError(`read ${Keys.length} items of ${table}`, error);
    }
    if (!rest || Object.keys(rest).length === 0) return items;
  }
  throw new PortError('Throttled', `read ${Keys.length} items of ${table}: DynamoDB leaves keys unprocessed`);
}
