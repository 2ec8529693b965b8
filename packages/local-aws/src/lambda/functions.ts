import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import type {
  CreateFunctionCommandInput,
  FunctionCode,
  FunctionConfiguration,
  UpdateFunctionCodeCommandInput,
  UpdateFunctionConfigurationCommandInput,
} from '@aws-sdk/client-lambda';
import { type CloudContext, servicePrincipal } from '../cloud-context.ts';
import { sessionOf } from '../role-session.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { ServiceError } from '../service.ts';
import { functionNameOf, type LambdaFunction } from './function.ts';
import { unzip } from './zip.ts';

const maxEnvironmentBytes = 4096;

/** The functions of the account, and their unpacked code on disk. */
export class Functions {
  readonly #cloud: CloudContext;
  readonly #byName = new Map<string, LambdaFunction>();
  readonly #onChange: (changed: LambdaFunction) => Promise<void>;
  #directory: string | undefined;

  /** `onChange` hears of functions whose running environments are out of date. */
  constructor(cloud: CloudContext, onChange: (changed: LambdaFunction) => Promise<void>) {
    this.#cloud = cloud;
    this.#onChange = onChange;
  }

  arnOf(name: string): string {
    return `arn:aws:lambda:${this.#cloud.region}:${this.#cloud.account}:function:${name}`;
  }

  find(arn: string): LambdaFunction | undefined {
    return this.#byName.get(functionNameOf(arn));
  }

  /** @throws ServiceError `ResourceNotFoundException` */
  get(given: string): LambdaFunction {
    const found = this.find(given);
    if (found) return found;
    const message = `Function not found: ${this.arnOf(functionNameOf(given))}`;
    throw new ServiceError('ResourceNotFoundException', message, 404, { Type: 'User' });
  }

  all(): LambdaFunction[] {
    return [...this.#byName.values()];
  }

  async create(input: CreateFunctionCommandInput): Promise<LambdaFunction> {
    const name = input.FunctionName!;
    if (!/^[\w-]{1,64}$/.test(name))
      throw invalid(`Value '${name}' at 'functionName' failed to satisfy constraint`);
    if (this.#byName.has(name)) {
      throw new ServiceError('ResourceConflictException', `Function already exist: ${name}`, 409, {
        Type: 'User',
      });
    }
    const code = await this.#readCode(input.Code!);
    const created: LambdaFunction = {
      arn: this.arnOf(name),
      name,
      configuration: defaults,
      environment: {},
      taskRoot: await this.#unpack(name, code.files),
      archive: code.archive,
      reservedConcurrency: undefined,
      eventInvokeConfig: undefined,
      statements: new Map(),
    };
    this.#setConfiguration(created, input, code.sha256);
    this.#byName.set(name, created);
    return created;
  }

  async configure(input: UpdateFunctionConfigurationCommandInput): Promise<FunctionConfiguration> {
    const target = this.get(input.FunctionName!);
    this.#setConfiguration(target, input, target.configuration.CodeSha256!);
    await this.#onChange(target);
    return target.configuration;
  }

  async changeCode(input: UpdateFunctionCodeCommandInput): Promise<FunctionConfiguration> {
    const target = this.get(input.FunctionName!);
    const code = await this.#readCode(input);
    target.taskRoot = await this.#unpack(target.name, code.files);
    target.archive = code.archive;
    this.#setConfiguration(target, {}, code.sha256);
    await this.#onChange(target);
    return target.configuration;
  }

  async delete(given: string): Promise<void> {
    const target = this.get(given);
    this.#byName.delete(target.name);
    await this.#onChange(target);
  }

  async close(): Promise<void> {
    if (this.#directory) await rm(this.#directory, { recursive: true, force: true });
  }

  #setConfiguration(
    target: LambdaFunction,
    input: Partial<CreateFunctionCommandInput & UpdateFunctionConfigurationCommandInput>,
    sha256: string,
  ): void {
    const next: FunctionConfiguration = {
      ...target.configuration,
      ...pick(input),
      FunctionName: target.name,
      FunctionArn: target.arn,
      CodeSha256: sha256,
      CodeSize: target.archive.length,
      LastModified: new Date(this.#cloud.eventQueue.now()).toISOString().replace('Z', '+0000'),
      RevisionId: this.#cloud.ids.uuid(),
    };
    check(next, input.Environment?.Variables);
    this.#checkInterfaces(next);
    target.configuration = next;
    if (input.Environment) target.environment = input.Environment.Variables ?? {};
  }

  /** In a VPC a function needs network interfaces, which Lambda makes in its role. */
  #checkInterfaces({ FunctionName, Role, VpcConfig }: FunctionConfiguration): void {
    if (!VpcConfig?.SubnetIds?.length) return;
    const session = sessionOf(Role!, FunctionName!);
    const missing = interfaceActions.find((action) => !this.#cloud.mayDo(session, action));
    if (missing)
      throw invalid(
        `The provided execution role does not have permissions to call ${missing.slice('ec2:'.length)} on EC2`,
      );
  }

  async #readCode(
    code: FunctionCode,
  ): Promise<{ files: Map<string, Uint8Array>; sha256: string; archive: Uint8Array }> {
    const archive = code.ZipFile ?? (await this.#fetch(code));
    const sha256 = createHash('sha256').update(archive).digest('base64');
    return { files: unzip(archive), sha256, archive };
  }

  async #fetch({ S3Bucket: Bucket, S3Key: Key }: FunctionCode): Promise<Uint8Array> {
    if (!Bucket || !Key) throw invalid('Please provide a source for function code.');
    try {
      const { Body } = await this.#cloud.call('s3', 'GetObject', { Bucket, Key }, servicePrincipal('lambda'));
      return Body as Uint8Array;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw invalid(
        `Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`,
      );
    }
  }

  /** Every version of a function's code gets a folder of its own: module caches go by path. */
  async #unpack(name: string, files: ReadonlyMap<string, Uint8Array>): Promise<string> {
    const directory = this.#directory ?? scratchFolder('functions');
    this.#directory = directory;
    const root = await mkdtemp(join(directory, `${name}-`));
    for (const [file, content] of files) {
      const path = join(root, normalize(join('/', file)));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    }
    return root;
  }
}

const interfaceActions = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DeleteNetworkInterface',
];

const defaults: FunctionConfiguration = {
  Version: '$LATEST',
  State: 'Active',
  LastUpdateStatus: 'Successful',
  PackageType: 'Zip',
  Timeout: 3,
  MemorySize: 128,
  Description: '',
  Architectures: ['x86_64'],
  TracingConfig: { Mode: 'PassThrough' },
  EphemeralStorage: { Size: 512 },
};

const configurable = [
  'Role',
  'Handler',
  'Runtime',
  'Timeout',
  'MemorySize',
  'Description',
  'Architectures',
  'DeadLetterConfig',
  'TracingConfig',
  'LoggingConfig',
  'EphemeralStorage',
  'Environment',
  'VpcConfig',
] as const;

function pick(input: Partial<CreateFunctionCommandInput>): FunctionConfiguration {
  const given = configurable.filter((name) => input[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, input[name]]));
}

function check(configuration: FunctionConfiguration, variables: Readonly<Record<string, string>> = {}): void {
  const { Timeout, MemorySize, Runtime, Handler, Role } = configuration;
  if (!Role || !/^arn:aws[\w-]*:iam::\d{12}:role\/.+/.test(Role)) {
    throw invalid(`Value '${Role}' at 'role' failed to satisfy constraint: Member must be the ARN of a role`);
  }
  if (!Runtime?.startsWith('nodejs')) throw invalid(`The local cloud does not run the runtime ${Runtime}`);
  if (!Handler?.includes('.'))
    throw invalid(`Value '${Handler}' at 'handler' is not of the form file.export`);
  if (Timeout! < 1 || Timeout! > 900)
    throw invalid(`Value '${Timeout}' at 'timeout' must be between 1 and 900`);
  if (MemorySize! < 128 || MemorySize! > 10_240) {
    throw invalid(`'MemorySize' value failed to satisfy constraint: Member must be between 128 and 10240`);
  }
  if (Buffer.byteLength(JSON.stringify(variables)) > maxEnvironmentBytes) {
    throw invalid(
      'Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.',
    );
  }
  const reserved = Object.keys(variables).filter((name) => reservedVariables.test(name));
  if (reserved.length > 0) {
    throw invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
}

const reservedVariables =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_DEFAULT_REGION|AWS_REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_(FUNCTION_|INITIALIZATION_TYPE|LOG_|RUNTIME_API).*|AWS_ACCESS_KEY(_ID)?|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message, 400, { Type: 'User' });
}
