import * as schemas from '@aws-sdk/client-eventbridge';
import type { CloudContext } from '../cloud-context.ts';
import { defaultRetryPolicy, RetryingDelivery } from '../retrying-delivery.ts';
import { sessionOf } from '../role-session.ts';
import {
  type AuthorizationTarget,
  type Call,
  type Operation,
  type Principal,
  type ResourceType,
  type Service,
  ServiceError,
} from '../service.ts';
import { Tags } from '../tags.ts';
import { matches } from './pattern.ts';
import { eventBridgeResources } from './resources.ts';
import type { BusEvent, Rule } from './rule.ts';
import { ruleOperations } from './rule-operations.ts';
import { inputFor } from './target-input.ts';

const serviceName = 'events.amazonaws.com';
const maxEntries = 10;
const maxBytes = 1024 * 1024;

interface Forwarded {
  /** The ARN of the bus that it goes to. */
  readonly EventBusName: string;
  readonly event: BusEvent;
}

/** Amazon EventBridge: event buses, rules by pattern or schedule, and their targets. */
export class EventBridge implements Service {
  readonly signingName = 'events';
  readonly schemas = schemas as unknown as Record<string, unknown>;
  readonly operations: Record<string, Operation>;
  readonly resources: readonly ResourceType[];
  readonly #cloud: CloudContext;
  readonly #delivery: RetryingDelivery;
  /** By bus name, then rule name. */
  readonly #buses = new Map<string, Map<string, Rule>>([['default', new Map()]]);
  readonly #tags = new Tags();

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
    this.#delivery = new RetryingDelivery(cloud);
    this.operations = {
      ...ruleOperations(
        cloud,
        this.#tags,
        (bus) => this.#rulesOf(bus),
        (rule) => this.#fire(rule),
      ),
      ...this.#busOperations(),
      PutEvents: (input: schemas.PutEventsRequest, call) => this.#putEvents(input, call),
      // No operation of AWS's: what another bus sends on comes as it was.
      ForwardEvent: ({ EventBusName, event }: Forwarded) => this.#match(EventBusName, event, 'forwarded'),
    };
    this.resources = eventBridgeResources(cloud, this.operations);
  }

  authorization(operation: string, input: Record<string, unknown>): AuthorizationTarget[] {
    const action = `events:${operation}`;
    const arn = (kind: string, name: string) =>
      `arn:aws:events:${this.#cloud.region}:${this.#cloud.account}:${kind}/${name}`;
    if (operation === 'ForwardEvent') {
      const { EventBusName, event } = input as unknown as Forwarded;
      const conditions = { 'events:source': event.source, 'events:detail-type': event['detail-type'] };
      return [{ action: 'events:PutEvents', resources: [EventBusName], conditions }];
    }
    if (operation === 'PutEvents') {
      return (input as { Entries: schemas.PutEventsRequestEntry[] }).Entries.map((entry) => ({
        action,
        resources: [arn('event-bus', busNameOf(entry.EventBusName))],
        conditions: { 'events:source': entry.Source ?? '', 'events:detail-type': entry.DetailType ?? '' },
      }));
    }
    const name = input['Rule'] ?? (/Rule/.test(operation) ? input['Name'] : undefined);
    if (typeof name !== 'string') return [{ action, resources: ['*'] }];
    const bus = busNameOf(input['EventBusName'] as string | undefined);
    const rule = arn('rule', bus === 'default' ? name : `${bus}/${name}`);
    return [{ action, resources: [rule], conditions: this.#tags.conditions(rule) }];
  }

  #rulesOf(bus: string | undefined): Map<string, Rule> {
    const rules = this.#buses.get(busNameOf(bus));
    if (rules) return rules;
    throw new ServiceError('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
  }

  #putEvents({ Entries }: schemas.PutEventsRequest, call: Call): schemas.PutEventsResponse {
    const entries = Entries!;
    const bytes = entries.reduce(
      (sum, { Detail, Source, DetailType }) => sum + Buffer.byteLength(`${Detail}${Source}${DetailType}`),
      0,
    );
    if (entries.length < 1 || entries.length > maxEntries || bytes > maxBytes) {
      const message =
        bytes > maxBytes
          ? 'Total size of the entries in the request is over the limit.'
          : `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to ${maxEntries}`;
      throw new ServiceError('ValidationException', message);
    }
    const results = entries.map((entry) => this.#putEvent(entry, call));
    return { FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode).length, Entries: results };
  }

  #putEvent(entry: schemas.PutEventsRequestEntry, { now, principal }: Call): schemas.PutEventsResultEntry {
    const { Source, DetailType, Detail, Resources = [], Time, EventBusName } = entry;
    const missing = Object.entries({ Source, DetailType, Detail }).find(([, value]) => !value)?.[0];
    if (missing) {
      return {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`,
      };
    }
    if (Source!.startsWith('aws.') && principal.kind !== 'service') {
      return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
    }
    const detail = objectIn(Detail!);
    if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
    const event = this.#event(DetailType!, Source!, Time?.getTime() ?? now, Resources, detail);
    this.#match(EventBusName, event);
    return { EventId: event.id };
  }

  #match(bus: string | undefined, event: BusEvent, came: 'put' | 'forwarded' = 'put'): void {
    for (const rule of this.#rulesOf(bus).values()) {
      if (rule.enabled && rule.eventPattern && matches(rule.eventPattern.pattern, event))
        this.#send(rule, event, came);
    }
  }

  /** To another bus, of this region or of another one, in the target's role. What may not go there is gone. */
  async #forward(rule: Rule, target: schemas.Target, event: BusEvent): Promise<void> {
    const [, , , region] = target.Arn!.split(':');
    const there = this.#cloud.inRegion(region!);
    const forwarded: Forwarded = { EventBusName: target.Arn!, event };
    await there?.call('events', 'ForwardEvent', forwarded, callerOf(rule, target)).catch((error: unknown) => {
      if (!(error instanceof ServiceError)) throw error;
    });
  }

  #event(
    detailType: string,
    source: string,
    at: number,
    resources: readonly string[],
    detail: unknown,
  ): BusEvent {
    return {
      version: '0',
      id: this.#cloud.ids.uuid(),
      'detail-type': detailType,
      source,
      account: this.#cloud.account,
      time: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'),
      region: this.#cloud.region,
      resources,
      detail,
    };
  }

  /** A scheduled rule is due. */
  #fire(rule: Rule): void {
    this.#send(
      rule,
      this.#event('Scheduled Event', 'aws.events', this.#cloud.eventQueue.now(), [rule.arn], {}),
    );
  }

  /** Targets are called after PutEvents has been answered. */
  #send(rule: Rule, event: BusEvent, came: 'put' | 'forwarded' = 'put'): void {
    for (const target of rule.targets.values()) {
      if (target.Arn!.includes(':event-bus/')) {
        // What came from another bus goes to no third one.
        if (came === 'forwarded') continue;
        this.#cloud.eventQueue.at(this.#cloud.eventQueue.now(), `${rule.name} to ${target.Arn}`, () =>
          this.#forward(rule, target, event),
        );
        continue;
      }
      const text = inputFor(target, { ...event });
      const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = target.RetryPolicy ?? {};
      const parcel = {
        targetArn: target.Arn!,
        text: () => text,
        principal: callerOf(rule, target),
        retryPolicy: {
          maximumRetryAttempts: MaximumRetryAttempts ?? defaultRetryPolicy.maximumRetryAttempts,
          maximumEventAgeSeconds: MaximumEventAgeInSeconds ?? defaultRetryPolicy.maximumEventAgeSeconds,
        },
        options: {
          source: event.source,
          detailType: event['detail-type'],
          messageGroupId: target.SqsParameters?.MessageGroupId,
        },
        deadLetterArn: target.DeadLetterConfig?.Arn,
        deadLetterPrincipal: onBehalfOf(rule),
        deadLetterAttributes: { RULE_ARN: rule.arn },
      };
      this.#cloud.eventQueue.at(this.#cloud.eventQueue.now(), `${rule.name} to ${target.Arn}`, () =>
        this.#delivery.deliver(parcel),
      );
    }
  }

  #busOperations(): Record<string, Operation> {
    const describe = (name: string) => ({
      Name: name,
      Arn: `arn:aws:events:${this.#cloud.region}:${this.#cloud.account}:event-bus/${name}`,
    });
    return {
      CreateEventBus: ({ Name }) => {
        if (this.#buses.has(Name)) {
          throw new ServiceError('ResourceAlreadyExistsException', `Event bus ${Name} already exists.`);
        }
        this.#buses.set(Name, new Map());
        return { EventBusArn: describe(Name).Arn };
      },
      DescribeEventBus: ({ Name }) => {
        this.#rulesOf(Name);
        return describe(busNameOf(Name));
      },
      ListEventBuses: () => ({ EventBuses: [...this.#buses.keys()].map(describe) }),
      DeleteEventBus: ({ Name }) => {
        if ((this.#buses.get(Name)?.size ?? 0) > 0) {
          throw new ServiceError(
            'ValidationException',
            `Event bus ${Name} can't be deleted since it has rules.`,
          );
        }
        this.#buses.delete(Name);
      },
    };
  }
}

/**
 * The target's role, if it has one; else EventBridge on behalf of the rule. Of that, topics are not told, so that no
 * condition in their policies is met.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
 */
function callerOf(rule: Rule, { Arn, RoleArn, Id }: schemas.Target): Principal {
  if (RoleArn) return sessionOf(RoleArn, Id!);
  return Arn!.startsWith('arn:aws:sns:') ? { kind: 'service', arn: serviceName } : onBehalfOf(rule);
}

function onBehalfOf(rule: Rule): Principal {
  return { kind: 'service', arn: serviceName, sourceArn: rule.arn };
}

function busNameOf(given: string | undefined): string {
  return given === undefined ? 'default' : given.slice(given.lastIndexOf('/') + 1);
}

function objectIn(json: string): object | undefined {
  try {
    const value = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
