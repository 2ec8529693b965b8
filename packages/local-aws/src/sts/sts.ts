import * as schemas from '@aws-sdk/client-sts';
import { evaluate, type PolicyDocument, type PolicyStatement } from '../authorize.ts';
import type { Cloud } from '../cloud.ts';
import type { Iam } from '../iam/iam.ts';
import {
  type AuthorizationTarget,
  type Operation,
  type Principal,
  type Service,
  ServiceError,
} from '../service.ts';
import {
  discoveryDocuments,
  type WebIdentityInput,
  webIdentityTargets,
  webIdentityToken,
} from './web-identity.ts';

const defaultSessionSeconds = 3600;

/** STS: who one is, for AWS and for others, and taking on roles whose trust policies allow it. */
export class Sts implements Service {
  readonly signingName = 'sts';
  readonly schemas = schemas;
  readonly operations: Readonly<Record<string, Operation>>;

  constructor(cloud: Cloud, iam: Iam) {
    for (const [path, document] of Object.entries(discoveryDocuments(iam)))
      cloud.documents.set(path, document);
    this.operations = {
      GetCallerIdentity: (_, { principal }) => ({
        Account: cloud.account,
        Arn: principal.arn,
        UserId: principal.arn.split('/').at(-1),
      }),
      GetWebIdentityToken: (input: WebIdentityInput, call) => webIdentityToken(cloud, iam, input, call),
      AssumeRole: (input, { now, principal }) => {
        const { RoleArn, RoleSessionName, DurationSeconds = defaultSessionSeconds, ExternalId } = input;
        checkTrust(iam, RoleArn, principal, cloud.account, ExternalId);
        const credentials = cloud.credentials.issue(RoleArn, RoleSessionName);
        const session = cloud.credentials.principalOf(credentials.AccessKeyId)!;
        return {
          Credentials: { ...credentials, Expiration: new Date(now + DurationSeconds * 1000) },
          AssumedRoleUser: {
            Arn: session.arn,
            AssumedRoleId: `${credentials.AccessKeyId}:${RoleSessionName}`,
          },
        };
      },
    };
  }

  authorization(operation: string, input: { RoleArn?: string } & WebIdentityInput): AuthorizationTarget[] {
    // Anybody may ask who they are.
    if (operation === 'GetCallerIdentity') return [];
    if (operation === 'GetWebIdentityToken') return webIdentityTargets(input);
    return [{ action: `sts:${operation}`, resources: [input.RoleArn ?? '*'] }];
  }
}

function checkTrust(
  iam: Iam,
  roleArn: string,
  caller: Principal,
  account: string,
  externalId: string | undefined,
): void {
  const message = `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
  const refused = new ServiceError('AccessDenied', message, 403);
  let trust: PolicyDocument;
  try {
    trust = iam.trustOf(roleArn);
  } catch {
    // Who may not assume a role is not told whether it exists.
    throw refused;
  }
  const statements = [trust.Statement].flat().filter((statement) => names(statement, caller, account));
  const conditions = externalId === undefined ? {} : { 'sts:ExternalId': externalId };
  if (evaluate([{ Statement: statements }], 'sts:AssumeRole', roleArn, conditions) !== 'allowed')
    throw refused;
}

/** Whether a statement of a trust policy speaks of the caller: by ARN, by account, or of everybody. */
function names(statement: PolicyStatement, caller: Principal, account: string): boolean {
  if (statement.Principal === '*') return true;
  const { AWS: given = [], Service: services = [] } = (statement.Principal ?? {}) as Record<
    string,
    string | string[]
  >;
  const accounts = ['*', account, `arn:aws:iam::${account}:root`, caller.arn];
  if (caller.kind === 'service') return [services].flat().includes(caller.arn);
  return [given].flat().some((name) => accounts.includes(name));
}
