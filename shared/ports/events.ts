import type { Activity } from '../domain/activity.ts';
import type { Instant } from '../domain/observation.ts';

/** Something that others may want to know. */
export interface Notice {
  readonly group: string;
  readonly at: Instant;
  /** Also a message to people, who want to hear of beginnings and of failures, not of every step of a success. */
  readonly forPeople: boolean;
  readonly subject: string;
  readonly message: string;
  /** For machines; the documented, versioned event. */
  readonly activity?: Activity | undefined;
}

export interface Events {
  publish(notices: readonly Notice[]): Promise<void>;
}
