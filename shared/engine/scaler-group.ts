import type { Forecast, Instant, ScalingGroup } from '../domain/observation.ts';
import type { CompiledRule, Policy } from '../domain/policy.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Group } from '../fleet/group.ts';
import type { Ports } from '../ports/ports.ts';
import type { Timetable } from '../schedule/timetable.ts';
import type { Speaker } from '../sentences/speaker.ts';

/** A group of the fleet with everything worked out that does not change from look to look. */
export interface ScalerGroup {
  readonly name: string;
  readonly config: Group;
  readonly policy: Policy;
  readonly timetable: Timetable;
  /** Its name in AWS. */
  readonly scalingGroup: string;
  /** Where it is asked for: what hangs or refuses there holds up no group of another source. */
  readonly source: string;
  /** One group of its source may be refused where the others are not. */
  readonly isGrantedApart: boolean;
  /** Rules that no alarm of CloudWatch watches: each look judges them. */
  readonly judgedRules: readonly CompiledRule[];
  /** Rule name and alarm name, of all others. */
  readonly alarms: readonly (readonly [rule: string, alarm: string])[];
  readonly leader: ScalerGroup | undefined;
  /** How many leaders there are above it: leaders are decided before their followers. */
  readonly depth: number;
}

/** Where the structured log goes. */
export interface Log {
  info(message: string, details: Record<string, unknown>): void;
  warn(message: string, details: Record<string, unknown>): void;
}

/** All that a function works with: the fleet, ready to be decided on, and the ports to the world. */
export interface Scaler {
  readonly fleet: Fleet;
  readonly ports: Ports;
  readonly log: Log;
  readonly forecaster: Forecaster;
  /** The language of the log, of answers and of events. */
  readonly english: Speaker;
  /** The language of mail to people (`notify.language`). */
  readonly mail: Speaker;
  /** Leaders before their followers. */
  readonly groups: ReadonlyMap<string, ScalerGroup>;
  /** By the name of the scaling group in AWS. */
  readonly byScalingGroup: ReadonlyMap<string, ScalerGroup>;
  /** By the name of the alarm in AWS. */
  readonly byAlarm: ReadonlyMap<string, { readonly group: ScalerGroup; readonly rule: string }>;
}

/** Says what the load of groups needs, by group name. Never throws: what cannot be read is unknown, and unknown holds. */
export type Forecaster = (
  scaler: Scaler,
  groups: readonly ScalerGroup[],
  scalingGroups: ReadonlyMap<string, ScalingGroup>,
  now: Instant,
) => Promise<ReadonlyMap<string, Forecast>>;
