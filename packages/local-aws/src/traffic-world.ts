import type { ServerWorld } from './ec2/server-world.ts';
import type { Instant } from './service.ts';

/** The servers of a scaling group in one minute. */
export interface Placement {
  readonly group: string;
  /** Those that get the group's traffic. */
  readonly serving: readonly string[];
  /** All that are switched on. */
  readonly members: readonly string[];
}

/** What one server did in a minute. */
export interface ServerMinute {
  readonly cpuPercent: number;
  readonly memoryPercent: number;
  readonly diskPercent: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** What came to a group in a minute, and what became of it. */
export interface TrafficMinute {
  readonly requests: number;
  readonly unserved: number;
  /** Response times in seconds, and how many requests had each. */
  readonly responseSeconds: { readonly values: readonly number[]; readonly counts: readonly number[] };
}

export interface WorldMinute {
  readonly servers: ReadonlyMap<string, ServerMinute>;
  readonly traffic: ReadonlyMap<string, TrafficMinute>;
}

/** A world that also knows who comes to its servers. */
export interface TrafficWorld extends ServerWorld {
  /** Plays the minute that starts at `start`; called once for every minute, in order. */
  minute(start: Instant, placements: readonly Placement[]): WorldMinute;
  /**
   * How many whole minutes after its minute a datapoint of a service shows up; infinitely many: never, as in an incident of the
   * region. Default: one, and one to three for those of load balancers.
   */
  readonly minutesLate?: ((namespace: string, start: Instant) => number) | undefined;
}
