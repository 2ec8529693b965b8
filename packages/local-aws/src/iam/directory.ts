import type { PolicyDocument, PolicySource } from '../authorize.ts';
import type { CloudContext } from '../cloud-context.ts';
import { type Principal, ServiceError } from '../service.ts';
import { awsManagedPolicies } from './aws-managed-policies.ts';
import { checkManagedPolicy } from './quotas.ts';
import type { InstanceProfile, ManagedPolicy, Role } from './role.ts';

/** What a new role, policy or profile may be given. */
export interface RoleInput {
  readonly trust: PolicyDocument;
  readonly path?: string | undefined;
  readonly description?: string | undefined;
  readonly maxSessionSeconds?: number | undefined;
  readonly permissionsBoundary?: string | undefined;
}

/** Everything in IAM, by name and ARN. */
export class Directory implements PolicySource {
  readonly roles = new Map<string, Role>();
  /** By ARN. */
  readonly policies = new Map<string, ManagedPolicy>();
  readonly profiles = new Map<string, InstanceProfile>();
  readonly #cloud: CloudContext;

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
  }

  /** What the role behind a session may do: inline policies and attached ones. */
  policiesOf(principal: Principal): readonly PolicyDocument[] {
    const role = this.roles.get(roleNameOf(principal.arn));
    if (!role) return [];
    return [...role.inline.values(), ...[...role.attached].map((arn) => this.documentOf(arn))];
  }

  /** @throws ServiceError `NoSuchEntity` */
  documentOf(policyArn: string): PolicyDocument {
    const own = this.policies.get(policyArn)?.document;
    const aws = /^arn:aws:iam::aws:policy\/(.+)$/.exec(policyArn)?.[1];
    const document = own ?? (aws === undefined ? undefined : awsManagedPolicies[aws]);
    if (!document) throw noSuchEntity(`Policy ${policyArn} does not exist or is not attachable.`);
    return document;
  }

  /** @throws ServiceError `NoSuchEntity` */
  role(name: string): Role {
    const role = this.roles.get(name);
    if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`);
    return role;
  }

  /** @throws ServiceError `NoSuchEntity` */
  profile(name: string): InstanceProfile {
    const profile = this.profiles.get(name);
    if (!profile) throw noSuchEntity(`Instance Profile ${name} cannot be found.`);
    return profile;
  }

  createRole(name: string, input: RoleInput): Role {
    if (this.roles.has(name)) throw alreadyExists(`Role with name ${name} already exists.`);
    if (input.permissionsBoundary) {
      throw new ServiceError('InvalidInput', 'The local cloud does not enforce permissions boundaries');
    }
    const role: Role = {
      ...this.#identity('role', 'AROA', name, input.path),
      trust: input.trust,
      description: input.description,
      maxSessionSeconds: input.maxSessionSeconds ?? 3600,
      inline: new Map(),
      attached: new Set(),
      tags: new Map(),
    };
    this.roles.set(name, role);
    return role;
  }

  /** @throws ServiceError `DeleteConflict` while policies or profiles still refer to the role */
  deleteRole(name: string): void {
    const role = this.role(name);
    if (role.inline.size > 0 || role.attached.size > 0) {
      throw conflict('Cannot delete entity, must detach all policies first.');
    }
    if ([...this.profiles.values()].some((profile) => profile.roleName === name)) {
      throw conflict('Cannot delete entity, must remove roles from instance profile first.');
    }
    this.roles.delete(name);
  }

  createPolicy(name: string, document: PolicyDocument, path?: string, description?: string): ManagedPolicy {
    checkManagedPolicy(document);
    const policy = { ...this.#identity('policy', 'ANPA', name, path), document, description };
    if (this.policies.has(policy.arn)) throw alreadyExists(`A policy called ${name} already exists.`);
    this.policies.set(policy.arn, policy);
    return policy;
  }

  /** How many roles have it. */
  attachments(policyArn: string): number {
    return [...this.roles.values()].filter(({ attached }) => attached.has(policyArn)).length;
  }

  /** @throws ServiceError `DeleteConflict` while a role has the policy */
  deletePolicy(arn: string): void {
    if (this.attachments(arn) > 0) {
      throw conflict('Cannot delete a policy attached to entities.');
    }
    this.policies.delete(arn);
  }

  createProfile(name: string, path?: string): InstanceProfile {
    if (this.profiles.has(name)) throw alreadyExists(`Instance Profile ${name} already exists.`);
    const profile = this.#identity('instance-profile', 'AIPA', name, path);
    this.profiles.set(name, profile);
    return profile;
  }

  /** @throws ServiceError `DeleteConflict` while the profile has a role */
  deleteProfile(name: string): void {
    if (this.profile(name).roleName !== undefined) {
      throw conflict('Cannot delete entity, must remove roles from instance profile first.');
    }
    this.profiles.delete(name);
  }

  #identity(kind: string, idPrefix: string, name: string, path = '/') {
    return {
      ...{ name, path, createdAt: this.#cloud.eventQueue.now() },
      id: `${idPrefix}${this.#cloud.ids.alphanumeric(17)}`,
      arn: `arn:aws:iam::${this.#cloud.account}:${kind}${path}${name}`,
    };
  }
}

/** `arn:aws:iam::ACCOUNT:role/PATH/NAME` or `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION` */
function roleNameOf(arn: string): string {
  const parts = arn.split('/');
  return (arn.includes(':assumed-role/') ? parts[1] : parts.at(-1)) ?? '';
}

function noSuchEntity(message: string): ServiceError {
  return new ServiceError('NoSuchEntityException', message, 404);
}

function alreadyExists(message: string): ServiceError {
  return new ServiceError('EntityAlreadyExistsException', message, 409);
}

function conflict(message: string): ServiceError {
  return new ServiceError('DeleteConflictException', message, 409);
}
