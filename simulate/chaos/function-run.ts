import type {
  AlarmState,
  Instant,
  LaunchFailure,
  Reading,
  ScalingGroup,
} from '../../shared/domain/observation.ts';
import type { Scaler } from '../../shared/engine/scaler.ts';
import type { OwnReads } from './own-reads.ts';

/** One run of one function, and what it has been told. */
export interface FunctionRun {
  /** The event's, with the number of the attempt. */
  readonly id: string;
  readonly functionName: string;
  readonly payload: unknown;
  readonly startedAt: Instant;
  /** Its clock is ahead of the true one by so much. */
  readonly skewMs: number;
  /** As it was deployed when it started. */
  readonly scaler: Scaler;
  /** Killed, in the middle of things. */
  dead: boolean;
  /** A call of it has failed that must not be passed over. */
  failed: boolean;
  /** Servers that the provider will not move: no failure of the function, if the history says so. */
  readonly refused: { readonly group: string; readonly ids: readonly string[] }[];
  readonly reads: OwnReads;
  readonly told: Told;
}

/** What was read of the datapoints that a rule goes by. */
export interface ReadDatapoints {
  readonly from: Instant;
  readonly to: Instant;
  /** null: they could not be read */
  readonly values: readonly number[] | null;
}

/** The newest that ports have answered an invocation: what a decision of it can be held to. */
export interface Told {
  readonly groups: Map<string, ScalingGroup>;
  /** The truest description of each, which may have arrived before an older one that was held up. */
  readonly truest: Map<string, { readonly asOf: Instant; readonly group: ScalingGroup }>;
  /** What it has set itself, by scaling group. */
  readonly acted: Map<string, { readonly at: Instant; readonly from: number; readonly to: number }>;
  /** The desired capacity that its last commit rests on, by scaling group. */
  readonly decidedOn: Map<string, number>;
  readonly alarms: Map<string, AlarmState>;
  readonly readings: Map<string, Reading>;
  /** By group and rule, each time that they were read. */
  readonly datapoints: Map<string, readonly ReadDatapoints[]>;
  /** How often desired had been changed by others, by scaling group. */
  readonly outside: Map<string, number>;
  /** By scaling group; null: could not be read. */
  readonly healthy: Map<string, ReadonlySet<string> | null>;
  /** By scaling group; null: none, or it could not be read. */
  readonly refreshes: Map<string, string | null>;
  readonly launchFailures: Map<string, LaunchFailure | null>;
  /** Ids of servers that were lost, by scaling group. */
  readonly losses: Map<string, readonly string[]>;
}

/** Of an invocation that has asked nothing yet. */
export function newTold(): Told {
  return {
    groups: new Map(),
    truest: new Map(),
    acted: new Map(),
    decidedOn: new Map(),
    alarms: new Map(),
    readings: new Map(),
    datapoints: new Map(),
    healthy: new Map(),
    outside: new Map(),
    refreshes: new Map(),
    launchFailures: new Map(),
    losses: new Map(),
  };
}
