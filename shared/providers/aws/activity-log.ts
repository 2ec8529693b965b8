import { type DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Activity } from '../../domain/activity.ts';
import type { Instant } from '../../domain/observation.ts';
import type { ActivityLog, ActivityPage } from '../../ports/activity-log.ts';
import { PortError } from '../../ports/port-error.ts';
import { isConditionFailed, toPortError } from './to-port-error.ts';

/** `2026-03-04T03:00:00.000Z#business-12`: sorts by time, and is the same however often an activity is put. */
const sortPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[\w.:@-]{1,200}$/;

/** One DynamoDB item per activity, which DynamoDB deletes after the retention time. */
export class AwsActivityLog implements ActivityLog {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #retentionDays: number;

  constructor(client: DynamoDBClient, table: string, retentionDays: number) {
    this.#client = client;
    this.#table = table;
    this.#retentionDays = retentionDays;
  }

  async put(activity: Activity): Promise<void> {
    const sort = `${isoOf(activity.startedAt)}#${activity.activityId}`;
    const expiresAt = Math.floor(activity.startedAt / 1000) + this.#retentionDays * 86_400;
    const Item = marshall({ ...activity, sort, expiresAt }, { removeUndefinedValues: true });
    const condition =
      activity.endedAt === undefined ? { ConditionExpression: 'attribute_not_exists(endedAt)' } : {};
    try {
      await this.#client.send(new PutItemCommand({ TableName: this.#table, Item, ...condition }));
    } catch (error) {
      // It has ended meanwhile, and that was written down: nothing is lost.
      if (isConditionFailed(error)) return;
      throw toPortError(`log activity ${activity.activityId}`, error);
    }
  }

  async query(
    group: string,
    { since = 0, limit, next }: { since?: Instant | undefined; limit: number; next?: string | undefined },
  ): Promise<ActivityPage> {
    const start = next === undefined ? {} : { ExclusiveStartKey: marshall({ group, sort: sortOf(next) }) };
    const command = new QueryCommand({
      TableName: this.#table,
      KeyConditionExpression: '#group = :group AND sort >= :since',
      ExpressionAttributeNames: { '#group': 'group' },
      ExpressionAttributeValues: marshall({ ':group': group, ':since': isoOf(since) }),
      ScanIndexForward: false,
      Limit: limit,
      ...start,
    });
    try {
      const { Items = [], LastEvaluatedKey } = await this.#client.send(command);
      return {
        activities: Items.map(toActivity),
        next: LastEvaluatedKey && tokenOf(LastEvaluatedKey['sort']!.S!),
      };
    } catch (error) {
      throw toPortError(`read the history of ${group}`, error);
    }
  }
}

function isoOf(at: Instant): string {
  return new Date(at).toISOString();
}

function toActivity(item: NonNullable<Parameters<typeof unmarshall>[0]>): Activity {
  const { sort: _, expiresAt: __, ...activity } = unmarshall(item);
  return activity as Activity;
}

function tokenOf(sort: string): string {
  return Buffer.from(sort).toString('base64url');
}

/** The token comes from outside: it can name a place in this group's history, and nothing else. */
function sortOf(token: string): string {
  const sort = Buffer.from(token, 'base64url').toString();
  if (!sortPattern.test(sort)) throw new PortError('Invalid', 'next: expected the token of an earlier page');
  return sort;
}
