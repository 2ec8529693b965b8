import * as schemas from '@aws-sdk/client-dynamodb';
import type { CloudContext } from '../cloud-context.ts';
import {
  type AuthorizationTarget,
  type Operation,
  type ResourceType,
  type Service,
  ServiceError,
} from '../service.ts';
import { Tags } from '../tags.ts';
import { Expiry } from './expiry.ts';
import { dynamoDbResources } from './resources.ts';
import { Store } from './store.ts';

/** What dynalite does not keep of a table. */
interface TableSettings {
  readonly createdAt: Date;
  deletionProtected: boolean;
  sse: schemas.SSESpecification | undefined;
  pointInTimeRecovery: boolean;
}

/** Operations that dynalite does as they are, each on the table that it names. */
const passedOn = [
  'GetItem',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'Query',
  'Scan',
  'BatchGetItem',
  'BatchWriteItem',
];

/** Amazon DynamoDB: dynalite for the items, and around it what dynalite lacks. */
export class DynamoDb implements Service {
  readonly signingName = 'dynamodb';
  readonly schemas = schemas as unknown as Record<string, unknown>;
  readonly operations: Record<string, Operation>;
  readonly resources: readonly ResourceType[];
  readonly #cloud: CloudContext;
  readonly #store = new Store();
  readonly #settings = new Map<string, TableSettings>();
  readonly #tags = new Tags();
  readonly #expiry: Expiry;

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
    this.#expiry = new Expiry(cloud.eventQueue, this.#store);
    const items = passedOn.map((name): [string, Operation] => [name, (input) => this.#passOn(name, input)]);
    this.operations = {
      ...Object.fromEntries(items),
      ...this.#tableOperations(),
      ...this.#settingOperations(),
      ...this.#tagOperations(),
    };
    this.resources = dynamoDbResources(cloud, this.operations);
  }

  authorization(operation: string, input: Record<string, unknown>): AuthorizationTarget[] {
    const action = `dynamodb:${operation}`;
    const { TableName, ResourceArn, IndexName, RequestItems } = input;
    const arns = RequestItems
      ? Object.keys(RequestItems).map((name) => this.#arnOf(name))
      : [typeof ResourceArn === 'string' ? ResourceArn : TableName ? this.#arnOf(String(TableName)) : '*'];
    return arns.map((arn) => ({
      action,
      resources: [IndexName ? `${arn}/index/${IndexName}` : arn],
      conditions: this.#tags.conditions(arn),
    }));
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  #arnOf(table: string): string {
    return table.startsWith('arn:')
      ? table
      : `arn:aws:dynamodb:${this.#cloud.region}:${this.#cloud.account}:table/${table}`;
  }

  async #passOn(operation: string, input: Record<string, unknown>): Promise<unknown> {
    const named =
      input['TableName'] === undefined ? input : { ...input, TableName: nameOf(String(input['TableName'])) };
    try {
      return await this.#store.perform(operation, named);
    } catch (error) {
      const wantsItem = input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
      const failed = error instanceof ServiceError && error.code === 'ConditionalCheckFailedException';
      if (!failed || !wantsItem) throw error;
      const Item = await this.#itemOf(named as { TableName: string });
      throw new ServiceError(error.code, error.message, error.status, { Item });
    }
  }

  /** The item that a write was about, which dynalite does not hand out when its condition fails. */
  async #itemOf(input: {
    TableName: string;
    Key?: object;
    Item?: Record<string, unknown>;
  }): Promise<unknown> {
    const { TableName, Key } = input;
    const table = await this.#describe(TableName);
    const keys = table.KeySchema!.map(({ AttributeName }) => [AttributeName, input.Item?.[AttributeName!]]);
    const query = { TableName, Key: Key ?? Object.fromEntries(keys), ConsistentRead: true };
    return (await this.#store.perform<schemas.GetItemOutput>('GetItem', query)).Item;
  }

  #tableOperations(): Record<string, Operation> {
    return {
      CreateTable: async (input: schemas.CreateTableInput) => {
        const { DeletionProtectionEnabled, SSESpecification, Tags: tags, ...rest } = input;
        const { TableClass: _, StreamSpecification: __, ...known } = rest;
        // dynalite refuses it too, but without a word.
        if (this.#settings.has(input.TableName!)) {
          throw new ServiceError('ResourceInUseException', `Table already exists: ${input.TableName}`);
        }
        const output = await this.#store.perform<schemas.CreateTableOutput>('CreateTable', known);
        this.#settings.set(input.TableName!, {
          createdAt: new Date(this.#cloud.eventQueue.now()),
          deletionProtected: DeletionProtectionEnabled ?? false,
          sse: SSESpecification,
          pointInTimeRecovery: false,
        });
        this.#tags.set(this.#arnOf(input.TableName!), tags ?? []);
        return { TableDescription: this.#complete(output.TableDescription!) };
      },
      DescribeTable: async (input) => ({ Table: await this.#describe(nameOf(input.TableName)) }),
      ListTables: (input) => this.#store.perform('ListTables', input),
      UpdateTable: (input) => this.#updateTable(input),
      DeleteTable: async (input) => {
        const name = nameOf(input.TableName);
        if (this.#settings.get(name)?.deletionProtected) {
          throw new ServiceError(
            'ValidationException',
            'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
          );
        }
        const output = await this.#store.perform<schemas.DeleteTableOutput>('DeleteTable', {
          TableName: name,
        });
        const TableDescription = this.#complete(output.TableDescription!);
        this.#settings.delete(name);
        this.#tags.delete(this.#arnOf(name));
        this.#expiry.disable(name);
        return { TableDescription };
      },
    };
  }

  async #updateTable(input: schemas.UpdateTableInput): Promise<schemas.UpdateTableOutput> {
    const { DeletionProtectionEnabled, SSESpecification, TableClass: _, ...rest } = input;
    const name = nameOf(input.TableName!);
    await this.#describe(name);
    const settings = this.#settings.get(name)!;
    settings.deletionProtected = DeletionProtectionEnabled ?? settings.deletionProtected;
    settings.sse = SSESpecification ?? settings.sse;
    // dynalite takes an update of nothing that it knows for a mistake.
    if (rest.BillingMode || rest.ProvisionedThroughput || rest.GlobalSecondaryIndexUpdates) {
      await this.#store.perform('UpdateTable', { ...rest, TableName: name });
    }
    return { TableDescription: await this.#describe(name) };
  }

  #settingOperations(): Record<string, Operation> {
    return {
      UpdateTimeToLive: async ({ TableName, TimeToLiveSpecification }: schemas.UpdateTimeToLiveInput) => {
        const name = nameOf(TableName!);
        await this.#describe(name);
        const { Enabled, AttributeName } = TimeToLiveSpecification!;
        if (Enabled) this.#expiry.enable(name, AttributeName!);
        else this.#expiry.disable(name);
        return { TimeToLiveSpecification };
      },
      DescribeTimeToLive: async (input) => {
        await this.#describe(nameOf(input.TableName));
        const AttributeName = this.#expiry.attributeOf(nameOf(input.TableName));
        const TimeToLiveStatus = AttributeName ? 'ENABLED' : 'DISABLED';
        return { TimeToLiveDescription: { TimeToLiveStatus, AttributeName } };
      },
      UpdateContinuousBackups: async (input: schemas.UpdateContinuousBackupsInput) => {
        const settings = await this.#settingsOf(input.TableName!);
        settings.pointInTimeRecovery = input.PointInTimeRecoverySpecification!.PointInTimeRecoveryEnabled!;
        return { ContinuousBackupsDescription: continuousBackups(settings) };
      },
      DescribeContinuousBackups: async (input) => ({
        ContinuousBackupsDescription: continuousBackups(await this.#settingsOf(input.TableName)),
      }),
    };
  }

  #tagOperations(): Record<string, Operation> {
    return {
      TagResource: (input: schemas.TagResourceInput) => this.#tags.set(input.ResourceArn!, input.Tags!),
      UntagResource: (input: schemas.UntagResourceInput) =>
        this.#tags.remove(input.ResourceArn!, input.TagKeys!),
      ListTagsOfResource: (input: schemas.ListTagsOfResourceInput) => ({
        Tags: this.#tags.of(input.ResourceArn!),
      }),
    };
  }

  async #settingsOf(table: string): Promise<TableSettings> {
    await this.#describe(nameOf(table));
    return this.#settings.get(nameOf(table))!;
  }

  async #describe(TableName: string): Promise<schemas.TableDescription> {
    const { Table } = await this.#store.perform<schemas.DescribeTableOutput>('DescribeTable', { TableName });
    return this.#complete(Table!);
  }

  #complete(table: schemas.TableDescription): schemas.TableDescription {
    const settings = this.#settings.get(table.TableName!);
    const TableArn = this.#arnOf(table.TableName!);
    return {
      ...table,
      TableArn,
      CreationDateTime: settings?.createdAt ?? new Date(this.#cloud.eventQueue.now()),
      DeletionProtectionEnabled: settings?.deletionProtected ?? false,
      ...(settings?.sse?.Enabled
        ? { SSEDescription: { Status: 'ENABLED' as const, SSEType: settings.sse.SSEType ?? 'KMS' } }
        : {}),
      ...(table.GlobalSecondaryIndexes
        ? {
            GlobalSecondaryIndexes: table.GlobalSecondaryIndexes.map((index) => ({
              ...index,
              IndexArn: `${TableArn}/index/${index.IndexName}`,
            })),
          }
        : {}),
    };
  }
}

function continuousBackups(settings: TableSettings): schemas.ContinuousBackupsDescription {
  const PointInTimeRecoveryStatus = settings.pointInTimeRecovery ? 'ENABLED' : 'DISABLED';
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus },
  };
}

/** Tables may be given by name or by ARN. */
function nameOf(table: string): string {
  return table.slice(table.lastIndexOf('/') + 1);
}
