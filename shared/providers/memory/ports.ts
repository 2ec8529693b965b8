import type { Instant } from '../../domain/observation.ts';
import { MemoryActivityLog } from './activity-log.ts';
import { MemoryAlarms } from './alarms.ts';
import { MemoryClock } from './clock.ts';
import { MemoryEvents } from './events.ts';
import { MemoryLedgerStore } from './ledger-store.ts';
import { MemoryMetrics } from './metrics.ts';
import { MemoryModels } from './models.ts';
import { MemoryScalingGroups, type ServerLife } from './scaling-groups.ts';

/** The ports in memory, to be looked into and changed from outside. */
export type MemoryPorts = ReturnType<typeof memoryPorts>;

/** @param start the clock's first instant, epoch milliseconds */
export function memoryPorts(start: Instant, life: ServerLife) {
  const clock = new MemoryClock(start);
  const groups = new MemoryScalingGroups(clock, life);
  return {
    clock,
    groups,
    adopt: groups,
    protect: groups,
    replaceUnhealthy: groups,
    refresh: groups,
    launchFailures: groups,
    losses: groups,
    health: groups,
    rivals: groups,
    loadBalancers: groups,
    alarms: new MemoryAlarms(),
    metrics: new MemoryMetrics(groups.loadBalancers),
    ledger: new MemoryLedgerStore(),
    activities: new MemoryActivityLog(),
    events: new MemoryEvents(),
    models: new MemoryModels(),
  };
}
