import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { PolicyDocument } from '../authorize.ts';
import { type Instant, ServiceError } from '../service.ts';

export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly senderId: string;
  readonly sentAt: Instant;
  firstReceivedAt: Instant | undefined;
  receiveCount: number;
  /** Nobody sees it before this. */
  visibleAt: Instant;
  receiptHandle: string | undefined;
}

/** Attributes that a queue can be given, with AWS's defaults; `null` is none. */
const settable: Readonly<Record<string, string | null>> = {
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  VisibilityTimeout: '30',
  Policy: null,
  RedrivePolicy: null,
  RedriveAllowPolicy: null,
  KmsMasterKeyId: null,
  KmsDataKeyReusePeriodSeconds: null,
  SqsManagedSseEnabled: 'true',
};

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** A standard queue: its messages and attributes. */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Instant;
  modifiedAt: Instant;
  messages: QueueMessage[] = [];
  readonly #attributes = new Map<string, string>();

  constructor(name: string, arn: string, now: Instant) {
    this.name = name;
    this.arn = arn;
    this.createdAt = now;
    this.modifiedAt = now;
    for (const [key, value] of Object.entries(settable)) if (value !== null) this.#attributes.set(key, value);
  }

  /** An empty text takes an attribute away. @throws ServiceError `InvalidAttributeName` */
  setAttributes(attributes: Readonly<Record<string, string>>, now: Instant): void {
    for (const [name, value] of Object.entries(attributes)) {
      if (!(name in settable)) throw new ServiceError('InvalidAttributeName', `Unknown Attribute ${name}.`);
      if (value === '') this.#attributes.delete(name);
      else this.#attributes.set(name, value);
    }
    this.modifiedAt = now;
  }

  attribute(name: string): string | undefined {
    return this.#attributes.get(name);
  }

  seconds(name: string): number {
    return Number(this.#attributes.get(name));
  }

  get policy(): PolicyDocument | undefined {
    const text = this.#attributes.get('Policy');
    return text === undefined ? undefined : JSON.parse(text);
  }

  get redrive(): RedrivePolicy | undefined {
    const text = this.#attributes.get('RedrivePolicy');
    if (text === undefined) return undefined;
    const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(text);
    return { deadLetterTargetArn, maxReceiveCount: Number(maxReceiveCount) };
  }

  /** Messages older than the retention period are gone. */
  expire(now: Instant): void {
    const oldest = now - this.seconds('MessageRetentionPeriod') * 1000;
    if (this.messages.some(({ sentAt }) => sentAt < oldest)) {
      this.messages = this.messages.filter(({ sentAt }) => sentAt >= oldest);
    }
  }

  counts(now: Instant): { visible: number; inFlight: number; delayed: number; oldestAgeSeconds: number } {
    this.expire(now);
    const hidden = this.messages.filter(({ visibleAt }) => visibleAt > now);
    const inFlight = hidden.filter(({ receiveCount }) => receiveCount > 0).length;
    const oldest = Math.min(now, ...this.messages.map(({ sentAt }) => sentAt));
    return {
      visible: this.messages.length - hidden.length,
      inFlight,
      delayed: hidden.length - inFlight,
      oldestAgeSeconds: Math.floor((now - oldest) / 1000),
    };
  }

  describe(now: Instant): Record<string, string> {
    const { visible, inFlight, delayed } = this.counts(now);
    return {
      ...Object.fromEntries(this.#attributes),
      QueueArn: this.arn,
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      ApproximateNumberOfMessagesDelayed: String(delayed),
      CreatedTimestamp: String(Math.floor(this.createdAt / 1000)),
      LastModifiedTimestamp: String(Math.floor(this.modifiedAt / 1000)),
    };
  }
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
