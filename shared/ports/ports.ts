import type { Activity } from '../domain/activity.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { AlarmState, Instant, LaunchFailure, Reading, ScalingGroup } from '../domain/observation.ts';
import type { MetricQuery } from '../fleet/metric-query.ts';

export interface Clock {
  now(): Instant;
}

/** Scaling groups by their AWS names. Calls that hold several names are batched by the adapter. */
export interface ScalingGroups {
  /** Names without an entry do not exist. */
  describe(names: readonly string[]): Promise<ReadonlyMap<string, ScalingGroup>>;
  /** @throws PortError `OutOfBounds`, `Busy`, `NotFound`, `Throttled`, `Denied` */
  setDesiredCapacity(name: string, desired: number): Promise<void>;
  /** Raises desired by the number attached. */
  attach(name: string, serverIds: readonly string[]): Promise<void>;
  /** Without terminating them; lowers desired by the number detached. */
  detach(name: string, serverIds: readonly string[]): Promise<void>;
  protect(name: string, serverIds: readonly string[], protectedFromScaleIn: boolean): Promise<void>;
  /** Servers that are healthy at every one of the target groups. */
  healthyTargets(targetGroups: readonly string[]): Promise<ReadonlySet<string>>;
  /** ARN of the load balancer in front of each target group; one without a load balancer has no entry. */
  loadBalancers(targetGroups: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Status of an instance refresh under way, null if there is none. */
  instanceRefresh(name: string): Promise<string | null>;
  /** The newest failed launch since `since`, null if there is none. */
  launchFailure(name: string, since: Instant): Promise<LaunchFailure | null>;
}

export interface Alarms {
  /** Names without an entry do not exist. */
  describe(names: readonly string[]): Promise<ReadonlyMap<string, AlarmState>>;
}

export interface Metrics {
  /** The newest complete datapoint of each query, by id. A call that fails gives `{known: false, why: 'failed'}`. */
  latest(queries: readonly MetricQuery[], now: Instant): Promise<ReadonlyMap<string, Reading>>;
  /** Minutes of a metric, oldest first; NaN where there is no datapoint. */
  history(query: MetricQuery, from: Instant, to: Instant): Promise<Float64Array>;
}

export interface LedgerStore {
  /** By group name; a group without an entry was never met. */
  read(groups: readonly string[]): Promise<ReadonlyMap<string, Ledger>>;
  /** Writes if the stored version is still `expectedVersion` (0: none stored). Losing is an answer, not an error. */
  write(group: string, ledger: Ledger, expectedVersion: number): Promise<'written' | 'lost'>;
}

export interface ActivityPage {
  readonly activities: readonly Activity[];
  /** Pass it back for the next page; undefined: this was the last. */
  readonly next: string | undefined;
}

export interface ActivityLog {
  /** Idempotent by activity id; an activity that has ended is never overwritten by one that has not. */
  put(activity: Activity): Promise<void>;
  /** Newest first. */
  query(
    group: string,
    options: { since?: Instant | undefined; limit: number; next?: string | undefined },
  ): Promise<ActivityPage>;
}

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

/** A compact model per group, learnt hourly by the objective policy. */
export interface Models {
  read(groups: readonly string[]): Promise<ReadonlyMap<string, unknown>>;
  write(group: string, model: unknown): Promise<void>;
}

/** All that reconcile and the functions need of the world outside. */
export interface Ports {
  readonly clock: Clock;
  readonly groups: ScalingGroups;
  readonly alarms: Alarms;
  readonly metrics: Metrics;
  readonly ledger: LedgerStore;
  readonly activities: ActivityLog;
  readonly events: Events;
  readonly models: Models;
}

export type PortErrorCode =
  | 'OutOfBounds'
  | 'Busy'
  | 'NotFound'
  | 'Throttled'
  | 'Denied'
  | 'Invalid'
  | 'Unavailable';

/** A port could not do it. `transient` ones are worth another try. */
export class PortError extends Error {
  readonly code: PortErrorCode;
  readonly transient: boolean;

  constructor(code: PortErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'PortError';
    this.code = code;
    this.transient = code === 'Throttled' || code === 'Busy' || code === 'Unavailable';
  }
}
