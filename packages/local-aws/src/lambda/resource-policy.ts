import type { PolicyStatement } from '../authorize.ts';

/** What AddPermission takes: `Principal` is a service's name, an account or `*`. */
export interface Permission {
  readonly StatementId: string;
  readonly Action: string;
  readonly Principal: string;
  readonly SourceArn?: string | undefined;
  readonly SourceAccount?: string | undefined;
}

export function statementOf(permission: Permission, resource: string): PolicyStatement {
  const { Principal, SourceArn, SourceAccount } = permission;
  const condition = {
    ...(SourceAccount ? { StringEquals: { 'AWS:SourceAccount': SourceAccount } } : {}),
    ...(SourceArn ? { ArnLike: { 'AWS:SourceArn': SourceArn } } : {}),
  };
  return {
    Sid: permission.StatementId,
    Effect: 'Allow',
    Principal: principalOf(Principal),
    Action: permission.Action,
    Resource: resource,
    ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
  };
}

function principalOf(given: string): unknown {
  if (given === '*') return '*';
  return given.endsWith('.amazonaws.com') ? { Service: given } : { AWS: given };
}
