import type { EventQueue, ResourceType } from '../service.ts';
import { holds, type Scope } from './intrinsics.ts';
import type { Output, Stack, Target } from './stack.ts';

/** What a deployment needs from the cloud around it. */
export interface Surroundings {
  readonly eventQueue: EventQueue;
  readonly region: string;
  readonly account: string;
  readonly availabilityZones: readonly string[];
  /** @throws ServiceError for a type that the local cloud does not know. */
  typeOf(name: string): ResourceType;
  /** Replaces `{{resolve:…}}` by what it refers to. */
  resolveDynamic(properties: unknown): Promise<unknown>;
  /** Twelve letters and digits that make a physical name unique. */
  randomSuffix(): string;
  /** @throws ServiceError when no stack exports the name. */
  importValue(exportName: string): string;
  /** @throws ServiceError when there is no such stack, or it has no such output. */
  outputOf(stackName: string, outputName: string): string;
  /** @throws ServiceError when an export that a stack is to have is taken, or one that it no longer has is in use. */
  checkExports(stack: Stack, outputs: Readonly<Record<string, Output>>): void;
}

/** Which resources or outputs of a template its conditions let in. */
export function included(
  items: Readonly<Record<string, { Condition?: string | undefined }>>,
  scope: Scope,
): Set<string> {
  const names = Object.entries(items).filter(([, item]) => !item.Condition || holds(item.Condition, scope));
  return new Set(names.map(([name]) => name));
}

/** What the functions in a stack's template see. */
export function scopeOf(stack: Stack, target: Target, surroundings: Surroundings): Scope {
  return {
    template: target.template,
    parameters: {
      ...target.parameters.resolved,
      'AWS::AccountId': surroundings.account,
      'AWS::NotificationARNs': [],
      'AWS::Partition': 'aws',
      'AWS::Region': surroundings.region,
      'AWS::StackId': stack.id,
      'AWS::StackName': stack.name,
      'AWS::URLSuffix': 'amazonaws.com',
    },
    availabilityZones: surroundings.availabilityZones,
    resource: (logicalId) => stack.resources.get(logicalId),
    importValue: (name) => surroundings.importValue(name),
    outputOf: (stackName, outputName) => surroundings.outputOf(stackName, outputName),
  };
}
