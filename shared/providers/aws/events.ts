import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import type { Instant } from '../../domain/observation.ts';
import type { ActivityJson } from '../../ports/activity-json.ts';
import type { DigestWords, Events, Notice } from '../../ports/events.ts';
import { PortError } from '../../ports/port-error.ts';
import { backOff } from './back-off.ts';
import { batches } from './batches.ts';
import type { AwsMail } from './mail.ts';
import { toPortError } from './to-port-error.ts';

const maxRounds = 4;

export interface EventsSettings {
  readonly fleet: string;
  readonly eventBus: string;
}

/** For machines an event per activity on EventBridge; for people a mail. */
export class AwsEvents implements Events {
  readonly #eventBridge: EventBridgeClient;
  readonly #mail: AwsMail | undefined;
  readonly #settings: EventsSettings;

  /** @param mail undefined: nobody is written to */
  constructor(eventBridge: EventBridgeClient, mail: AwsMail | undefined, settings: EventsSettings) {
    this.#eventBridge = eventBridge;
    this.#mail = mail;
    this.#settings = settings;
  }

  async publish(notices: readonly Notice[]): Promise<void> {
    const told = await Promise.allSettled([this.#tellMachines(notices), this.#layUp(notices)]);
    for (const outcome of told) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async sendMail(now: Instant, words: DigestWords): Promise<void> {
    await this.#mail?.send(now, words);
  }

  async #tellMachines(notices: readonly Notice[]): Promise<void> {
    const entries = notices.flatMap((notice) =>
      notice.activity ? [this.#entry(notice, notice.activity)] : [],
    );
    for (const batch of batches(entries, 10)) await this.#putEvents(batch);
  }

  async #layUp(notices: readonly Notice[]): Promise<void> {
    for (const notice of notices) if (notice.forPeople) await this.#mail?.layUp(notice);
  }

  #entry(notice: Notice, activity: ActivityJson): PutEventsRequestEntry {
    const { fleet, eventBus } = this.#settings;
    return {
      EventBusName: eventBus,
      Source: 'rushhour',
      DetailType: 'Rushhour Scaling Activity',
      Time: new Date(notice.at),
      Detail: JSON.stringify({ version: '1', fleet, group: notice.group, activity }),
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
}
