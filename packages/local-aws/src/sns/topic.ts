import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { matches, parsePattern } from '../events/pattern.ts';
import type { Instant } from '../service.ts';

/** What was published, as every subscriber hears of it. */
export interface Notice {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  /** ISO-8601 */
  readonly timestamp: string;
}

export interface Subscription {
  readonly arn: string;
  /** The token that confirms it; undefined: confirmed. */
  pending: { readonly token: string; readonly since: Instant } | undefined;
  /** When it was sent something last, newest last. */
  readonly sentAt: Instant[];
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  /** `RawMessageDelivery`, `FilterPolicy`, `FilterPolicyScope`, `RedrivePolicy` */
  readonly attributes: Map<string, string>;
}

export interface Topic {
  readonly arn: string;
  /** `DisplayName`, `Policy`, `KmsMasterKeyId`… */
  readonly attributes: Map<string, string>;
}

/** Whether a subscription's filter policy lets a notice through. */
export function wants({ attributes }: Subscription, notice: Notice): boolean {
  const policy = attributes.get('FilterPolicy');
  if (!policy) return true;
  if (attributes.get('FilterPolicyScope') === 'MessageBody')
    return matches(parsePattern(policy), bodyOf(notice));
  const values = Object.entries(notice.attributes).map(([name, { DataType, StringValue }]) => [
    name,
    DataType === 'Number'
      ? Number(StringValue)
      : DataType === 'String.Array'
        ? JSON.parse(StringValue!)
        : StringValue,
  ]);
  return matches(parsePattern(policy), Object.fromEntries(values));
}

function bodyOf({ message }: Notice): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

/** The event a function gets. @see https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export function functionEvent(notice: Notice, subscription: Subscription): object {
  const { Type, MessageId, TopicArn, Subject, Message, Timestamp, MessageAttributes } = envelope(notice);
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscription.arn,
        Sns: {
          Type,
          MessageId,
          TopicArn,
          Subject: Subject ?? null,
          Message,
          Timestamp,
          SignatureVersion: '1',
          Signature: 'EXAMPLE',
          SigningCertUrl: 'EXAMPLE',
          UnsubscribeUrl: 'EXAMPLE',
          MessageAttributes: MessageAttributes ?? {},
        },
      },
    ],
  };
}

/** The message a queue gets, unless it wants it raw. */
export function envelope(notice: Notice) {
  const attributes = Object.entries(notice.attributes).map(
    ([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? Buffer.from(BinaryValue!).toString('base64') },
    ],
  );
  return {
    Type: 'Notification',
    MessageId: notice.messageId,
    TopicArn: notice.topicArn,
    ...(notice.subject ? { Subject: notice.subject } : {}),
    Message: notice.message,
    Timestamp: notice.timestamp,
    ...(attributes.length > 0 ? { MessageAttributes: Object.fromEntries(attributes) } : {}),
  };
}
