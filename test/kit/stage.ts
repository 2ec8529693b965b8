import { handle as sweep } from '../../functions/sweep.ts';
import type { Activity } from '../../shared/domain/activity.ts';
import type { Instant } from '../../shared/domain/observation.ts';
import { createScaler, type Scaler } from '../../shared/engine/scaler.ts';
import { metricQuery } from '../../shared/fleet/metric-query.ts';
import { alarmName, scalingGroupName } from '../../shared/fleet/names.ts';
import { readFleet } from '../../shared/fleet/read-fleet.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import { type MemoryPorts, memoryPorts } from '../../shared/providers/memory/ports.ts';
import type { ServerLife } from '../../shared/providers/memory/scaling-groups.ts';

const sound: ServerLife = {
  launch: () => ({ inServiceAfterSeconds: 60, healthyAfterSeconds: 90 }),
  terminationSeconds: () => 30,
};

export const invocation = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 60_000 };

interface StageOptions {
  readonly start: string;
  readonly life?: ServerLife;
  /** Stands between the scaler and the ports: for faults. */
  readonly around?: (ports: MemoryPorts) => Ports;
  /** Servers that each group has already. */
  readonly desired?: number;
}

/** A fleet on ports in memory, whose functions run when the test says so. */
export class Stage {
  readonly ports: MemoryPorts;
  readonly scaler: Scaler;
  /** Of every server, in per cent. */
  cpu = 40;

  constructor(fleetFile: string, { start, life = sound, around = (ports) => ports, desired }: StageOptions) {
    const fleet = readFleet(fleetFile);
    this.ports = memoryPorts(Date.parse(start), life);
    for (const [name, { minSize, maxSize }] of Object.entries(fleet.groups)) {
      this.ports.groups.put({
        name: scalingGroupName(fleet, name),
        minSize,
        maxSize,
        desired: desired ?? minSize,
        servers: [],
        suspended: [],
        trafficSources: [],
      });
    }
    this.scaler = createScaler(fleet, around(this.ports));
  }

  get now(): Instant {
    return this.ports.clock.now();
  }

  /** Lets time pass, with the sweep every minute. */
  async playUntil(time: string): Promise<void> {
    const end = Date.parse(time);
    while (this.now + 60_000 <= end) {
      this.#measure();
      this.ports.clock.advance(60);
      await sweep({}, this.scaler, invocation);
    }
    this.ports.clock.set(end);
  }

  #measure(): void {
    for (const { scalingGroup } of this.scaler.groups.values()) {
      const measured = { scalingGroup, detailedMonitoring: true };
      const query = metricQuery({ metric: 'cpu', periodSeconds: 60 }, measured);
      this.ports.metrics.put(query, this.now, this.cpu);
    }
  }

  alarm(group: string, rule: string, value: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'): void {
    this.ports.alarms.set(alarmName(this.scaler.fleet, group, rule), value, this.now);
  }

  desired(group: string): number {
    return this.ports.groups.get(scalingGroupName(this.scaler.fleet, group)).desired;
  }

  /** Changes of capacity, oldest first, as `from → to reason`. */
  changes(group: string): string[] {
    return this.history(group)
      .filter(({ from, to }) => from !== to)
      .map(({ from, to, reason }) => `${from} → ${to} ${reason}`);
  }

  history(group: string): readonly Activity[] {
    return this.ports.activities.of(group);
  }
}
