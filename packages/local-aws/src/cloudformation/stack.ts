import type { StackResourceDrift } from '@aws-sdk/client-cloudformation';
import type { Instant, Resource } from '../service.ts';
import type { ParameterValues } from './parameters.ts';
import type { Template } from './template.ts';

/** What a stack is to become: a template with its parameters. */
export interface Target {
  readonly template: Template;
  readonly templateBody: string;
  readonly parameters: ParameterValues;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether named resources that are there already are taken over. */
  readonly importsExisting: boolean;
}

/** A resource that a stack has made. */
export interface StackResource extends Resource {
  readonly logicalId: string;
  readonly type: string;
  /** As the template says, functions evaluated; dynamic references are still references. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly dependencies: ReadonlySet<string>;
  readonly deletionPolicy: string;
  readonly updateReplacePolicy: string;
  readonly metadata: unknown;
  /** The stack's tags when the resource was last changed. */
  readonly tags: Readonly<Record<string, string>>;
  status: string;
  statusReason?: string;
  updatedAt: Instant;
}

export interface StackEvent {
  readonly EventId: string;
  readonly StackId: string;
  readonly StackName: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId: string;
  readonly ResourceType: string;
  readonly Timestamp: Date;
  readonly ResourceStatus: string;
  readonly ResourceStatusReason?: string;
  readonly ResourceProperties?: string;
  readonly ClientRequestToken?: string;
}

export interface ChangeSet {
  readonly name: string;
  readonly id: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly description?: string;
  readonly createdAt: Instant;
  /** Missing when the change set could not be made. */
  readonly target?: Target;
  readonly changes: readonly unknown[];
  readonly status: 'CREATE_COMPLETE' | 'FAILED';
  readonly statusReason?: string;
  executionStatus: 'AVAILABLE' | 'UNAVAILABLE' | 'EXECUTE_COMPLETE';
}

export interface Output {
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

/** A change that can still be undone: what a resource is now, and what it was before, if it was there. */
export interface Undo {
  readonly current: StackResource;
  readonly previous?: StackResource;
}

/** What drift detection has found in a stack. */
export interface StackDrift {
  readonly checkedAt: Instant;
  /** By logical id, of the resources that were checked; a type that nobody compares is not among them. */
  readonly resources: ReadonlyMap<string, StackResourceDrift>;
}

export const nestedStackType = 'AWS::CloudFormation::Stack';

/** One stack with its history; `CloudFormation` and `Deployment` change it. */
export class Stack {
  readonly name: string;
  readonly id: string;
  readonly createdAt: Instant;
  /** Whose resource it is, if it is nested. */
  readonly parent: Stack | undefined;
  status = 'REVIEW_IN_PROGRESS';
  statusReason?: string;
  updatedAt?: Instant;
  deletedAt?: Instant;
  target?: Target;
  outputs: Readonly<Record<string, Output>> = {};
  terminationProtection = false;
  disableRollback = false;
  roleArn?: string;
  capabilities: readonly string[] = [];
  clientRequestToken?: string;
  readonly resources = new Map<string, StackResource>();
  readonly changeSets = new Map<string, ChangeSet>();
  /** Oldest first. */
  readonly events: StackEvent[] = [];
  /** What the last operation has changed so far, until it is complete. */
  journal: Undo[] = [];
  /** What the last drift detection has found, once there was one. */
  drift?: StackDrift;
  /** Export names that this stack imports. */
  imports: ReadonlySet<string> = new Set();

  constructor(name: string, id: string, createdAt: Instant, parent?: Stack) {
    this.name = name;
    this.id = id;
    this.createdAt = createdAt;
    this.parent = parent;
  }

  get busy(): boolean {
    return this.status.endsWith('_IN_PROGRESS') && this.status !== 'REVIEW_IN_PROGRESS';
  }

  /** The outermost stack that it is in; itself, if it is in none. */
  get root(): Stack {
    return this.parent?.root ?? this;
  }

  setStatus(status: string, now: Instant, reason?: string): void {
    this.status = status;
    this.updatedAt = now;
    if (reason === undefined) delete this.statusReason;
    else this.statusReason = reason;
    this.#record({ logicalId: this.name, physicalId: this.id, type: nestedStackType }, status, now, reason);
  }

  setResourceStatus(resource: ResourceName, status: string, now: Instant, reason?: string): void {
    const known = this.resources.get(resource.logicalId);
    // A resource that was replaced is deleted under the same logical id as the one that took its place.
    if (known && known.physicalId === resource.physicalId) {
      known.status = status;
      known.updatedAt = now;
      if (reason === undefined) delete known.statusReason;
      else known.statusReason = reason;
    }
    this.#record(resource, status, now, reason);
  }

  #record(resource: ResourceName, status: string, now: Instant, reason?: string): void {
    this.events.push({
      EventId: `${resource.logicalId}-${status}-${this.events.length}`,
      StackId: this.id,
      StackName: this.name,
      LogicalResourceId: resource.logicalId,
      PhysicalResourceId: resource.physicalId ?? '',
      ResourceType: resource.type,
      Timestamp: new Date(now),
      ResourceStatus: status,
      ...(reason !== undefined && { ResourceStatusReason: reason }),
      ...(resource.properties && { ResourceProperties: JSON.stringify(resource.properties) }),
      ...(this.clientRequestToken && { ClientRequestToken: this.clientRequestToken }),
    });
  }
}

interface ResourceName {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}
