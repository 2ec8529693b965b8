import type { PolicyDocument } from '../authorize.ts';
import type { Instant } from '../service.ts';

/** A role with what it may do and who may take it on. */
export interface Role {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly path: string;
  readonly createdAt: Instant;
  trust: PolicyDocument;
  description?: string | undefined;
  maxSessionSeconds: number;
  permissionsBoundary?: string | undefined;
  /** Inline policies by name. */
  readonly inline: Map<string, PolicyDocument>;
  /** ARNs of attached managed policies. */
  readonly attached: Set<string>;
  tags: ReadonlyMap<string, string>;
}

/** A managed policy of the account's own. */
export interface ManagedPolicy {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly path: string;
  readonly createdAt: Instant;
  description?: string | undefined;
  document: PolicyDocument;
}

export interface InstanceProfile {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly path: string;
  readonly createdAt: Instant;
  roleName?: string | undefined;
}
