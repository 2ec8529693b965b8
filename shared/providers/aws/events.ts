import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Activity } from '../../domain/activity.ts';
import { activityJson } from '../../ports/activity-json.ts';
import type { Events, Notice } from '../../ports/events.ts';
import { PortError } from '../../ports/port-error.ts';
import { backOff } from './back-off.ts';
import { batches } from './batches.ts';
import { toPortError } from './to-port-error.ts';

const maxRounds = 4;

export interface EventsSettings {
  readonly fleet: string;
  readonly eventBus: string;
  /** Without it, nobody is written to. */
  readonly topicArn?: string | undefined;
}

/** For machines an event per activity on EventBridge; for people a message on SNS. */
export class AwsEvents implements Events {
  readonly #eventBridge: EventBridgeClient;
  readonly #sns: SNSClient;
  readonly #settings: EventsSettings;

  constructor(eventBridge: EventBridgeClient, sns: SNSClient, settings: EventsSettings) {
    this.#eventBridge = eventBridge;
    this.#sns = sns;
    this.#settings = settings;
  }

  async publish(notices: readonly Notice[]): Promise<void> {
    const entries = notices.flatMap((notice) =>
      notice.activity ? [this.#entry(notice, notice.activity)] : [],
    );
    for (const batch of batches(entries, 10)) await this.#putEvents(batch);
    for (const notice of notices) if (notice.forPeople) await this.#tellPeople(notice);
  }

  #entry(notice: Notice, activity: Activity): PutEventsRequestEntry {
    const { fleet, eventBus } = this.#settings;
    return {
      EventBusName: eventBus,
      Source: 'rushhour',
      DetailType: 'Rushhour Scaling Activity',
      Time: new Date(notice.at),
      Detail: JSON.stringify({ version: '1', fleet, group: notice.group, activity: activityJson(activity) }),
    };
  }

  /** EventBridge may take some entries and not others: those are put again. */
  async #putEvents(entries: PutEventsRequestEntry[]): Promise<void> {
    let rest = entries;
    let why = '';
    for (let round = 0; round < maxRounds; round++) {
      if (round > 0) await backOff(round);
      try {
        const { Entries = [], FailedEntryCount = 0 } = await this.#eventBridge.send(
          new PutEventsCommand({ Entries: rest }),
        );
        if (FailedEntryCount === 0) return;
        rest = rest.filter((_, index) => Entries[index]?.ErrorCode !== undefined);
        why = Entries.find(({ ErrorCode }) => ErrorCode)?.ErrorMessage ?? '';
      } catch (error) {
        throw toPortError(`put ${rest.length} events`, error);
      }
    }
    throw new PortError('Unavailable', `EventBridge refuses ${rest.length} events: ${why}`);
  }

  async #tellPeople({ subject, message }: Notice): Promise<void> {
    const { topicArn } = this.#settings;
    if (topicArn === undefined) return;
    const input = { TopicArn: topicArn, Subject: toSubject(subject), Message: message };
    try {
      await this.#sns.send(new PublishCommand(input));
    } catch (error) {
      throw toPortError(`publish to ${topicArn}`, error);
    }
  }
}

/** SNS wants a subject of ASCII, in one line, below 100 characters. */
function toSubject(text: string): string {
  return text
    .replaceAll('→', '->')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .slice(0, 99);
}
