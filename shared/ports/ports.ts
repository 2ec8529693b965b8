import type { ActivityLog } from './activity-log.ts';
import type { Alarms } from './alarms.ts';
import type { Capabilities, Capacity } from './capacity.ts';
import type { Clock } from './clock.ts';
import type { Events } from './events.ts';
import type { LedgerStore } from './ledger-store.ts';
import type { Metrics } from './metrics.ts';
import type { Models } from './models.ts';
import type { Samples } from './samples.ts';

/** All that reconcile and the functions need of the world outside. */
export interface Ports extends Capabilities {
  readonly clock: Clock;
  readonly groups: Capacity;
  readonly alarms: Alarms;
  readonly metrics: Metrics;
  readonly ledger: LedgerStore;
  readonly activities: ActivityLog;
  readonly events: Events;
  readonly models: Models;
  readonly samples?: Samples | undefined;
}
