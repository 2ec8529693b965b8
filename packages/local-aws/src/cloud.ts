import { authorize, type PolicySource } from './authorize.ts';
import { Credentials } from './credentials.ts';
import { CloudEventQueue } from './event-queue.ts';
import { Ids } from './ids.ts';
import {
  type AuthorizationTarget,
  type Call,
  type CallService,
  type Instant,
  type Principal,
  type Service,
  ServiceError,
} from './service.ts';
import { Model } from './wire/shape.ts';

export interface CloudOptions {
  /** The cloud's clock starts here, in simulated time. */
  readonly start: Instant;
  readonly region?: string;
  readonly account?: string;
  /** Of everything random in the cloud: ids, names. */
  readonly seed?: number;
  /** How many functions may run at once: 1000, as in an account of some age; a new one has ten. */
  readonly concurrentExecutions?: number;
}

interface Registered {
  readonly service: Service;
  readonly model: Model;
}

/** Services whose actions IAM knows by another name than they sign with. */
const iamPrefixes: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

/** One account in one region: the services, the clock they share, and who may call what. */
export class Cloud {
  readonly eventQueue: CloudEventQueue;
  readonly region: string;
  readonly account: string;
  readonly concurrentExecutions: number;
  readonly ids: Ids;
  readonly credentials: Credentials;
  /** Where the endpoint listens, once it does; functions need it. */
  endpointUrl: string | undefined;
  /** What every function finds in its environment besides: where stand-ins for others than AWS listen. */
  readonly functionVariables: Record<string, string> = {};
  /** What anybody may read, without a signature, by its path; undefined while it is not there. */
  readonly documents = new Map<string, () => unknown>();
  readonly #services = new Map<string, Registered>();
  /** Apart from `ids`, so that a client that looks around does not change the ids of what is made later. */
  readonly #requestIds: Ids;
  #policies: PolicySource = { policiesOf: () => [] };

  constructor(options: CloudOptions) {
    const seed = options.seed ?? 1;
    this.eventQueue = new CloudEventQueue(options.start);
    this.region = options.region ?? 'us-east-1';
    this.account = options.account ?? '000000000000';
    this.concurrentExecutions = options.concurrentExecutions ?? 1000;
    this.ids = new Ids(seed);
    this.#requestIds = new Ids(seed + 1);
    this.credentials = new Credentials(this.account, this.ids);
  }

  /** Adds services; each is reachable by its signing name from then on. */
  add(...services: Service[]): this {
    for (const service of services) {
      this.#services.set(service.signingName, { service, model: new Model(service.schemas) });
    }
    return this;
  }

  /** Roles may do what these policies say; until this is called, nothing. */
  usePolicies(source: PolicySource): this {
    this.#policies = source;
    return this;
  }

  get services(): readonly Service[] {
    return [...this.#services.values()].map(({ service }) => service);
  }

  modelOf(signingName: string): Model | undefined {
    return this.#services.get(signingName)?.model;
  }

  /** Calls an operation within the process: the same authorization and errors as over the wire. */
  readonly call: CallService = (signingName, operation, input, principal) =>
    this.perform(signingName, operation, input, principal, this.nextRequestId());

  /** May somebody do this, to whatever there is? */
  mayDo(principal: Principal, action: string): boolean {
    try {
      authorize(principal, [{ action, resources: ['*'] }], this.#policies);
      return true;
    } catch {
      return false;
    }
  }

  nextRequestId(): string {
    return this.#requestIds.uuid();
  }

  async close(): Promise<void> {
    this.eventQueue.pause();
    await Promise.all(this.services.map((service) => service.close?.()));
  }

  /** @throws ServiceError `InvalidAction` for what the service does not do here, `AccessDenied`, or its own. */
  async perform(
    signingName: string,
    operation: string,
    input: unknown,
    principal: Principal,
    requestId: string,
    sentAt = this.eventQueue.now(),
  ): Promise<unknown> {
    const service = this.#services.get(signingName)?.service;
    const run = service?.operations[operation];
    if (!service || !run) {
      throw new ServiceError('InvalidAction', `The local cloud does not provide ${signingName}:${operation}`);
    }
    authorize(principal, targetsOf(service, operation, input), this.#policies);
    const call: Call = { now: this.eventQueue.now(), sentAt, principal, requestId };
    return await run.call(service, input, call);
  }
}

function targetsOf(service: Service, operation: string, input: unknown): AuthorizationTarget[] {
  const targets = service.authorization?.(operation, input);
  if (targets) return targets;
  const prefix = iamPrefixes[service.signingName] ?? service.signingName;
  return [{ action: `${prefix}:${operation}`, resources: ['*'] }];
}
