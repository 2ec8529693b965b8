import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import { type Run, resourceRunner } from '../resource-runner.ts';
import type { Operation, ResourceContext, ResourceType } from '../service.ts';
import { tagList, tagsOf } from '../template-tags.ts';
import { inlineArchive } from './inline-archive.ts';

const functionProperties = z.strictObject({
  FunctionName: z.string().optional(),
  Code: z.strictObject({
    S3Bucket: z.string().optional(),
    S3Key: z.string().optional(),
    ZipFile: z.string().optional(),
  }),
  Handler: z.string(),
  Role: z.string(),
  Runtime: z.string(),
  Description: z.string().optional(),
  Timeout: z.number().optional(),
  MemorySize: z.number().optional(),
  Architectures: z.array(z.string()).optional(),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.string()).optional() }).optional(),
  DeadLetterConfig: z.strictObject({ TargetArn: z.string().optional() }).optional(),
  EphemeralStorage: z.strictObject({ Size: z.number() }).optional(),
  LoggingConfig: z
    .strictObject({
      LogFormat: z.string().optional(),
      LogGroup: z.string().optional(),
      ApplicationLogLevel: z.string().optional(),
      SystemLogLevel: z.string().optional(),
    })
    .optional(),
  ReservedConcurrentExecutions: z.number().optional(),
  TracingConfig: z.strictObject({ Mode: z.string().optional() }).optional(),
  VpcConfig: z
    .strictObject({
      SubnetIds: z.array(z.string()).optional(),
      SecurityGroupIds: z.array(z.string()).optional(),
      Ipv6AllowedForDualStack: z.boolean().optional(),
    })
    .optional(),
  Tags: tagList.optional(),
});

const permissionProperties = z.strictObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
});

const destination = z.strictObject({ Destination: z.string() });

const eventInvokeConfigProperties = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.string(),
  MaximumRetryAttempts: z.number().optional(),
  MaximumEventAgeInSeconds: z.number().optional(),
  DestinationConfig: z
    .strictObject({ OnFailure: destination.optional(), OnSuccess: destination.optional() })
    .optional(),
});

/** The CloudFormation types of Lambda. */
export function lambdaResources(
  cloud: CloudContext,
  operations: Readonly<Record<string, Operation>>,
): ResourceType[] {
  const run = resourceRunner(cloud, operations);
  const arnOf = (name: string) => `arn:aws:lambda:${cloud.region}:${cloud.account}:function:${name}`;
  return [functionType(run, arnOf), permissionType(run), eventInvokeConfigType(run)];
}

function functionType(
  run: Run,
  arnOf: (name: string) => string,
): ResourceType<z.output<typeof functionProperties>> {
  const resource = (name: string) => ({ physicalId: name, attributes: { Arn: arnOf(name) } });
  const create = async (next: z.output<typeof functionProperties>, context: ResourceContext) => {
    const name = next.FunctionName ?? context.physicalName(64);
    const Tags = Object.fromEntries(tagsOf(next, context).map(({ Key, Value }) => [Key, Value]));
    await run('CreateFunction', { ...next, Code: codeOf(next), FunctionName: name, Tags });
    await setConcurrency(run, name, next.ReservedConcurrentExecutions);
    return resource(name);
  };
  return {
    type: 'AWS::Lambda::Function',
    properties: functionProperties,
    create,
    async update(name, next, previous, context) {
      if (next.FunctionName !== previous.FunctionName) return create(next, context);
      if (JSON.stringify(next.Code) !== JSON.stringify(previous.Code)) {
        await run('UpdateFunctionCode', { FunctionName: name, ...codeOf(next) });
      }
      // What is no longer given goes back to its default.
      const cleared = {
        Environment: {},
        Timeout: 3,
        MemorySize: 128,
        Description: '',
        DeadLetterConfig: {},
        VpcConfig: {},
      };
      await run('UpdateFunctionConfiguration', { ...cleared, ...next, FunctionName: name });
      await setConcurrency(run, name, next.ReservedConcurrentExecutions);
      const Tags = Object.fromEntries(tagsOf(next, context).map(({ Key, Value }) => [Key, Value]));
      const stale = (previous.Tags ?? []).map(({ Key }) => Key).filter((key) => !(key in Tags));
      await run('UntagResource', { Resource: name, TagKeys: stale });
      await run('TagResource', { Resource: name, Tags });
      return resource(name);
    },
    delete: async (name) => void (await run('DeleteFunction', { FunctionName: name })),
  };
}

function codeOf({ Code }: z.output<typeof functionProperties>): object {
  return Code.ZipFile === undefined ? Code : { ZipFile: inlineArchive(Code.ZipFile) };
}

async function setConcurrency(run: Run, FunctionName: string, reserved: number | undefined): Promise<void> {
  if (reserved === undefined) await run('DeleteFunctionConcurrency', { FunctionName });
  else await run('PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions: reserved });
}

function permissionType(run: Run): ResourceType<z.output<typeof permissionProperties>> {
  const create = async (next: z.output<typeof permissionProperties>, context: ResourceContext) => {
    const StatementId = context.physicalName(100);
    await run('AddPermission', { ...next, StatementId });
    return { physicalId: StatementId, attributes: { Id: StatementId } };
  };
  return {
    type: 'AWS::Lambda::Permission',
    properties: permissionProperties,
    create,
    // Every property of a permission is immutable: a changed one is another permission.
    update: (_statementId, next, _previous, context) => create(next, context),
    delete: async (StatementId, { FunctionName }) =>
      void (await run('RemovePermission', { FunctionName, StatementId })),
  };
}

function eventInvokeConfigType(run: Run): ResourceType<z.output<typeof eventInvokeConfigProperties>> {
  const put = async (next: z.output<typeof eventInvokeConfigProperties>) => {
    await run('PutFunctionEventInvokeConfig', next);
    return { physicalId: `${next.FunctionName}|${next.Qualifier}`, attributes: {} };
  };
  return {
    type: 'AWS::Lambda::EventInvokeConfig',
    properties: eventInvokeConfigProperties,
    create: put,
    update: (_physicalId, next) => put(next),
    delete: async (_physicalId, { FunctionName }) =>
      void (await run('DeleteFunctionEventInvokeConfig', { FunctionName })),
  };
}
