import type { Instant } from '../domain/observation.ts';
import type { ActivityJson } from './activity-json.ts';

/** Something that others may want to know. */
export interface Notice {
  readonly group: string;
  readonly at: Instant;
  /** Also a message to people, who want to hear of beginnings and of failures, not of every step of a success. */
  readonly forPeople: boolean;
  /** People hear of it first. */
  readonly urgent?: boolean;
  readonly subject: string;
  readonly message: string;
  /** For machines; the documented, versioned event. */
  readonly activity?: ActivityJson | undefined;
}

/** What a mail says of itself, in its reader's language; its subject is English, as SNS takes ASCII alone. */
export interface DigestWords {
  leftOut(notices: number): string;
}

export interface Events {
  /**
   * Publishes to machines at once, and stores what is for people until `send`. A failure of one does not stop the
   * other. @throws PortError
   */
  publish(notices: readonly Notice[]): Promise<void>;
  /**
   * Sends people what was stored for them as one mail, at most one a minute: SNS suspends an address that gets more
   * than ten a second. What could not be sent is sent the next time. @throws PortError
   */
  sendMail(now: Instant, words: DigestWords): Promise<void>;
}
