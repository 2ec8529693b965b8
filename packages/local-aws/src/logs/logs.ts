import * as schemas from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import type { CloudContext } from '../cloud-context.ts';
import {
  type AuthorizationTarget,
  type Operation,
  type ResourceType,
  type Service,
  ServiceError,
} from '../service.ts';
import { tagList, tagsOf } from '../template-tags.ts';
import { filterPattern } from './filter-pattern.ts';
import { type LogEvent, LogGroup } from './log-group.ts';
import { MetricFilters } from './metric-filter.ts';

const groupProperties = z.strictObject({
  LogGroupName: z.string().optional(),
  RetentionInDays: z.number().optional(),
  KmsKeyId: z.string().optional(),
  LogGroupClass: z.enum(['STANDARD']).optional(),
  Tags: tagList.optional(),
});
type GroupProperties = z.infer<typeof groupProperties>;

/** CloudWatch Logs: groups, streams and their events. */
export class Logs implements Service {
  readonly signingName = 'logs';
  readonly schemas = schemas;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly resources: readonly ResourceType[];
  readonly #cloud: CloudContext;
  readonly #groups = new Map<string, LogGroup>();
  readonly #metricFilters: MetricFilters;

  constructor(cloud: CloudContext) {
    this.#cloud = cloud;
    this.#metricFilters = new MetricFilters(cloud);
    this.operations = { ...this.#groupOperations(), ...this.#streamOperations(), ...this.#eventOperations() };
    this.resources = [this.#groupType(), this.#metricFilters.resourceType];
  }

  authorization(operation: string, input: LogsInput = {}): AuthorizationTarget[] {
    const name = input.logGroupName ?? input.logGroupIdentifier;
    const stream = input.logStreamName;
    const group = name === undefined ? '*' : this.#arn(name);
    return [
      { action: `logs:${operation}`, resources: [stream ? `${group}:log-stream:${stream}` : `${group}:*`] },
    ];
  }

  #groupOperations(): Record<string, Operation> {
    return {
      CreateLogGroup: (input) => {
        const group = this.#create(input.logGroupName);
        for (const [key, value] of Object.entries(input.tags ?? {})) group.tags.set(key, String(value));
      },
      DeleteLogGroup: (input) => {
        this.#groups.delete(this.#get(input.logGroupName).name);
      },
      DescribeLogGroups: (input) => {
        const { logGroupNamePrefix = '', logGroupNamePattern = '' } = input;
        const groups = [...this.#groups.values()].filter(
          ({ name }) => name.startsWith(logGroupNamePrefix) && name.includes(logGroupNamePattern),
        );
        return { logGroups: groups.map(describeGroup) };
      },
      PutRetentionPolicy: (input) => {
        this.#get(input.logGroupName).retentionDays = input.retentionInDays;
      },
      DeleteRetentionPolicy: (input) => {
        this.#get(input.logGroupName).retentionDays = undefined;
      },
      ListTagsForResource: (input) => {
        const group = [...this.#groups.values()].find(({ arn }) => input.resourceArn.startsWith(arn));
        return { tags: Object.fromEntries(group?.tags ?? []) };
      },
    };
  }

  #streamOperations(): Record<string, Operation> {
    return {
      CreateLogStream: (input, { now }) => {
        const { streams } = this.#get(input.logGroupName);
        if (streams.has(input.logStreamName)) throw exists('The specified log stream already exists');
        streams.set(input.logStreamName, now);
      },
      DeleteLogStream: (input) => this.#get(input.logGroupName).deleteStream(input.logStreamName),
      DescribeLogStreams: (input) => {
        const group = this.#get(input.logGroupName ?? input.logGroupIdentifier);
        const names = [...group.streams].filter(([name]) => name.startsWith(input.logStreamNamePrefix ?? ''));
        return {
          logStreams: names.map(([logStreamName, creationTime]) => ({
            ...{ logStreamName, creationTime },
            arn: `${group.arn}:log-stream:${logStreamName}`,
          })),
        };
      },
    };
  }

  #eventOperations(): Record<string, Operation> {
    return {
      PutLogEvents: async (input, { now }) => {
        const events: { timestamp: number; message: string }[] = input.logEvents;
        this.#get(input.logGroupName).put(input.logStreamName, events, now);
        const messages = events.map(({ message }) => message);
        await this.#metricFilters.publish(input.logGroupName, messages);
        return { nextSequenceToken: '0' };
      },
      GetLogEvents: (input, { now }) => {
        const group = this.#get(input.logGroupName ?? input.logGroupIdentifier);
        const events = group.eventsOf(input.logStreamName, now).filter(between(input));
        return { events: events.map(describeEvent), nextForwardToken: 'f/end', nextBackwardToken: 'b/start' };
      },
      FilterLogEvents: (input, { now }) => {
        const matches = filterPattern(input.filterPattern ?? '');
        const streams: string[] | undefined = input.logStreamNames;
        const events = this.#get(input.logGroupName ?? input.logGroupIdentifier)
          .events(now)
          .filter(between(input))
          .filter(({ stream, message }) => (streams?.includes(stream) ?? true) && matches(message));
        const { page, nextToken } = pageOf(events, input);
        return {
          events: page.map((event) => ({
            ...describeEvent(event),
            logStreamName: event.stream,
            eventId: event.id,
          })),
          ...(nextToken !== undefined && { nextToken }),
        };
      },
    };
  }

  #groupType(): ResourceType<GroupProperties> {
    const create: ResourceType<GroupProperties>['create'] = (properties, context) => {
      const group = this.#create(properties.LogGroupName ?? context.physicalName(512));
      group.retentionDays = properties.RetentionInDays;
      for (const { Key, Value } of tagsOf(properties, context)) group.tags.set(Key, Value);
      return { physicalId: group.name, attributes: { Arn: `${group.arn}:*` } };
    };
    return {
      type: 'AWS::Logs::LogGroup',
      properties: groupProperties,
      create,
      update: (name, next, previous, context) => {
        if (next.LogGroupName !== previous.LogGroupName) return create(next, context);
        const group = this.#get(name);
        group.retentionDays = next.RetentionInDays;
        return { physicalId: name, attributes: { Arn: `${group.arn}:*` } };
      },
      delete: (name) => {
        this.#groups.delete(name);
      },
      actual: (name) => {
        const group = this.#groups.get(name);
        return group && { LogGroupName: name, RetentionInDays: group.retentionDays };
      },
    };
  }

  #create(name: string): LogGroup {
    if (this.#groups.has(name)) throw exists('The specified log group already exists');
    const group = new LogGroup(name, this.#arn(name), this.#cloud.eventQueue.now());
    this.#groups.set(name, group);
    return group;
  }

  #get(nameOrArn: string): LogGroup {
    const name = nameOrArn.startsWith('arn:') ? nameOrArn.split(':')[6]! : nameOrArn;
    const group = this.#groups.get(name);
    if (!group)
      throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.');
    return group;
  }

  #arn(name: string): string {
    return `arn:aws:logs:${this.#cloud.region}:${this.#cloud.account}:log-group:${name}`;
  }
}

interface LogsInput {
  readonly logGroupName?: string;
  readonly logGroupIdentifier?: string;
  readonly logStreamName?: string;
}

function between({ startTime = 0, endTime = Infinity }: { startTime?: number; endTime?: number }) {
  return ({ timestamp }: LogEvent) => timestamp >= startTime && timestamp < endTime;
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html */
const eventsAtMost = 10_000;

function pageOf(events: readonly LogEvent[], { limit = eventsAtMost, nextToken }: FilterInput) {
  if (!Number.isInteger(limit) || limit < 1 || limit > eventsAtMost)
    throw new ServiceError('InvalidParameterException', `Invalid limit: ${limit}`);
  const first = nextToken === undefined ? 0 : Number(nextToken.replace(/^after-/, ''));
  if (Number.isNaN(first))
    throw new ServiceError('InvalidParameterException', 'The specified nextToken is invalid.');
  const next = first + limit;
  return {
    page: events.slice(first, next),
    nextToken: next < events.length ? `after-${next}` : undefined,
  };
}

interface FilterInput {
  readonly limit?: number;
  readonly nextToken?: string;
}

function describeGroup(group: LogGroup) {
  return {
    logGroupName: group.name,
    arn: `${group.arn}:*`,
    logGroupArn: group.arn,
    creationTime: group.createdAt,
    ...(group.retentionDays !== undefined && { retentionInDays: group.retentionDays }),
    logGroupClass: 'STANDARD',
  };
}

function describeEvent({ timestamp, message, ingestionTime }: LogEvent) {
  return { timestamp, message, ingestionTime };
}

function exists(message: string): ServiceError {
  return new ServiceError('ResourceAlreadyExistsException', message);
}
