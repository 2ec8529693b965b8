import { createHash } from 'node:crypto';
import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Instant } from '../../domain/observation.ts';
import { digestOf, type Mail } from '../../ports/digest.ts';
import type { DigestWords, Notice } from '../../ports/events.ts';
import { minuteMs } from '../../units.ts';
import { batches } from './batches.ts';
import { isConditionFailed, toPortError } from './to-port-error.ts';

/** Beside the groups' histories: no group is called like that. */
const laidUp = '(mail)';
const lastSent = { group: '(mail sent)', sort: 'minute' } as const;
/** Mail that could not be sent for this long is dropped. */
const keptSeconds = 2 * 86_400;
const noticesAtMost = 500;

export interface MailSettings {
  /** The table of the activity log. */
  readonly table: string;
  readonly topicArn: string;
}

/** Mail to people: notices wait in the activity log's table until one mail has them all. */
export class AwsMail {
  readonly #dynamoDB: DynamoDBClient;
  readonly #sns: SNSClient;
  readonly #settings: MailSettings;

  constructor(dynamoDB: DynamoDBClient, sns: SNSClient, settings: MailSettings) {
    this.#dynamoDB = dynamoDB;
    this.#sns = sns;
    this.#settings = settings;
  }

  /** Doing it again changes nothing, unless it was sent meanwhile. @throws PortError */
  async layUp({ at, subject, message, urgent = false }: Notice): Promise<void> {
    const id = createHash('sha256').update(`${subject}\n${message}`).digest('hex').slice(0, 16);
    const sort = `${new Date(at).toISOString()}#${id}`;
    const expiresAt = Math.floor(at / 1000) + keptSeconds;
    const Item = marshall({ group: laidUp, sort, subject, message, urgent, expiresAt });
    try {
      await this.#dynamoDB.send(new PutItemCommand({ TableName: this.#settings.table, Item }));
    } catch (error) {
      throw toPortError(`lay up mail "${subject}"`, error);
    }
  }

  /** A mail that was sent and whose notices could not be forgotten is sent again: twice is better than never. @throws PortError */
  async send(now: Instant, words: DigestWords): Promise<void> {
    const notices = await this.#waiting();
    if (notices.length === 0 || !(await this.#claim(now))) return;
    await this.#publish(digestOf(notices, words));
    for (const some of batches(notices, 25)) await Promise.all(some.map(({ sort }) => this.#forget(sort)));
  }

  async #waiting(): Promise<readonly (Notice & { readonly sort: string })[]> {
    const command = new QueryCommand({
      TableName: this.#settings.table,
      KeyConditionExpression: '#group = :group',
      ExpressionAttributeNames: { '#group': 'group' },
      ExpressionAttributeValues: marshall({ ':group': laidUp }),
      ConsistentRead: true,
      Limit: noticesAtMost,
    });
    try {
      const { Items = [] } = await this.#dynamoDB.send(command);
      return Items.map((item) => unmarshall(item) as Notice & { sort: string });
    } catch (error) {
      throw toPortError('read the mail that waits', error);
    }
  }

  /** @returns whether nobody has sent a mail in this minute of the clock */
  async #claim(now: Instant): Promise<boolean> {
    const minute = Math.floor(now / minuteMs);
    const command = new PutItemCommand({
      TableName: this.#settings.table,
      Item: marshall({ ...lastSent, minute }),
      ConditionExpression: 'attribute_not_exists(#minute) OR #minute < :minute',
      ExpressionAttributeNames: { '#minute': 'minute' },
      ExpressionAttributeValues: marshall({ ':minute': minute }),
    });
    try {
      await this.#dynamoDB.send(command);
      return true;
    } catch (error) {
      if (isConditionFailed(error)) return false;
      throw toPortError('note that a mail is sent', error);
    }
  }

  async #publish({ subject, text }: Mail): Promise<void> {
    const { topicArn } = this.#settings;
    try {
      await this.#sns.send(
        new PublishCommand({ TopicArn: topicArn, Subject: toSubject(subject), Message: text }),
      );
    } catch (error) {
      throw toPortError(`publish to ${topicArn}`, error);
    }
  }

  async #forget(sort: string): Promise<void> {
    try {
      const Key = marshall({ group: laidUp, sort });
      await this.#dynamoDB.send(new DeleteItemCommand({ TableName: this.#settings.table, Key }));
    } catch (error) {
      throw toPortError('forget mail that was sent', error);
    }
  }
}

/** SNS wants a subject of ASCII, in one line, below 100 characters. */
function toSubject(text: string): string {
  return text
    .replaceAll('→', '->')
    .replaceAll('…', '...')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .slice(0, 99);
}
