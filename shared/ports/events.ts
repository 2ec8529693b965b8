import type { Activity } from '../domain/activity.ts';
import type { Instant } from '../domain/observation.ts';

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
  readonly activity?: Activity | undefined;
}

export interface Events {
  /** Tells machines at once, and lays up for people what is for them. Neither keeps the other back. @throws PortError */
  publish(notices: readonly Notice[]): Promise<void>;
  /**
   * Sends people what was laid up for them, as one mail, and at most one in each minute of the clock: an address that gets more
   * than ten in a second is suspended. What could not be sent is sent the next time. @throws PortError
   */
  sendMail(now: Instant): Promise<void>;
}
