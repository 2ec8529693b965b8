import { z } from 'zod';
import type { PolicyDocument } from '../authorize.ts';
import type { Resource, ResourceContext, ResourceType } from '../service.ts';
import { tagList, tagsOf } from '../template-tags.ts';
import type { Directory } from './directory.ts';
import { attach, checkManagedPolicy, putInline } from './quotas.ts';
import type { Role } from './role.ts';
import { tagsByKey } from './role-tags.ts';

const list = <T extends z.ZodType>(item: T) => z.union([item, z.array(item)]);

const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.unknown().optional(),
  Action: list(z.string()).optional(),
  NotAction: list(z.string()).optional(),
  Resource: list(z.string()).optional(),
  NotResource: list(z.string()).optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});

const policyDocument = z.strictObject({
  Version: z.string().optional(),
  Id: z.string().optional(),
  Statement: list(statement),
}) as unknown as z.ZodType<PolicyDocument>;

const roleProperties = z.strictObject({
  RoleName: z.string().max(64).optional(),
  AssumeRolePolicyDocument: policyDocument,
  Description: z.string().optional(),
  ManagedPolicyArns: z.array(z.string()).default([]),
  MaxSessionDuration: z.number().optional(),
  Path: z.string().optional(),
  PermissionsBoundary: z.string().optional(),
  Policies: z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument: policyDocument })).default([]),
  Tags: tagList.optional(),
});
type RoleProperties = z.infer<typeof roleProperties>;

const policyProperties = z.strictObject({
  PolicyName: z.string(),
  PolicyDocument: policyDocument,
  Roles: z.array(z.string()).min(1),
});
type PolicyProperties = z.infer<typeof policyProperties>;

const managedPolicyProperties = z.strictObject({
  ManagedPolicyName: z.string().optional(),
  Description: z.string().optional(),
  Path: z.string().optional(),
  PolicyDocument: policyDocument,
  Roles: z.array(z.string()).default([]),
});
type ManagedPolicyProperties = z.infer<typeof managedPolicyProperties>;

const profileProperties = z.strictObject({
  InstanceProfileName: z.string().optional(),
  Path: z.string().optional(),
  Roles: z.array(z.string()).length(1),
});
type ProfileProperties = z.infer<typeof profileProperties>;

/** The CloudFormation types of IAM. */
export function iamTypes(directory: Directory): ResourceType[] {
  return [roleType(directory), policyType(directory), managedPolicyType(directory), profileType(directory)];
}

function roleType(directory: Directory): ResourceType<RoleProperties> {
  const configure = (
    role: Role,
    next: RoleProperties,
    before: RoleProperties | undefined,
    context: ResourceContext,
  ) => {
    const tags = tagsByKey(tagsOf(next, context));
    for (const arn of next.ManagedPolicyArns) directory.documentOf(arn);
    role.trust = next.AssumeRolePolicyDocument;
    role.description = next.Description;
    role.maxSessionSeconds = next.MaxSessionDuration ?? 3600;
    for (const arn of before?.ManagedPolicyArns ?? []) role.attached.delete(arn);
    for (const arn of next.ManagedPolicyArns) attach(role, arn);
    for (const { PolicyName } of before?.Policies ?? []) role.inline.delete(PolicyName);
    for (const { PolicyName, PolicyDocument } of next.Policies) putInline(role, PolicyName, PolicyDocument);
    role.tags = tags;
    return { physicalId: role.name, attributes: { Arn: role.arn, RoleId: role.id } };
  };
  const create = (properties: RoleProperties, context: ResourceContext) => {
    for (const arn of properties.ManagedPolicyArns) directory.documentOf(arn);
    tagsByKey(tagsOf(properties, context));
    const role = directory.createRole(properties.RoleName ?? context.physicalName(64), {
      trust: properties.AssumeRolePolicyDocument,
      path: properties.Path,
      permissionsBoundary: properties.PermissionsBoundary,
    });
    return configure(role, properties, undefined, context);
  };
  return {
    type: 'AWS::IAM::Role',
    properties: roleProperties,
    create,
    update: (physicalId, next, previous, context) =>
      next.RoleName !== previous.RoleName || next.Path !== previous.Path
        ? create(next, context)
        : configure(directory.role(physicalId), next, previous, context),
    delete: (physicalId, properties) => {
      const role = directory.role(physicalId);
      for (const arn of properties.ManagedPolicyArns) role.attached.delete(arn);
      for (const { PolicyName } of properties.Policies) role.inline.delete(PolicyName);
      directory.deleteRole(physicalId);
    },
  };
}

function policyType(directory: Directory): ResourceType<PolicyProperties> {
  const put = (properties: PolicyProperties) => {
    for (const name of properties.Roles) {
      putInline(directory.role(name), properties.PolicyName, properties.PolicyDocument);
    }
  };
  const remove = (properties: PolicyProperties) => {
    for (const name of properties.Roles) directory.roles.get(name)?.inline.delete(properties.PolicyName);
  };
  return {
    type: 'AWS::IAM::Policy',
    properties: policyProperties,
    create: (properties, context) => {
      put(properties);
      return { physicalId: context.physicalName(128), attributes: {} };
    },
    update: (physicalId, next, previous) => {
      remove(previous);
      put(next);
      return { physicalId, attributes: {} };
    },
    delete: (_, properties) => remove(properties),
  };
}

function managedPolicyType(directory: Directory): ResourceType<ManagedPolicyProperties> {
  const attachTo = (roles: readonly string[], arn: string) => {
    for (const name of roles) attach(directory.role(name), arn);
    return { physicalId: arn, attributes: { PolicyArn: arn, PolicyId: directory.policies.get(arn)!.id } };
  };
  const detach = (arn: string, roles: readonly string[]) => {
    for (const name of roles) directory.roles.get(name)?.attached.delete(arn);
  };
  const create = (properties: ManagedPolicyProperties, context: ResourceContext) => {
    const { PolicyDocument, Path, Description } = properties;
    const name = properties.ManagedPolicyName ?? context.physicalName(128);
    const { arn } = directory.createPolicy(name, PolicyDocument, Path, Description);
    return attachTo(properties.Roles, arn);
  };
  return {
    type: 'AWS::IAM::ManagedPolicy',
    properties: managedPolicyProperties,
    create,
    update: (arn, next, previous, context) => {
      if (next.ManagedPolicyName !== previous.ManagedPolicyName || next.Path !== previous.Path) {
        return create(next, context);
      }
      detach(arn, previous.Roles);
      checkManagedPolicy(next.PolicyDocument);
      directory.policies.get(arn)!.document = next.PolicyDocument;
      return attachTo(next.Roles, arn);
    },
    delete: (arn, properties) => {
      detach(arn, properties.Roles);
      directory.deletePolicy(arn);
    },
  };
}

function profileType(directory: Directory): ResourceType<ProfileProperties> {
  const create = (properties: ProfileProperties, context: ResourceContext): Resource => {
    const role = directory.role(properties.Roles[0]!);
    const profile = directory.createProfile(
      properties.InstanceProfileName ?? context.physicalName(128),
      properties.Path,
    );
    profile.roleName = role.name;
    return { physicalId: profile.name, attributes: { Arn: profile.arn } };
  };
  return {
    type: 'AWS::IAM::InstanceProfile',
    properties: profileProperties,
    create,
    update: (physicalId, next, previous, context) => {
      if (next.InstanceProfileName !== previous.InstanceProfileName || next.Path !== previous.Path) {
        return create(next, context);
      }
      const profile = directory.profile(physicalId);
      profile.roleName = directory.role(next.Roles[0]!).name;
      return { physicalId, attributes: { Arn: profile.arn } };
    },
    delete: (physicalId) => {
      directory.profiles.delete(physicalId);
    },
  };
}
