import type { Instant } from '../service.ts';
import { stackDriftStatus } from './drift.ts';
import type { ChangeSet, Stack, StackResource } from './stack.ts';

/** A stack as `DescribeStacks` shows it. */
export function describeStack(stack: Stack) {
  const { template, parameters, tags } = stack.target ?? {};
  return {
    StackName: stack.name,
    StackId: stack.id,
    ...(stack.parent && { ParentId: stack.parent.id, RootId: stack.root.id }),
    ...(template?.Description && { Description: template.Description }),
    CreationTime: new Date(stack.createdAt),
    ...(stack.updatedAt !== undefined && { LastUpdatedTime: new Date(stack.updatedAt) }),
    ...(stack.deletedAt !== undefined && { DeletionTime: new Date(stack.deletedAt) }),
    StackStatus: stack.status,
    ...(stack.statusReason && { StackStatusReason: stack.statusReason }),
    Parameters: Object.entries(parameters?.given ?? {}).map(([name, value]) => {
      const type = template?.Parameters[name]?.Type ?? '';
      const resolved = parameters?.resolved[name];
      return {
        ParameterKey: name,
        ParameterValue: template?.Parameters[name]?.NoEcho ? '****' : value,
        ...(type.startsWith('AWS::SSM::') && { ResolvedValue: String(resolved) }),
      };
    }),
    Outputs: Object.entries(stack.outputs).map(([name, { value, description, exportName }]) => ({
      OutputKey: name,
      OutputValue: value,
      ...(description && { Description: description }),
      ...(exportName && { ExportName: exportName }),
    })),
    Tags: tagList(tags ?? {}),
    Capabilities: stack.capabilities,
    NotificationARNs: [],
    DisableRollback: stack.disableRollback,
    EnableTerminationProtection: stack.terminationProtection,
    ...(stack.roleArn && { RoleARN: stack.roleArn }),
    DriftInformation: driftInformation('StackDriftStatus', stackDriftStatus(stack), stack.drift?.checkedAt),
    DeploymentConfig: { Mode: 'STANDARD' },
  };
}

/** A resource as `DescribeStackResources` shows it. */
export function describeResource(stack: Stack, resource: StackResource) {
  return {
    StackName: stack.name,
    StackId: stack.id,
    ...summarizeResource(stack, resource),
    Timestamp: new Date(resource.updatedAt),
    Metadata: JSON.stringify(resource.metadata ?? {}),
  };
}

/** A resource as `ListStackResources` shows it. */
export function summarizeResource(stack: Stack, resource: StackResource) {
  const drift = stack.drift?.resources.get(resource.logicalId);
  return {
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    LastUpdatedTimestamp: new Date(resource.updatedAt),
    ResourceStatus: resource.status,
    ...(resource.statusReason && { ResourceStatusReason: resource.statusReason }),
    DriftInformation: driftInformation(
      'StackResourceDriftStatus',
      drift?.StackResourceDriftStatus ?? 'NOT_CHECKED',
      drift?.Timestamp?.getTime(),
    ),
  };
}

/** A change set as `ListChangeSets` shows it. */
export function summarizeChangeSet(stack: Stack, changeSet: ChangeSet) {
  return {
    StackId: stack.id,
    StackName: stack.name,
    ChangeSetId: changeSet.id,
    ChangeSetName: changeSet.name,
    ...(changeSet.description && { Description: changeSet.description }),
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.status,
    ...(changeSet.statusReason && { StatusReason: changeSet.statusReason }),
    CreationTime: new Date(changeSet.createdAt),
  };
}

/** A change set as `DescribeChangeSet` shows it. */
export function describeChangeSet(stack: Stack, changeSet: ChangeSet) {
  return {
    ...summarizeChangeSet(stack, changeSet),
    Parameters: Object.entries(changeSet.target?.parameters.given ?? {}).map(
      ([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      }),
    ),
    Tags: tagList(changeSet.target?.tags ?? {}),
    Capabilities: stack.capabilities,
    NotificationARNs: [],
    Changes: changeSet.changes,
    DeploymentConfig: { Mode: 'STANDARD' },
  };
}

function driftInformation(member: string, status: string, checkedAt: Instant | undefined) {
  return {
    [member]: status,
    ...(checkedAt !== undefined && { LastCheckTimestamp: new Date(checkedAt) }),
  };
}

function tagList(tags: Readonly<Record<string, string>>) {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
