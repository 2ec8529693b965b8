import * as schemas from '@aws-sdk/client-lambda';
import { authorizeService } from '../authorize.ts';
import type { Cloud } from '../cloud.ts';
import { requireOneOf } from '../constraints.ts';
import { presignedUrl } from '../s3/presigned-url.ts';
import type { S3 } from '../s3/s3.ts';
import {
  type AuthorizationTarget,
  type Call,
  type Operation,
  type ResourceType,
  type Service,
  ServiceError,
} from '../service.ts';
import { Tags } from '../tags.ts';
import { AsyncEvents } from './async-events.ts';
import { type EventInvokeConfig, functionNameOf, type LambdaFunction } from './function.ts';
import { Functions } from './functions.ts';
import { Invoker } from './invoker.ts';
import { statementOf } from './resource-policy.ts';
import { lambdaResources } from './resources.ts';

const invocationTypes = ['Event', 'RequestResponse', 'DryRun'];
const maxSyncBytes = 6 * 1024 * 1024;
const maxAsyncBytes = 1024 * 1024;

/** AWS Lambda: functions from their bundles, run in worker threads on the cloud's own time. */
export class Lambda implements Service {
  readonly signingName = 'lambda';
  readonly schemas = schemas as unknown as Record<string, unknown>;
  readonly operations: Record<string, Operation>;
  readonly resources: readonly ResourceType[];
  readonly #cloud: Cloud;
  readonly #s3: S3 | undefined;
  readonly #functions: Functions;
  readonly #invoker: Invoker;
  readonly #events: AsyncEvents;
  readonly #tags = new Tags();

  /** @param s3 keeps the functions' archives, for GetFunction */
  constructor(cloud: Cloud, s3?: S3) {
    this.#cloud = cloud;
    this.#s3 = s3;
    this.#invoker = new Invoker(cloud);
    this.#functions = new Functions(cloud, (changed) => this.#invoker.retire(changed));
    this.#events = new AsyncEvents(cloud, this.#invoker, (arn) => this.#functions.find(arn));
    this.operations = {
      ...this.#functionOperations(),
      ...this.#permissionOperations(),
      ...this.#settingOperations(),
      ...this.#tagOperations(),
      Invoke: (input, call) => this.#invoke(input, call),
    };
    this.resources = lambdaResources(cloud, this.operations);
  }

  authorization(operation: string, input: Record<string, unknown>): AuthorizationTarget[] {
    const action = operation === 'Invoke' ? 'lambda:InvokeFunction' : `lambda:${operation}`;
    const given = input['FunctionName'] ?? input['Resource'];
    if (typeof given !== 'string') return [{ action, resources: ['*'] }];
    const arn = this.#functions.arnOf(functionNameOf(given));
    return [{ action, resources: [arn], conditions: this.#tags.conditions(arn) }];
  }

  async close(): Promise<void> {
    await this.#invoker.close();
    await this.#functions.close();
  }

  async #invoke(input: schemas.InvokeCommandInput, call: Call): Promise<object> {
    requireOneOf(input.InvocationType, invocationTypes, 'invocationType', 'ValidationException');
    const target = this.#functions.get(input.FunctionName!);
    authorizeService(call.principal, policyOf(target), 'lambda:InvokeFunction', target.arn);
    const type = input.InvocationType ?? 'RequestResponse';
    const payload = payloadOf(input, type === 'Event' ? maxAsyncBytes : maxSyncBytes);
    if (type === 'DryRun') return { StatusCode: 204 };
    if (type === 'Event') {
      this.#events.add(target, payload, call.requestId);
      return { StatusCode: 202 };
    }
    const outcome = await this.#cloud.eventQueue.hold(() =>
      this.#invoker.run(target, payload, call.requestId),
    );
    return {
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      Payload: Buffer.from(outcome.payload),
      FunctionError: outcome.error,
      ...(input.LogType === 'Tail' ? { LogResult: Buffer.from(outcome.output).toString('base64') } : {}),
    };
  }

  #functionOperations(): Record<string, Operation> {
    const functions = this.#functions;
    return {
      CreateFunction: async (input: schemas.CreateFunctionCommandInput) => {
        const created = await functions.create(input);
        this.#tags.set(created.arn, tagList(input.Tags));
        return created.configuration;
      },
      UpdateFunctionConfiguration: (input: schemas.UpdateFunctionConfigurationCommandInput) =>
        functions.configure(input),
      UpdateFunctionCode: (input: schemas.UpdateFunctionCodeCommandInput) => functions.changeCode(input),
      GetFunctionConfiguration: (input: { FunctionName: string }) =>
        functions.get(input.FunctionName).configuration,
      GetFunction: (input: { FunctionName: string }) => {
        const found = functions.get(input.FunctionName);
        const { configuration, arn, reservedConcurrency } = found;
        return {
          Configuration: configuration,
          Code: { RepositoryType: 'S3', Location: this.#archiveUrl(found) },
          Tags: Object.fromEntries(this.#tags.of(arn).map(({ Key, Value }) => [Key, Value])),
          Concurrency:
            reservedConcurrency === undefined
              ? undefined
              : { ReservedConcurrentExecutions: reservedConcurrency },
        };
      },
      GetAccountSettings: () => accountSettings(functions.all(), this.#cloud.concurrentExecutions),
      ListFunctions: () => ({ Functions: functions.all().map(({ configuration }) => configuration) }),
      DeleteFunction: async (input: { FunctionName: string }) => {
        this.#tags.delete(functions.get(input.FunctionName).arn);
        await functions.delete(input.FunctionName);
        return { StatusCode: 204 };
      },
    };
  }

  /** Where its archive can be got, from a bucket of Lambda's own. */
  #archiveUrl({ name, archive, configuration }: LambdaFunction): string | undefined {
    if (!this.#s3 || !this.#cloud.endpointUrl) return undefined;
    const bucket = `awslambda-${this.#cloud.region}-tasks`;
    const version = Buffer.from(configuration.CodeSha256!, 'base64').toString('hex').slice(0, 32);
    const key = `snapshots/${this.#cloud.account}/${name}-${version}`;
    this.#s3.lend(bucket, key, archive);
    return presignedUrl(this.#cloud, bucket, key);
  }

  #permissionOperations(): Record<string, Operation> {
    return {
      AddPermission: (input: schemas.AddPermissionCommandInput) => {
        const target = this.#functions.get(input.FunctionName!);
        const sid = input.StatementId!;
        if (target.statements.has(sid)) {
          const message = `The statement id (${sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`;
          throw new ServiceError('ResourceConflictException', message, 409, { Type: 'User' });
        }
        const statement = statementOf(input as Parameters<typeof statementOf>[0], target.arn);
        target.statements.set(sid, statement);
        return { Statement: JSON.stringify(statement) };
      },
      RemovePermission: (input: { FunctionName: string; StatementId: string }) => {
        const target = this.#functions.get(input.FunctionName);
        if (!target.statements.delete(input.StatementId)) {
          throw notFound(`Statement ${input.StatementId} is not found in resource policy.`);
        }
      },
      GetPolicy: (input: { FunctionName: string }) => {
        const target = this.#functions.get(input.FunctionName);
        if (target.statements.size === 0) throw notFound('The resource you requested does not exist.');
        return { Policy: JSON.stringify(policyOf(target)), RevisionId: target.configuration.RevisionId };
      },
    };
  }

  #settingOperations(): Record<string, Operation> {
    const get = (input: { FunctionName: string }) => this.#functions.get(input.FunctionName);
    const put = (input: schemas.PutFunctionEventInvokeConfigCommandInput) => {
      const target = this.#functions.get(input.FunctionName!);
      target.eventInvokeConfig = eventInvokeConfigOf(input);
      return this.#describeEventInvokeConfig(target, input);
    };
    return {
      PutFunctionEventInvokeConfig: put,
      DeleteFunctionEventInvokeConfig: (input) => {
        get(input).eventInvokeConfig = undefined;
      },
      GetFunctionEventInvokeConfig: (input) => {
        const target = get(input);
        const config = target.eventInvokeConfig;
        if (!config) throw notFound(`The function ${target.arn} doesn't have an EventInvokeConfig`);
        return this.#describeEventInvokeConfig(target, {
          MaximumRetryAttempts: config.maximumRetryAttempts,
          MaximumEventAgeInSeconds: config.maximumEventAgeSeconds,
          DestinationConfig: {
            OnFailure: { Destination: config.onFailure },
            OnSuccess: { Destination: config.onSuccess },
          },
        });
      },
      PutFunctionConcurrency: (input) => {
        const target = get(input);
        const others = this.#functions.all().filter((one) => one !== target);
        const unreserved = this.#cloud.concurrentExecutions - reservedBy(others);
        requireUnreserved(unreserved - input.ReservedConcurrentExecutions, this.#cloud.concurrentExecutions);
        target.reservedConcurrency = input.ReservedConcurrentExecutions;
        return { ReservedConcurrentExecutions: input.ReservedConcurrentExecutions };
      },
      GetFunctionConcurrency: (input) => ({ ReservedConcurrentExecutions: get(input).reservedConcurrency }),
      DeleteFunctionConcurrency: (input) => {
        get(input).reservedConcurrency = undefined;
      },
    };
  }

  #tagOperations(): Record<string, Operation> {
    const arnOf = (input: { Resource: string }) => this.#functions.get(input.Resource).arn;
    return {
      TagResource: (input) => this.#tags.set(arnOf(input), tagList(input.Tags)),
      UntagResource: (input) => this.#tags.remove(arnOf(input), input.TagKeys),
      ListTags: (input) => ({
        Tags: Object.fromEntries(this.#tags.of(arnOf(input)).map(({ Key, Value }) => [Key, Value])),
      }),
    };
  }

  #describeEventInvokeConfig(target: LambdaFunction, config: object): object {
    return { FunctionArn: `${target.arn}:$LATEST`, LastModified: new Date(0), ...config };
  }
}

function eventInvokeConfigOf(input: schemas.PutFunctionEventInvokeConfigCommandInput): EventInvokeConfig {
  const { MaximumRetryAttempts = 2, MaximumEventAgeInSeconds = 21_600, DestinationConfig } = input;
  if (MaximumRetryAttempts < 0 || MaximumRetryAttempts > 2) {
    throw new ServiceError('InvalidParameterValueException', 'MaximumRetryAttempts must be between 0 and 2');
  }
  if (MaximumEventAgeInSeconds < 60 || MaximumEventAgeInSeconds > 21_600) {
    throw new ServiceError(
      'InvalidParameterValueException',
      'MaximumEventAgeInSeconds must be between 60 and 21600',
    );
  }
  return {
    maximumRetryAttempts: MaximumRetryAttempts,
    maximumEventAgeSeconds: MaximumEventAgeInSeconds,
    onFailure: DestinationConfig?.OnFailure?.Destination,
    onSuccess: DestinationConfig?.OnSuccess?.Destination,
  };
}

function reservedBy(functions: readonly LambdaFunction[]): number {
  return functions.reduce((sum, { reservedConcurrency = 0 }) => sum + reservedConcurrency, 0);
}

/**
 * A hundred stay for the functions that reserve none; where the account has fewer, all of them: a new one reserves nothing.
 * @throws ServiceError `InvalidParameterValueException` in the words of the service
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 * @see https://github.com/awslabs/fhir-works-on-aws-deployment/issues/691
 */
function requireUnreserved(left: number, limit: number): void {
  const least = Math.min(100, limit);
  if (left >= least) return;
  throw new ServiceError(
    'InvalidParameterValueException',
    `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${least}].`,
  );
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
function accountSettings(
  all: readonly LambdaFunction[],
  ConcurrentExecutions: number,
): schemas.GetAccountSettingsResponse {
  const MiB = 1024 * 1024;
  return {
    AccountLimit: {
      TotalCodeSize: 75 * 1024 * MiB,
      CodeSizeUnzipped: 250 * MiB,
      CodeSizeZipped: 50 * MiB,
      ConcurrentExecutions,
      UnreservedConcurrentExecutions: ConcurrentExecutions - reservedBy(all),
    },
    AccountUsage: {
      TotalCodeSize: all.reduce((sum, { configuration }) => sum + (configuration.CodeSize ?? 0), 0),
      FunctionCount: all.length,
    },
  };
}

function policyOf(target: LambdaFunction) {
  return { Version: '2012-10-17', Id: 'default', Statement: [...target.statements.values()] };
}

function payloadOf(input: schemas.InvokeCommandInput, maxBytes: number): string {
  const bytes = (input.Payload as Uint8Array | undefined) ?? new Uint8Array();
  if (bytes.length > maxBytes) {
    const message = `${bytes.length} byte payload is too large for the ${input.InvocationType ?? 'RequestResponse'} invocation type (limit ${maxBytes} bytes)`;
    throw new ServiceError('RequestTooLargeException', message, 413, { Type: 'User' });
  }
  const text = bytes.length === 0 ? '{}' : Buffer.from(bytes).toString();
  try {
    JSON.parse(text);
  } catch (error) {
    const message = `Could not parse request body into json: ${(error as Error).message}`;
    throw new ServiceError('InvalidRequestContentException', message, 400, { Type: 'User' });
  }
  return text;
}

function tagList(tags: Readonly<Record<string, string>> = {}): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message, 404, { Type: 'User' });
}
