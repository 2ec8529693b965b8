import * as schemas from '@aws-sdk/client-sns';
import { authorizeService } from '../authorize.ts';
import type { CloudContext } from '../cloud-context.ts';
import { Delivery } from '../delivery.ts';
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
import { type ConfirmationMail, floods, isSubject, type Mail, pendingForMs } from './email.ts';
import { snsResources } from './resources.ts';
import { envelope, functionEvent, type Notice, type Subscription, type Topic, wants } from './topic.ts';

const maxMessageBytes = 256 * 1024;

/** Amazon SNS: topics that pass notices on to functions, queues and mail boxes. */
export class Sns implements Service {
  readonly signingName = 'sns';
  readonly schemas = schemas as unknown as Record<string, unknown>;
  readonly operations: Record<string, Operation>;
  readonly resources: readonly ResourceType[];
  /** Mail to subscribed addresses, oldest first: nothing leaves the machine. */
  readonly inbox: Mail[] = [];
  /** Mail that asks for confirmation, oldest first. A test or `npm start` confirms with its token, or does not. */
  readonly confirmations: ConfirmationMail[] = [];
  readonly #cloud: CloudContext;
  readonly #delivery: Delivery;
  readonly #topics = new Map<string, Topic>();
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #tags = new Tags();

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
    this.#delivery = new Delivery(cloud);
    this.operations = {
      ...this.#topicOperations(),
      ...this.#subscriptionOperations(),
      ...this.#tagOperations(),
      Publish: (input: schemas.PublishInput, call) => this.#publish(input, call),
    };
    this.resources = snsResources(cloud, this.operations);
  }

  authorization(operation: string, input: Record<string, unknown>): AuthorizationTarget[] {
    const { TopicArn, ResourceArn, SubscriptionArn, Name } = input;
    const arn = String(
      TopicArn ?? ResourceArn ?? SubscriptionArn ?? (Name ? this.#arnOf(String(Name)) : '*'),
    );
    return [{ action: `sns:${operation}`, resources: [arn], conditions: this.#tags.conditions(arn) }];
  }

  #arnOf(name: string): string {
    return `arn:aws:sns:${this.#cloud.region}:${this.#cloud.account}:${name}`;
  }

  #topic(arn: string | undefined): Topic {
    const topic = this.#topics.get(arn ?? '');
    if (topic) return topic;
    throw new ServiceError('NotFound', 'Topic does not exist', 404);
  }

  #subscription(arn: string | undefined): Subscription {
    const subscription = this.#subscriptions.get(arn ?? '');
    if (subscription) return subscription;
    throw new ServiceError('NotFound', 'Subscription does not exist', 404);
  }

  #publish(input: schemas.PublishInput, { principal }: Call): schemas.PublishResponse {
    const topicArn = (input.TopicArn ?? input.TargetArn)!;
    const topic = this.#topic(topicArn);
    authorizePublisher(topic, principal);
    if (input.Message === '' || Buffer.byteLength(input.Message!) > maxMessageBytes) {
      const reason = input.Message === '' ? 'Empty message' : 'Message too long';
      throw new ServiceError('InvalidParameter', `Invalid parameter: ${reason}`);
    }
    if (input.Subject !== undefined && !isSubject(input.Subject)) {
      throw new ServiceError('InvalidParameter', 'Invalid parameter: Subject');
    }
    const notice: Notice = {
      messageId: this.#cloud.ids.uuid(),
      topicArn,
      subject: input.Subject,
      message: input.Message!,
      attributes: input.MessageAttributes ?? {},
      timestamp: new Date(this.#cloud.eventQueue.now()).toISOString(),
    };
    for (const subscription of this.#subscriptionsOf(topicArn)) {
      if (subscription.pending || !wants(subscription, notice)) continue;
      this.#cloud.eventQueue.at(this.#cloud.eventQueue.now(), `notice to ${subscription.endpoint}`, () =>
        this.#deliver(notice, subscription),
      );
    }
    return { MessageId: notice.messageId };
  }

  /** What the endpoint refuses goes to the subscription's dead-letter queue, or is lost. */
  async #deliver(notice: Notice, subscription: Subscription): Promise<void> {
    const { protocol, endpoint, attributes } = subscription;
    if (protocol.startsWith('email')) {
      if (subscription.pending) return;
      const { subject = 'AWS Notification Message', message: text, timestamp: sentAt } = notice;
      this.inbox.push({ to: endpoint, subject, text, sentAt });
      if (floods(subscription, this.#cloud.eventQueue.now())) this.#askForConfirmation(subscription);
      return;
    }
    const raw = attributes.get('RawMessageDelivery') === 'true';
    const content = protocol === 'lambda' ? functionEvent(notice, subscription) : envelope(notice);
    const text = raw ? notice.message : JSON.stringify(content);
    const principal: Principal = { kind: 'service', arn: 'sns.amazonaws.com', sourceArn: notice.topicArn };
    try {
      await this.#delivery.send(endpoint, text, principal);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const redrive = attributes.get('RedrivePolicy');
      if (redrive) await this.#delivery.send(JSON.parse(redrive).deadLetterTargetArn, text, principal);
    }
  }

  /**
   * Nothing is sent to an address before its reader has confirmed the subscription. An unconfirmed one is deleted.
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
   */
  #askForConfirmation(subscription: Subscription): void {
    const { eventQueue, ids } = this.#cloud;
    const pending = { token: ids.hex(64), since: eventQueue.now() };
    subscription.pending = pending;
    this.confirmations.push({
      to: subscription.endpoint,
      topicArn: subscription.topicArn,
      token: pending.token,
    });
    eventQueue.at(pending.since + pendingForMs, `confirmation of ${subscription.endpoint}`, () => {
      if (subscription.pending === pending) this.#subscriptions.delete(subscription.arn);
    });
  }

  #confirm({ TopicArn, Token }: schemas.ConfirmSubscriptionInput): schemas.ConfirmSubscriptionResponse {
    const topic = this.#topic(TopicArn);
    const found = this.#subscriptionsOf(topic.arn).find(({ pending }) => pending?.token === Token);
    if (!found) throw new ServiceError('InvalidParameter', 'Invalid parameter: Token');
    found.pending = undefined;
    found.sentAt.length = 0;
    return { SubscriptionArn: found.arn };
  }

  #subscriptionsOf(topicArn: string): Subscription[] {
    return [...this.#subscriptions.values()].filter((each) => each.topicArn === topicArn);
  }

  #topicOperations(): Record<string, Operation> {
    return {
      CreateTopic: ({ Name, Attributes = {}, Tags: tags = [] }: schemas.CreateTopicInput) => {
        if (!/^[\w-]{1,256}$/.test(Name!)) {
          throw new ServiceError('InvalidParameter', 'Invalid parameter: Topic Name');
        }
        const arn = this.#arnOf(Name!);
        const topic = this.#topics.get(arn) ?? { arn, attributes: new Map() };
        for (const [name, value] of Object.entries(Attributes)) topic.attributes.set(name, value);
        this.#topics.set(arn, topic);
        this.#tags.set(arn, tags);
        return { TopicArn: arn };
      },
      DeleteTopic: ({ TopicArn }) => {
        this.#topics.delete(TopicArn);
        this.#tags.delete(TopicArn);
        for (const { arn } of this.#subscriptionsOf(TopicArn)) this.#subscriptions.delete(arn);
      },
      ListTopics: () => ({ Topics: [...this.#topics.keys()].map((TopicArn) => ({ TopicArn })) }),
      GetTopicAttributes: ({ TopicArn }) => ({
        Attributes: {
          TopicArn,
          Owner: this.#cloud.account,
          SubscriptionsConfirmed: String(
            this.#subscriptionsOf(TopicArn).filter((one) => !one.pending).length,
          ),
          SubscriptionsPending: String(this.#subscriptionsOf(TopicArn).filter((one) => one.pending).length),
          ...Object.fromEntries(this.#topic(TopicArn).attributes),
        },
      }),
      SetTopicAttributes: ({ TopicArn, AttributeName, AttributeValue }) =>
        setAttribute(this.#topic(TopicArn).attributes, AttributeName, AttributeValue),
    };
  }

  #subscriptionOperations(): Record<string, Operation> {
    return {
      Subscribe: (input: schemas.SubscribeInput) => {
        const topic = this.#topic(input.TopicArn);
        const { Protocol: protocol, Endpoint: endpoint } = input;
        if (!/^(lambda|sqs|email|email-json)$/.test(protocol!)) {
          throw new ServiceError(
            'InvalidParameter',
            `The local cloud does not deliver by the protocol ${protocol}`,
          );
        }
        const existing = this.#subscriptionsOf(topic.arn).find(
          (each) => each.protocol === protocol && each.endpoint === endpoint,
        );
        if (existing) return { SubscriptionArn: told(existing, input) };
        const arn = `${topic.arn}:${this.#cloud.ids.uuid()}`;
        const attributes = new Map(Object.entries(input.Attributes ?? {}));
        const subscription: Subscription = {
          arn,
          topicArn: topic.arn,
          protocol: protocol!,
          endpoint: endpoint!,
          attributes,
          pending: undefined,
          sentAt: [],
        };
        this.#subscriptions.set(arn, subscription);
        if (protocol!.startsWith('email')) this.#askForConfirmation(subscription);
        return { SubscriptionArn: told(subscription, input) };
      },
      ConfirmSubscription: (input: schemas.ConfirmSubscriptionInput) => this.#confirm(input),
      Unsubscribe: ({ SubscriptionArn }) => void this.#subscriptions.delete(SubscriptionArn),
      ListSubscriptions: () => ({
        Subscriptions: [...this.#subscriptions.values()].map((each) => this.#summary(each)),
      }),
      ListSubscriptionsByTopic: ({ TopicArn }) => ({
        Subscriptions: this.#subscriptionsOf(this.#topic(TopicArn).arn).map((each) => this.#summary(each)),
      }),
      GetSubscriptionAttributes: ({ SubscriptionArn }) => {
        const subscription = this.#subscription(SubscriptionArn);
        const own = Object.fromEntries(subscription.attributes);
        return {
          Attributes: {
            ...this.#summary(subscription),
            SubscriptionArn: subscription.arn,
            PendingConfirmation: String(subscription.pending !== undefined),
            ...own,
          },
        };
      },
      SetSubscriptionAttributes: ({ SubscriptionArn, AttributeName, AttributeValue }) =>
        setAttribute(this.#subscription(SubscriptionArn).attributes, AttributeName, AttributeValue),
    };
  }

  #tagOperations(): Record<string, Operation> {
    return {
      TagResource: (input: schemas.TagResourceRequest) => this.#tags.set(input.ResourceArn!, input.Tags!),
      UntagResource: (input: schemas.UntagResourceRequest) =>
        this.#tags.remove(input.ResourceArn!, input.TagKeys!),
      ListTagsForResource: (input: schemas.ListTagsForResourceRequest) => ({
        Tags: this.#tags.of(input.ResourceArn!),
      }),
    };
  }

  /** A list does not name what is not confirmed. */
  #summary({ arn, topicArn, protocol, endpoint, pending }: Subscription) {
    const { account: Owner } = this.#cloud;
    return {
      SubscriptionArn: pending ? 'PendingConfirmation' : arn,
      TopicArn: topicArn,
      Protocol: protocol,
      Endpoint: endpoint,
      Owner,
    };
  }
}

/** An ARN is a secret until it is confirmed, unless it is asked for. */
function told({ arn, pending }: Subscription, { ReturnSubscriptionArn }: schemas.SubscribeInput): string {
  return pending && !ReturnSubscriptionArn ? 'pending confirmation' : arn;
}

/** A topic without a policy of its own lets its account's alarms publish, but no other service. */
function authorizePublisher({ attributes, arn }: Topic, principal: Principal): void {
  const policy = attributes.get('Policy');
  if (policy === undefined && principal.arn === 'cloudwatch.amazonaws.com') return;
  authorizeService(principal, policy === undefined ? undefined : JSON.parse(policy), 'sns:Publish', arn);
}

function setAttribute(attributes: Map<string, string>, name: string, value: string | undefined): void {
  if (value === undefined || value === '') attributes.delete(name);
  else attributes.set(name, value);
}
