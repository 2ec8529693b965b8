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

/**
 * One account in one region: the services, the clock they share, and who may call what. Another region of the account is another
 * `Cloud` (`openRegion`): of what is in one, the services of the other know nothing.
 */
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
  readonly #home: Cloud;
  /** By name, this one among them; of the home region all that were opened. */
  readonly #regions = new Map<string, Cloud>();
  #policies: PolicySource = { policiesOf: () => [] };

  /** @param home whose other region this is */
  constructor(options: CloudOptions, home?: Cloud) {
    const seed = options.seed ?? 1;
    this.#home = home ?? this;
    this.eventQueue = home?.eventQueue ?? new CloudEventQueue(options.start);
    this.region = options.region ?? 'us-east-1';
    this.account = home?.account ?? options.account ?? '000000000000';
    this.concurrentExecutions = options.concurrentExecutions ?? 1000;
    this.ids = home?.ids ?? new Ids(seed);
    this.#requestIds = home ? home.#requestIds : new Ids(seed + 1);
    this.credentials = home?.credentials ?? new Credentials(this.account, this.ids);
    this.#home.#regions.set(this.region, this);
  }

  /** 0 at home; the others in the order in which they were opened. */
  get regionNumber(): number {
    return [...this.#home.#regions.keys()].indexOf(this.region);
  }

  /** Another region of the same account, with the same clock, ids, keys and rights, and no services yet. */
  openRegion(region: string): Cloud {
    return this.inRegion(region) ?? new Cloud({ start: this.eventQueue.now(), region }, this.#home);
  }

  /** @returns undefined for a region that was not opened */
  inRegion(region: string): Cloud | undefined {
    return this.#home.#regions.get(region);
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
      authorize(principal, [{ action, resources: ['*'] }], this.#home.#policies);
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
    const all = [...this.#home.#regions.values()].flatMap(({ services }) => services);
    await Promise.all(all.map((service) => service.close?.()));
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
      throw new ServiceError(
        'InvalidAction',
        `The local cloud does not provide ${signingName}:${operation} in ${this.region}`,
      );
    }
    authorize(principal, targetsOf(service, operation, input), this.#home.#policies);
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
