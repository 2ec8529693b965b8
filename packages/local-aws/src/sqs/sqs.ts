import * as schemas from '@aws-sdk/client-sqs';
import type { Cloud } from '../cloud.ts';
import {
  type AuthorizationTarget,
  type Call,
  type Operation,
  type ResourceType,
  type Service,
  ServiceError,
} from '../service.ts';
import { Tags } from '../tags.ts';
import { batch } from './batch.ts';
import { messageOperations } from './messages.ts';
import { reportQueues } from './metrics.ts';
import { Queue } from './queue.ts';
import { sqsResources } from './resources.ts';

/** Amazon SQS: standard queues with visibility timeouts, redrive to dead-letter queues, and their metrics. */
export class Sqs implements Service {
  readonly signingName = 'sqs';
  readonly schemas = schemas as unknown as Record<string, unknown>;
  readonly operations: Record<string, Operation>;
  readonly resources: readonly ResourceType[];
  readonly #cloud: Cloud;
  readonly #queues = new Map<string, Queue>();
  readonly #tags = new Tags();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    const find = (url: string | undefined) => this.#find(url);
    const single = messageOperations(cloud, find, (arn) => this.#queues.get(arn.split(':').at(-1)!));
    this.operations = {
      ...this.#queueOperations(),
      ...this.#tagOperations(),
      ...single,
      SendMessageBatch: batch(single['SendMessage']!),
      DeleteMessageBatch: batch(single['DeleteMessage']!),
      ChangeMessageVisibilityBatch: batch(single['ChangeMessageVisibility']!),
    };
    this.resources = sqsResources(cloud, this.operations, (url) => this.#find(url).arn);
    reportQueues(cloud, this.#queues);
  }

  authorization(operation: string, input: Record<string, unknown>): AuthorizationTarget[] {
    // A batch needs the permission of the single operation.
    const action = `sqs:${operation.replace(/Batch$/, '')}`;
    const name = input['QueueName'] ?? (input['QueueUrl'] as string | undefined)?.split('/').at(-1);
    if (name === undefined) return [{ action, resources: ['*'] }];
    const arn = this.#arnOf(String(name));
    return [{ action, resources: [arn], conditions: this.#tags.conditions(arn) }];
  }

  #arnOf(name: string): string {
    return `arn:aws:sqs:${this.#cloud.region}:${this.#cloud.account}:${name}`;
  }

  /** Clients send requests about a queue to its URL, so that it has to be the endpoint's. */
  #urlOf(name: string): string {
    const host = this.#cloud.endpointUrl ?? `https://sqs.${this.#cloud.region}.amazonaws.com`;
    return `${host}/${this.#cloud.account}/${name}`;
  }

  #find(url: string | undefined): Queue {
    const queue = this.#queues.get(url?.split('/').at(-1) ?? '');
    if (queue) return queue;
    throw new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.');
  }

  #queueOperations(): Record<string, Operation> {
    const find = (input: { QueueUrl?: string }) => this.#find(input.QueueUrl);
    return {
      CreateQueue: (input: schemas.CreateQueueRequest, call) => this.#create(input, call),
      GetQueueUrl: (input) => ({ QueueUrl: this.#urlOf(this.#find(input.QueueName).name) }),
      ListQueues: (input) => ({
        QueueUrls: [...this.#queues.keys()]
          .filter((name) => name.startsWith(input.QueueNamePrefix ?? ''))
          .map((name) => this.#urlOf(name)),
      }),
      DeleteQueue: (input) => {
        const { name, arn } = find(input);
        this.#queues.delete(name);
        this.#tags.delete(arn);
      },
      PurgeQueue: (input) => {
        find(input).messages = [];
      },
      SetQueueAttributes: (input, { now }) => find(input).setAttributes(input.Attributes, now),
      GetQueueAttributes: (input: schemas.GetQueueAttributesRequest, { now }) => {
        const all = this.#find(input.QueueUrl).describe(now);
        const wanted = input.AttributeNames ?? [];
        const given = Object.entries(all).filter(
          ([name]) => wanted.includes('All') || wanted.includes(name as schemas.QueueAttributeName),
        );
        return { Attributes: Object.fromEntries(given) };
      },
      ListDeadLetterSourceQueues: (input) => ({
        queueUrls: [...this.#queues.values()]
          .filter(({ redrive }) => redrive?.deadLetterTargetArn === find(input).arn)
          .map(({ name }) => this.#urlOf(name)),
      }),
    };
  }

  #create({ QueueName, Attributes = {}, tags = {} }: schemas.CreateQueueRequest, { now }: Call): object {
    const name = QueueName!;
    if (!/^[\w-]{1,80}$/.test(name)) {
      throw new ServiceError(
        'InvalidParameterValue',
        'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
      );
    }
    const existing = this.#queues.get(name);
    if (existing) {
      const differs = Object.entries(Attributes).find(([key, value]) => existing.attribute(key) !== value);
      if (differs) {
        const message = `A queue already exists with the same name and a different value for attribute ${differs[0]}`;
        throw new ServiceError('QueueNameExists', message);
      }
      return { QueueUrl: this.#urlOf(name) };
    }
    const queue = new Queue(name, this.#arnOf(name), now);
    queue.setAttributes(Attributes, now);
    this.#queues.set(name, queue);
    this.#tags.set(queue.arn, tagList(tags));
    return { QueueUrl: this.#urlOf(name) };
  }

  #tagOperations(): Record<string, Operation> {
    const arnOf = (input: { QueueUrl: string }) => this.#find(input.QueueUrl).arn;
    return {
      TagQueue: (input) => this.#tags.set(arnOf(input), tagList(input.Tags)),
      UntagQueue: (input) => this.#tags.remove(arnOf(input), input.TagKeys),
      ListQueueTags: (input) => ({
        Tags: Object.fromEntries(this.#tags.of(arnOf(input)).map(({ Key, Value }) => [Key, Value])),
      }),
    };
  }
}

function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
