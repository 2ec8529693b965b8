import { type CallService, type Principal, ServiceError } from '../service.ts';
import { type GivenParameter, resolveParameters } from './parameters.ts';
import { checkRules } from './rules.ts';
import type { Stack, Target } from './stack.ts';
import { parseTemplate, type Template } from './template.ts';

/** What CreateStack, UpdateStack and CreateChangeSet have in common. */
export interface TargetInput {
  readonly TemplateBody?: string;
  readonly TemplateURL?: string;
  readonly UsePreviousTemplate?: boolean;
  readonly Parameters?: readonly GivenParameter[];
  readonly Capabilities?: readonly string[];
  readonly Tags?: readonly { Key: string; Value: string }[];
  readonly ImportExistingResources?: boolean;
  readonly NotificationARNs?: readonly string[];
  readonly RoleARN?: string;
}

/**
 * Reads what a stack is asked to become: its template, parameters and tags, checked as far as they can be before
 * anything is made.
 * @throws ServiceError `ValidationError`, `InsufficientCapabilitiesException`
 */
export async function readTarget(
  stack: Stack | undefined,
  input: TargetInput,
  checkType: (type: string) => unknown,
  call: CallService,
  caller: Principal,
): Promise<Target> {
  if (input.NotificationARNs?.length)
    throw invalid('The local cloud does not send stack events to NotificationARNs');
  const templateBody = await readTemplateBody(stack, input, call, caller);
  const template = parseTemplate(templateBody);
  for (const { Type } of Object.values(template.Resources)) checkType(Type);
  checkCapabilities(template, input.Capabilities ?? []);
  const worker = workerOf(stack, input) ?? caller;
  const parameters = await resolveParameters(
    template,
    input.Parameters ?? [],
    stack?.target?.parameters.given ?? {},
    async (name) => (await call('ssm', 'GetParameter', { Name: name }, worker)).Parameter.Value,
  );
  const tags = input.Tags
    ? Object.fromEntries(input.Tags.map(({ Key, Value }) => [Key, Value]))
    : (stack?.target?.tags ?? {});
  const importsExisting = input.ImportExistingResources ?? false;
  const target = { template, templateBody, parameters, tags, importsExisting };
  checkRules(target);
  return target;
}

/** The role that CloudFormation was given to work with, now or earlier: what a template refers to is read with its rights. */
export function workerOf(
  stack: Stack | undefined,
  { RoleARN }: Pick<TargetInput, 'RoleARN'>,
): Principal | undefined {
  const role = RoleARN ?? stack?.roleArn;
  if (role === undefined) return undefined;
  const [, , , , account, path] = role.split(':');
  const name = path!.split('/').at(-1);
  return { kind: 'role', arn: `arn:aws:sts::${account}:assumed-role/${name}/AWSCloudFormation` };
}

/** The template itself, from the body or from S3. */
export async function readTemplateBody(
  stack: Stack | undefined,
  input: TargetInput,
  call: CallService,
  caller: Principal,
): Promise<string> {
  if (input.TemplateBody !== undefined) return input.TemplateBody;
  if (input.TemplateURL !== undefined) {
    const { Body } = await call('s3', 'GetObject', locate(input.TemplateURL), caller);
    return Buffer.from(Body).toString('utf8');
  }
  if (input.UsePreviousTemplate && stack?.target) return stack.target.templateBody;
  throw invalid('Either Template URL or Template Body must be specified.');
}

/** Bucket and key of `https://s3.REGION.amazonaws.com/BUCKET/KEY`, `https://BUCKET.s3.…/KEY` or a loopback URL. */
function locate(templateUrl: string): { Bucket: string; Key: string } {
  const { hostname, pathname } = new URL(templateUrl);
  const path = decodeURIComponent(pathname.slice(1));
  const virtualHost = /^(.+)\.s3[.-]/.exec(hostname)?.[1];
  if (virtualHost) return { Bucket: virtualHost, Key: path };
  const slash = path.indexOf('/');
  return { Bucket: path.slice(0, slash), Key: path.slice(slash + 1) };
}

const namedIamProperties: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
};

function checkCapabilities(template: Template, given: readonly string[]): void {
  const iam = Object.values(template.Resources).filter(({ Type }) => Type.startsWith('AWS::IAM::'));
  const named = iam.some(({ Type, Properties }) => (namedIamProperties[Type] ?? '') in Properties);
  const needed = named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM';
  if (iam.length === 0 || given.includes('CAPABILITY_NAMED_IAM') || given.includes(needed)) return;
  throw new ServiceError('InsufficientCapabilitiesException', `Requires capabilities : [${needed}]`);
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}
