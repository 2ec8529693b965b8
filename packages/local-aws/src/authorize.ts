import { type AuthorizationTarget, type Principal, ServiceError } from './service.ts';

export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: PolicyStatement | readonly PolicyStatement[];
}

/** What knows the policies of roles: the IAM service. Inline and attached ones, of the role behind the session. */
export interface PolicySource {
  policiesOf(principal: Principal): readonly PolicyDocument[];
}

/**
 * Lets a call through or not, by IAM's evaluation logic for identity-based policies: an explicit deny wins, then an
 * allow, else no. The owner and the services themselves may do anything.
 *
 * @throws ServiceError `AccessDenied` (each protocol spells it in its service's way), worded as AWS words it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function authorize(
  principal: Principal,
  targets: AuthorizationTarget[],
  policies: PolicySource,
): void {
  if (principal.kind !== 'role') return;
  const documents = policies.policiesOf(principal);
  for (const target of targets) {
    for (const resource of target.resources) {
      const verdict = evaluate(documents, target.action, resource, target.conditions ?? {});
      if (verdict === 'allowed') continue;
      const because =
        verdict === 'denied'
          ? 'with an explicit deny in an identity-based policy'
          : `because no identity-based policy allows the ${target.action} action`;
      throw new ServiceError(
        'AccessDenied',
        `User: ${principal.arn} is not authorized to perform: ${target.action} on resource: ${resource} ${because}`,
        403,
      );
    }
  }
}

/**
 * Lets a service in only if the policy on the resource names it: what AddPermission and queue and topic policies are
 * for. Roles and the owner, being of this account, are let in by their own policies.
 *
 * @throws ServiceError `AccessDenied`
 */
export function authorizeService(
  principal: Principal,
  policy: PolicyDocument | undefined,
  action: string,
  resource: string,
): void {
  if (principal.kind !== 'service' || actsForItsCaller.has(principal.arn)) return;
  const named = listOf(policy?.Statement ?? []).filter((statement) => names(statement, principal.arn));
  const conditions = {
    'aws:SecureTransport': 'true',
    ...(principal.sourceArn
      ? { 'aws:SourceArn': principal.sourceArn, 'aws:SourceAccount': principal.sourceArn.split(':')[4]! }
      : {}),
  };
  if (evaluate([{ Statement: named }], action, resource, conditions) === 'allowed') return;
  throw new ServiceError(
    'AccessDenied',
    `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource} ` +
      `because no resource-based policy allows the ${action} action`,
    403,
  );
}

/** Services that call with the rights of their caller. */
const actsForItsCaller = new Set(['cloudformation.amazonaws.com']);

function names(statement: PolicyStatement, service: string): boolean {
  const principal = statement.Principal as '*' | { Service?: string | string[]; AWS?: string } | undefined;
  if (principal === '*' || principal?.AWS === '*') return true;
  return listOf(principal?.Service ?? []).includes(service);
}

type Conditions = NonNullable<AuthorizationTarget['conditions']>;

/** What the documents say of one action on one resource; `undecided` when no statement matches. */
export function evaluate(
  documents: readonly PolicyDocument[],
  action: string,
  resource: string,
  conditions: Conditions,
): 'allowed' | 'denied' | 'undecided' {
  let allowed = false;
  for (const document of documents) {
    for (const statement of listOf(document.Statement)) {
      if (!covers(statement, action, resource)) continue;
      if (!conditionsHold(statement.Condition ?? {}, conditions)) continue;
      if (statement.Effect === 'Deny') return 'denied';
      allowed = true;
    }
  }
  return allowed ? 'allowed' : 'undecided';
}

function covers(statement: PolicyStatement, action: string, resource: string): boolean {
  const actionMatches = statement.NotAction
    ? !matchesAny(statement.NotAction, action, true)
    : matchesAny(statement.Action ?? [], action, true);
  const resourceMatches = statement.NotResource
    ? !matchesAny(statement.NotResource, resource)
    : // A resource policy (a trust policy, say) may leave Resource out: it is about the resource it sits on.
      matchesAny(statement.Resource ?? '*', resource);
  return actionMatches && resourceMatches;
}

/** `*` stands for any characters, `?` for one; actions are matched whatever their case. */
function matchesAny(patterns: string | readonly string[], value: string, ignoreCase = false): boolean {
  return listOf(patterns).some((pattern) => wildcard(pattern, ignoreCase).test(value));
}

const compiled = new Map<string, RegExp>();

function wildcard(pattern: string, ignoreCase: boolean): RegExp {
  const key = `${ignoreCase ? 'i' : 's'}${pattern}`;
  let expression = compiled.get(key);
  if (!expression) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    expression = new RegExp(`^${source}$`, ignoreCase ? 'is' : 's');
    compiled.set(key, expression);
  }
  return expression;
}

type Comparison = (actual: string, expected: string) => boolean;

const comparisons: Readonly<Record<string, Comparison>> = {
  StringEquals: (actual, expected) => actual === expected,
  StringEqualsIgnoreCase: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  StringLike: (actual, expected) => wildcard(expected, false).test(actual),
  ArnEquals: (actual, expected) => wildcard(expected, false).test(actual),
  ArnLike: (actual, expected) => wildcard(expected, false).test(actual),
  Bool: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  NumericEquals: (actual, expected) => Number(actual) === Number(expected),
  NumericLessThan: (actual, expected) => Number(actual) < Number(expected),
  NumericLessThanEquals: (actual, expected) => Number(actual) <= Number(expected),
  NumericGreaterThan: (actual, expected) => Number(actual) > Number(expected),
  NumericGreaterThanEquals: (actual, expected) => Number(actual) >= Number(expected),
};

const negations: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
};

function conditionsHold(condition: NonNullable<PolicyStatement['Condition']>, actual: Conditions): boolean {
  return Object.entries(condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, expected]) =>
      conditionHolds(operator, listOf(expected).map(String), valuesOf(actual, key)),
    ),
  );
}

/** One operator on one key: any of the expected values will do, and a negated operator wants none of them. */
function conditionHolds(
  operator: string,
  expected: string[],
  actual: readonly string[] | undefined,
): boolean {
  const { set, name, ifExists } = parseOperator(operator);
  if (name === 'Null') return (actual === undefined) === (expected[0]?.toLowerCase() === 'true');
  const comparison = comparisons[negations[name] ?? name];
  if (!comparison)
    throw new ServiceError('MalformedPolicyDocument', `Unknown condition operator ${operator}`);
  const negated = name in negations;
  if (actual === undefined) return ifExists || set === 'ForAllValues' || (negated && set === undefined);
  const holds = (value: string): boolean => expected.some((wanted) => comparison(value, wanted)) !== negated;
  return set === 'ForAllValues' ? actual.every(holds) : actual.some(holds);
}

function parseOperator(operator: string): { set: string | undefined; name: string; ifExists: boolean } {
  const [set, rest] = operator.includes(':')
    ? (operator.split(':') as [string, string])
    : [undefined, operator];
  const ifExists = rest.endsWith('IfExists');
  return { set, name: ifExists ? rest.slice(0, -'IfExists'.length) : rest, ifExists };
}

/** Condition keys are matched whatever their case; only what follows a slash (a tag's key) is not. */
function valuesOf(conditions: Conditions, key: string): readonly string[] | undefined {
  const normal = normalKey(key);
  const found = Object.entries(conditions).find(([name]) => normalKey(name) === normal)?.[1];
  return found === undefined ? undefined : listOf(found);
}

function normalKey(key: string): string {
  const slash = key.indexOf('/');
  return slash < 0 ? key.toLowerCase() : key.slice(0, slash).toLowerCase() + key.slice(slash);
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}
