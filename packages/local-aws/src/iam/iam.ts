import * as schemas from '@aws-sdk/client-iam';
import type { PolicyDocument, PolicySource } from '../authorize.ts';
import type { CloudContext } from '../cloud-context.ts';
import {
  type AuthorizationTarget,
  type Operation,
  type Principal,
  type ResourceType,
  type Service,
  ServiceError,
} from '../service.ts';
import { managedByAws } from './aws-managed-policies.ts';
import { Directory } from './directory.ts';
import { iamPage } from './iam-page.ts';
import { iamTypes } from './iam-types.ts';
import { OutboundFederation } from './outbound-federation.ts';
import { attach, putInline } from './quotas.ts';
import type { InstanceProfile, ManagedPolicy, Role } from './role.ts';
import { tagsByKey } from './role-tags.ts';

/** IAM: roles, policies and instance profiles. Callers of `policiesOf` enforce what they say. */
export class Iam implements Service, PolicySource {
  readonly signingName = 'iam';
  readonly schemas = schemas;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly resources: readonly ResourceType[];
  readonly outbound: OutboundFederation;
  readonly #directory: Directory;
  readonly #account: string;

  constructor(cloud: CloudContext) {
    this.#account = cloud.account;
    this.#directory = new Directory(cloud);
    this.resources = iamTypes(this.#directory);
    this.outbound = new OutboundFederation(cloud);
    this.operations = {
      ...this.outbound.operations,
      ...roleOperations(this.#directory),
      ...policyOperations(this.#directory),
      ...profileOperations(this.#directory),
    };
  }

  authorization(
    operation: string,
    input: { RoleName?: string; PolicyArn?: string } = {},
  ): AuthorizationTarget[] {
    const role = input.RoleName && `arn:aws:iam::${this.#account}:role/${input.RoleName}`;
    return [{ action: `iam:${operation}`, resources: [role ?? input.PolicyArn ?? '*'] }];
  }

  policiesOf(principal: Principal): readonly PolicyDocument[] {
    return this.#directory.policiesOf(principal);
  }

  /** The policy that says who may assume the role with this ARN. @throws ServiceError `NoSuchEntityException` */
  trustOf(roleArn: string): PolicyDocument {
    return this.#directory.role(roleArn.split('/').at(-1) ?? '').trust;
  }

  /** Who calls, for others than AWS: of a session its role, with its path. */
  identityOf({ arn }: Principal): string {
    const [, role] = /:assumed-role\/([^/]+)\//.exec(arn) ?? [];
    return role === undefined ? arn : this.#directory.role(role).arn;
  }

  /** The instance profile with this name, if there is one. */
  findProfile(name: string): InstanceProfile | undefined {
    return this.#directory.profiles.get(name);
  }
}

function roleOperations(directory: Directory): Record<string, Operation> {
  return {
    CreateRole: (input) => {
      const tags = tagsByKey(input.Tags ?? []);
      const role = directory.createRole(input.RoleName, {
        trust: parseDocument(input.AssumeRolePolicyDocument),
        path: input.Path,
        description: input.Description,
        maxSessionSeconds: input.MaxSessionDuration,
        permissionsBoundary: input.PermissionsBoundary,
      });
      role.tags = tags;
      return { Role: describeRole(role) };
    },
    CreateServiceLinkedRole: (input) => {
      const name = `AWSServiceRoleFor${input.AWSServiceName.split('.')[0]}`;
      const statement = {
        Effect: 'Allow',
        Principal: { Service: input.AWSServiceName },
        Action: 'sts:AssumeRole',
      } as const;
      const path = `/aws-service-role/${input.AWSServiceName}/`;
      return { Role: describeRole(directory.createRole(name, { trust: { Statement: statement }, path })) };
    },
    GetRole: (input) => ({ Role: describeRole(directory.role(input.RoleName)) }),
    ListRoles: (input) => {
      const { items, ...rest } = iamPage([...directory.roles.values()], input);
      // A list says nothing of tags.
      return { Roles: items.map((role) => ({ ...describeRole(role), Tags: undefined })), ...rest };
    },
    DeleteRole: (input) => directory.deleteRole(input.RoleName),
    PutRolePolicy: (input) => {
      putInline(directory.role(input.RoleName), input.PolicyName, parseDocument(input.PolicyDocument));
    },
    GetRolePolicy: ({ RoleName, PolicyName }) => {
      const document = directory.role(RoleName).inline.get(PolicyName);
      if (document) return { RoleName, PolicyName, PolicyDocument: printDocument(document) };
      const message = `The role policy with name ${PolicyName} cannot be found.`;
      throw new ServiceError('NoSuchEntityException', message, 404);
    },
    DeleteRolePolicy: (input) => {
      directory.role(input.RoleName).inline.delete(input.PolicyName);
    },
    ListRolePolicies: (input) => ({
      PolicyNames: [...directory.role(input.RoleName).inline.keys()],
      IsTruncated: false,
    }),
    AttachRolePolicy: (input) => {
      directory.documentOf(input.PolicyArn);
      attach(directory.role(input.RoleName), input.PolicyArn);
    },
    DetachRolePolicy: (input) => {
      directory.role(input.RoleName).attached.delete(input.PolicyArn);
    },
    ListAttachedRolePolicies: (input) => ({
      AttachedPolicies: [...directory.role(input.RoleName).attached].map((arn) => ({
        PolicyArn: arn,
        PolicyName: arn.split('/').at(-1),
      })),
      IsTruncated: false,
    }),
  };
}

function policyOperations(directory: Directory): Record<string, Operation> {
  const get = (arn: string): ManagedPolicy => {
    const policy = directory.policies.get(arn);
    if (policy) return policy;
    throw new ServiceError('NoSuchEntityException', `Policy ${arn} was not found.`, 404);
  };
  return {
    CreatePolicy: (input) => {
      const document = parseDocument(input.PolicyDocument);
      return {
        Policy: describePolicy(
          directory.createPolicy(input.PolicyName, document, input.Path, input.Description),
        ),
      };
    },
    GetPolicy: (input) => ({ Policy: describePolicy(get(input.PolicyArn)) }),
    GetPolicyVersion: (input) => ({
      PolicyVersion: {
        Document: printDocument(get(input.PolicyArn).document),
        VersionId: 'v1',
        IsDefaultVersion: true,
      },
    }),
    ListPolicies: (input) => {
      const own = input.Scope === 'AWS' ? [] : [...directory.policies.values()];
      const given = input.Scope === 'Local' ? [] : managedByAws();
      const all = [...own, ...given].filter(
        ({ arn }) => !input.OnlyAttached || directory.attachments(arn) > 0,
      );
      const { items, ...rest } = iamPage(all, input);
      const Policies = items.map((policy) => ({
        ...describePolicy(policy),
        AttachmentCount: directory.attachments(policy.arn),
      }));
      return { Policies, ...rest };
    },
    DeletePolicy: (input) => directory.deletePolicy(get(input.PolicyArn).arn),
  };
}

function profileOperations(directory: Directory): Record<string, Operation> {
  const describe = (profile: InstanceProfile) => ({
    ...identity(profile, 'InstanceProfile'),
    Roles: profile.roleName === undefined ? [] : [describeRole(directory.role(profile.roleName))],
  });
  return {
    CreateInstanceProfile: (input) => ({
      InstanceProfile: describe(directory.createProfile(input.InstanceProfileName, input.Path)),
    }),
    GetInstanceProfile: (input) => ({
      InstanceProfile: describe(directory.profile(input.InstanceProfileName)),
    }),
    AddRoleToInstanceProfile: (input) => {
      directory.profile(input.InstanceProfileName).roleName = directory.role(input.RoleName).name;
    },
    RemoveRoleFromInstanceProfile: (input) => {
      delete directory.profile(input.InstanceProfileName).roleName;
    },
    DeleteInstanceProfile: (input) => {
      directory.deleteProfile(input.InstanceProfileName);
    },
  };
}

function identity(entity: Role | ManagedPolicy | InstanceProfile, kind: string) {
  return {
    [`${kind}Name`]: entity.name,
    [`${kind}Id`]: entity.id,
    Arn: entity.arn,
    Path: entity.path,
    CreateDate: new Date(entity.createdAt),
  };
}

function describeRole(role: Role) {
  return {
    ...identity(role, 'Role'),
    AssumeRolePolicyDocument: printDocument(role.trust),
    ...(role.description && { Description: role.description }),
    MaxSessionDuration: role.maxSessionSeconds,
    Tags: [...role.tags].map(([Key, Value]) => ({ Key, Value })),
  };
}

function describePolicy(policy: ManagedPolicy) {
  return {
    ...identity(policy, 'Policy'),
    ...(policy.description && { Description: policy.description }),
    DefaultVersionId: 'v1',
    IsAttachable: true,
  };
}

function parseDocument(text: string): PolicyDocument {
  try {
    return JSON.parse(text);
  } catch {
    throw new ServiceError('MalformedPolicyDocumentException', 'Syntax errors in policy.');
  }
}

/** IAM answers with percent-encoded JSON. */
function printDocument(document: PolicyDocument): string {
  return encodeURIComponent(JSON.stringify(document));
}
