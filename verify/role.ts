import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { type Bench, mark } from './bench.ts';

export interface Statement {
  readonly Effect: 'Allow';
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: object;
}

/**
 * Makes a role that may do one thing.
 * @param trusted whom it trusts: `{ Service: … }` or `{ AWS: … }`
 * @returns its ARN
 */
export async function makeRole(
  bench: Bench,
  what: string,
  trusted: object,
  statement: Statement,
): Promise<string> {
  const { iam } = bench.clients;
  const RoleName = bench.name(what);
  const trust = { Effect: 'Allow', Principal: trusted, Action: 'sts:AssumeRole' };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName,
      Path: `/${mark}/`,
      AssumeRolePolicyDocument: policy(trust),
      Tags: bench.tagList,
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({ RoleName, PolicyName: 'only', PolicyDocument: policy(statement) }),
  );
  return Role!.Arn!;
}

function policy(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}
