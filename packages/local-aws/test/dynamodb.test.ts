import {
  ConditionalCheckFailedException,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Endpoint } from '../src/endpoint.ts';
import { start, TestAccount } from './account.ts';

let account: TestAccount;
let endpoint: Endpoint;
let client: DynamoDBClient;
const TableName = 'ledger';

beforeEach(async () => {
  account = new TestAccount();
  endpoint = new Endpoint(account.cloud);
  client = new DynamoDBClient({
    endpoint: await endpoint.listen(),
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'test' },
  });
});

afterEach(async () => {
  client.destroy();
  await endpoint.close();
  await account.cloud.close();
});

async function table(settings: object = {}): Promise<void> {
  await account.call('dynamodb', 'CreateTable', {
    TableName,
    AttributeDefinitions: [{ AttributeName: 'group', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'group', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    ...settings,
  });
  let status: string | undefined;
  while (status !== 'ACTIVE') {
    await new Promise((resolve) => setImmediate(resolve));
    status = (await account.call('dynamodb', 'DescribeTable', { TableName })).Table.TableStatus;
  }
}

describe('a table', () => {
  it('keeps items for a real client, binary ones too', async () => {
    await table();
    const Item = { group: { S: 'business' }, version: { N: '1' }, blob: { B: new Uint8Array([1, 2, 255]) } };
    await client.send(new PutItemCommand({ TableName, Item }));
    const found = await client.send(new GetItemCommand({ TableName, Key: { group: { S: 'business' } } }));
    expect(found.Item).toEqual(Item);
  });

  it('tells who loses a conditional write what is there', async () => {
    await table();
    const Item = { group: { S: 'business' }, version: { N: '2' } };
    await client.send(new PutItemCommand({ TableName, Item }));
    const late = new PutItemCommand({
      TableName,
      Item: { group: { S: 'business' }, version: { N: '9' } },
      ConditionExpression: 'version = :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const error = await client.send(late).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect((error as ConditionalCheckFailedException).Item).toEqual(Item);
  });

  it('is described with its own ARN and on the cloud’s own clock', async () => {
    await table({ SSESpecification: { Enabled: true } });
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({
      TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/ledger',
      CreationDateTime: new Date(start),
      SSEDescription: { Status: 'ENABLED' },
    });
  });

  it('is not made twice, and the refusal says which table is meant', async () => {
    await table();
    await expect(table()).rejects.toMatchObject({
      name: 'ResourceInUseException',
      message: 'Table already exists: ledger',
    });
  });

  it('cannot be deleted while it is protected', async () => {
    await table({ DeletionProtectionEnabled: true });
    const remove = () => account.call('dynamodb', 'DeleteTable', { TableName });
    await expect(remove()).rejects.toThrow('protected against deletion');
    await account.call('dynamodb', 'UpdateTable', { TableName, DeletionProtectionEnabled: false });
    await remove();
  });

  it('forgets expired items within a day, and no others', async () => {
    await table();
    await account.call('dynamodb', 'UpdateTimeToLive', {
      TableName,
      TimeToLiveSpecification: { Enabled: true, AttributeName: 'expires' },
    });
    const put = (group: string, expires?: number) =>
      account.call('dynamodb', 'PutItem', {
        TableName,
        Item: { group: { S: group }, ...(expires ? { expires: { N: String(expires) } } : {}) },
      });
    await put('old', start / 1000 + 3600);
    await put('young', start / 1000 + 48 * 3600);
    await put('eternal');
    await account.pass(24 * 3600);
    const { Items } = await account.call('dynamodb', 'Scan', { TableName });
    expect(Items.map(({ group }: { group: { S: string } }) => group.S).sort()).toEqual(['eternal', 'young']);
  });

  it('says which table a call needs the permission for', async () => {
    await table();
    account.statements = [
      { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: 'arn:aws:dynamodb:*:*:table/ledger' },
    ];
    const session = account.cloud.credentials.issue('arn:aws:iam::000000000000:role/r', 's');
    const role = account.cloud.credentials.principalOf(session.AccessKeyId)!;
    const read = (name: string) =>
      account.cloud.call('dynamodb', 'GetItem', { TableName: name, Key: { group: { S: 'x' } } }, role);
    await read('ledger');
    await expect(read('activities')).rejects.toThrow(
      'dynamodb:GetItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/activities',
    );
  });
});
