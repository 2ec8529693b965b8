import type { Activity } from '../domain/activity.ts';
import type { Instant } from '../domain/observation.ts';

/** Something that others may want to know. */
export interface Notice {
  readonly kind: 'activity' | 'refusal' | 'problem';
  readonly group: string;
  readonly at: Instant;
  /** For people. */
  readonly subject: string;
  readonly message: string;
  /** For machines; the documented, versioned event. */
  readonly activity?: Activity | undefined;
}

export interface Events {
  publish(notices: readonly Notice[]): Promise<void>;
}
