import type { z } from 'zod';

/** Epoch milliseconds on the cloud's own clock. */
export type Instant = number;

/**
 * The cloud's clock and its event queue: everything that happens later is an entry here, and entries run one at a
 * time in the order of (time, sequence). In simulated time the clock jumps from entry to entry and stands still
 * while one runs; in real time it follows the machine's clock times a speed, and only faster than that it stands still.
 */
export interface EventQueue {
  now(): Instant;
  /** Runs `task` at `when` (at once, but after what is already due, if `when` has passed). Returns a cancel. */
  at(when: Instant, label: string, task: () => void | Promise<void>): () => void;
}

/** Who makes a call: the account's owner, a role (functions, CloudFormation), or a service on its own behalf. */
export interface Principal {
  readonly kind: 'owner' | 'role' | 'service';
  /** Of a role: the session's, `arn:aws:sts::…:assumed-role/ROLE/SESSION`. Of a service: its name, `events.amazonaws.com`. */
  readonly arn: string;
  /** Of a service: the resource on whose behalf it calls (an alarm, a rule, a topic); resource policies ask for it. */
  readonly sourceArn?: string;
}

export interface Call {
  readonly now: Instant;
  /** By the caller's clock: in simulated time a function that has waited is ahead of the cloud, whose clock stands still. */
  readonly sentAt: Instant;
  readonly principal: Principal;
  readonly requestId: string;
}

/** One API operation: decoded input (the SDK's own shape, PascalCase, Date and Uint8Array as the SDK has them) to output. */
// biome-ignore lint/suspicious/noExplicitAny: the wire layer decodes by the client's schema, the service narrows.
export type Operation = (input: any, call: Call) => unknown;

/**
 * How one service calls another, inside the process: same checks and errors as over the wire, no serialization.
 * Rejects with a `ServiceError`. Services publish their metrics this way too (`monitoring`, `PutMetricData`).
 */
export type CallService = (
  service: string,
  operation: string,
  // biome-ignore lint/suspicious/noExplicitAny: every operation has its own input.
  input: any,
  principal: Principal,
  // biome-ignore lint/suspicious/noExplicitAny: and its own output; the caller knows which.
) => Promise<any>;

/** What the authorizer needs to know about a call before it is let through. */
export interface AuthorizationTarget {
  /** IAM action, `autoscaling:SetDesiredCapacity`. */
  readonly action: string;
  /** ARNs the call touches; `['*']` where the service has no resource-level permission for it. */
  readonly resources: readonly string[];
  /** Condition keys, `aws:ResourceTag/fleet` and the like; a key with several values (`aws:TagKeys`) has a list. */
  readonly conditions?: Readonly<Record<string, string | readonly string[]>>;
}

/** One AWS service: its state lives in the object that implements this, a folder per service. */
export interface Service {
  /** Name in the SigV4 credential scope, by which requests are routed: `autoscaling`, `monitoring`, `lambda`… */
  readonly signingName: string;
  /** The SDK client's module namespace: its exported operation schemas (`SetDesiredCapacity$`) decode and encode the wire. */
  readonly schemas: Readonly<Record<string, unknown>>;
  readonly operations: Readonly<Record<string, Operation>>;
  /** IAM view of a call; without it: `signingName:Operation` on `*`. */
  authorization?(operation: string, input: unknown): AuthorizationTarget[];
  /** CloudFormation resource types that this service provides. */
  readonly resources?: readonly ResourceType[];
  /** Lets go of what outlives a call: threads, files. */
  close?(): Promise<void>;
}

export interface Resource {
  /** What `Ref` returns. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` returns, by attribute name (`Arn`, `DNSName`, …). */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface ResourceContext {
  readonly stackName: string;
  readonly stackId: string;
  readonly logicalId: string;
  readonly region: string;
  readonly account: string;
  /** A physical name as CloudFormation makes them: stack, logical id, random suffix; at most `maxLength` characters. */
  physicalName(maxLength: number): string;
  /** Stack tags plus the `aws:cloudformation:*` ones. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * How CloudFormation makes, changes and deletes one type of resource. `properties` is a strict schema: a property
 * that the local cloud does not know is an error, not silence.
 */
// biome-ignore lint/suspicious/noExplicitAny: each type has its own properties; the schema narrows them before use.
export interface ResourceType<P = any> {
  readonly type: string;
  readonly properties: z.ZodType<P>;
  create(properties: P, context: ResourceContext): Resource | Promise<Resource>;
  /** Return a resource with another physicalId to say that it was replaced; CloudFormation then deletes the old one. */
  update(physicalId: string, next: P, previous: P, context: ResourceContext): Resource | Promise<Resource>;
  delete(physicalId: string, properties: P, context: ResourceContext): void | Promise<void>;
  /**
   * What a resource is now, in the words of its template: of each property that drift detection compares, its value, or
   * undefined where it has none. Undefined as a whole: it is gone. A type without this is not checked for drift.
   */
  actual?(physicalId: string): Readonly<Record<string, unknown>> | undefined;
  /** Whether making, changing or deleting one waits for something that is on the event queue itself (see `until`). */
  readonly waitsForEventQueue?: boolean;
}

/** An error as the service puts it on the wire: code, HTTP status, fault. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;
  /** Further modelled members of the error's shape. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.members = members;
  }
}
