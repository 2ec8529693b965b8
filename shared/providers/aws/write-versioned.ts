import { isDeepStrictEqual } from 'node:util';
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { readItems } from './read-items.ts';
import { isConditionFailed, toPortError } from './to-port-error.ts';

/** An item by its key `group`, which counts its versions. */
interface Versioned {
  readonly group: string;
  readonly version: number;
}

/**
 * Writes an item if its version is still the one that was read.
 * @param what is tried, for the message
 * @param expectedVersion 0: there was none
 * @returns false: somebody has written another one meanwhile
 * @throws PortError
 */
export async function writeVersioned(
  client: DynamoDBClient,
  table: string,
  what: string,
  item: Versioned,
  expectedVersion: number,
): Promise<boolean> {
  const condition =
    expectedVersion === 0
      ? { ConditionExpression: 'attribute_not_exists(version)' }
      : {
          ConditionExpression: 'version = :expected',
          ExpressionAttributeValues: { ':expected': { N: String(expectedVersion) } },
        };
  const Item = marshall(item, { removeUndefinedValues: true });
  try {
    await client.send(new PutItemCommand({ TableName: table, Item, ...condition }));
    return true;
  } catch (error) {
    if (!isConditionFailed(error)) throw toPortError(what, error);
    // When the first answer was lost on its way, the second attempt meets what the first has written.
    if ((error.$metadata?.attempts ?? 1) === 1) return false;
    const [stored] = await readItems(client, table, [item.group]);
    return isDeepStrictEqual(stored, unmarshall(Item));
  }
}
