import type { OpenActivity } from '../../shared/domain/ledger.ts';
import type { Instant } from '../../shared/domain/observation.ts';

/** What is known of one group's past. */
export interface Past {
  /** Ids of activities that were ever opened, and how far they had come. */
  readonly opened: Map<string, OpenActivity>;
  /** Servers that were seen when each activity was opened. */
  readonly there: Map<string, ReadonlySet<string>>;
  /** Occurrences of windows and requests that were ever granted. */
  readonly granted: Set<string>;
  /** When each rule's last activity ended. */
  readonly completed: Map<string, Instant>;
  /** The episode of its alarm that each rule has answered last. */
  readonly answered: Map<string, Instant>;
  /** The base that was there when each grant was made. */
  readonly found: Map<string, number>;
  /** Scale-outs whose servers came: when they ended, and how many came. */
  readonly came: [Instant, number][];
  /** When desired fell last: whatever came before may have left. */
  fellAt: Instant;
  /** When a scale-out has failed last. */
  failedAt: Instant | undefined;
  /** Servers of the fleet file that were attached, and not let go since. */
  readonly adopted: Set<string>;
  /** How many changes from outside have been recorded. */
  outsideSeen: number;
}

/** Of a group that was never seen. */
export function newPast(): Past {
  return {
    opened: new Map(),
    there: new Map(),
    granted: new Set(),
    completed: new Map(),
    answered: new Map(),
    found: new Map(),
    came: [],
    fellAt: Number.NEGATIVE_INFINITY,
    failedAt: undefined,
    adopted: new Set(),
    outsideSeen: 0,
  };
}
