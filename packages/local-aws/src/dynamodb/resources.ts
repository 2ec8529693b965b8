import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { type Run, resourceRunner } from '../resource-runner.ts';
import type { Operation, ResourceContext, ResourceType } from '../service.ts';
import { tagList, tagsOf } from '../template-tags.ts';

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const attributes = z.array(
  z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
);
const timeToLive = z.strictObject({ AttributeName: z.string().optional(), Enabled: z.boolean() });
const pointInTimeRecovery = z.strictObject({
  PointInTimeRecoveryEnabled: z.boolean().optional(),
  RecoveryPeriodInDays: z.number().optional(),
});
const index = z.strictObject({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: z.strictObject({
    ProjectionType: z.string().optional(),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
});

const shared = {
  TableName: z.string().optional(),
  KeySchema: keySchema,
  AttributeDefinitions: attributes,
  BillingMode: z.literal('PAY_PER_REQUEST'),
  GlobalSecondaryIndexes: z.array(index).optional(),
  LocalSecondaryIndexes: z.array(index).optional(),
  TimeToLiveSpecification: timeToLive.optional(),
};

const tableProperties = z.strictObject({
  ...shared,
  DeletionProtectionEnabled: z.boolean().optional(),
  PointInTimeRecoverySpecification: pointInTimeRecovery.optional(),
  SSESpecification: z
    .strictObject({
      SSEEnabled: z.boolean(),
      SSEType: z.string().optional(),
      KMSMasterKeyId: z.string().optional(),
    })
    .optional(),
  TableClass: z.string().optional(),
  Tags: tagList.optional(),
});

const globalTableProperties = z.strictObject({
  ...shared,
  SSESpecification: z.strictObject({ SSEEnabled: z.boolean(), SSEType: z.string().optional() }).optional(),
  Replicas: z
    .array(
      z.strictObject({
        Region: z.string(),
        DeletionProtectionEnabled: z.boolean().optional(),
        PointInTimeRecoverySpecification: pointInTimeRecovery.optional(),
        SSESpecification: z.strictObject({ KMSMasterKeyId: z.string() }).optional(),
        TableClass: z.string().optional(),
        Tags: tagList.optional(),
      }),
    )
    .length(1, 'the local cloud is one region'),
});

type Table = z.output<typeof tableProperties>;
type GlobalTable = z.output<typeof globalTableProperties>;

/** The CloudFormation types of DynamoDB. */
export function dynamoDbResources(
  cloud: CloudContext,
  operations: Readonly<Record<string, Operation>>,
): ResourceType[] {
  const run = resourceRunner(cloud, operations);
  const table = tableType(run, (name) => `arn:aws:dynamodb:${cloud.region}:${cloud.account}:table/${name}`);
  const globalTable: ResourceType<GlobalTable> = {
    type: 'AWS::DynamoDB::GlobalTable',
    properties: globalTableProperties,
    create: (next, context) => table.create(asTable(next), context),
    update: (name, next, previous, context) => table.update(name, asTable(next), asTable(previous), context),
    delete: (name, properties, context) => table.delete(name, asTable(properties), context),
  };
  return [table, globalTable];
}

/** A global table with one replica is a table. */
function asTable({ Replicas, ...rest }: GlobalTable): Table {
  const { Region: _, SSESpecification: key, ...replica } = Replicas[0]!;
  const sse = rest.SSESpecification && { ...rest.SSESpecification, ...key };
  return { ...rest, ...replica, ...(sse ? { SSESpecification: sse } : {}) };
}

function tableType(run: Run, arnOf: (name: string) => string): ResourceType<Table> {
  const resource = (name: string) => ({ physicalId: name, attributes: { Arn: arnOf(name), TableId: name } });
  const create = async (next: Table, context: ResourceContext) => {
    const name = next.TableName ?? context.physicalName(255);
    const {
      TimeToLiveSpecification: _,
      PointInTimeRecoverySpecification: __,
      SSESpecification,
      ...rest
    } = next;
    const Tags = tagsOf(next, context);
    await run('CreateTable', { ...rest, TableName: name, Tags, SSESpecification: sseOf(SSESpecification) });
    await becomesActive(run, name);
    await applySettings(run, name, next);
    return resource(name);
  };
  return {
    type: 'AWS::DynamoDB::Table',
    properties: tableProperties,
    create,
    async update(name, next, previous, context) {
      const fixed = (table: Table) =>
        JSON.stringify([
          table.TableName,
          table.KeySchema,
          table.LocalSecondaryIndexes,
          table.GlobalSecondaryIndexes,
        ]);
      if (fixed(next) !== fixed(previous)) return create(next, context);
      const { DeletionProtectionEnabled = false } = next;
      const SSESpecification = sseOf(next.SSESpecification);
      await run('UpdateTable', { TableName: name, DeletionProtectionEnabled, SSESpecification });
      await applySettings(run, name, next);
      const Tags = tagsOf(next, context);
      const kept = new Set(Tags.map(({ Key }) => Key));
      const TagKeys = tagsOf(previous, context).flatMap(({ Key }) => (kept.has(Key) ? [] : [Key]));
      await run('UntagResource', { ResourceArn: arnOf(name), TagKeys });
      await run('TagResource', { ResourceArn: arnOf(name), Tags });
      return resource(name);
    },
    delete: async (name) => void (await run('DeleteTable', { TableName: name })),
  };
}

function sseOf(given: Table['SSESpecification']): object | undefined {
  return given && { Enabled: given.SSEEnabled, SSEType: given.SSEType, KMSMasterKeyId: given.KMSMasterKeyId };
}

async function applySettings(run: Run, TableName: string, next: Table): Promise<void> {
  const { TimeToLiveSpecification, PointInTimeRecoverySpecification } = next;
  if (TimeToLiveSpecification) await run('UpdateTimeToLive', { TableName, TimeToLiveSpecification });
  const PointInTimeRecoveryEnabled = PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled ?? false;
  await run('UpdateContinuousBackups', {
    TableName,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled },
  });
}

/** dynalite makes a table in a moment of the machine's time, not of the cloud's. */
async function becomesActive(run: Run, TableName: string): Promise<void> {
  for (;;) {
    const { Table } = await run('DescribeTable', { TableName });
    if (Table.TableStatus === 'ACTIVE') return;
    await setImmediate();
  }
}
