import type { Sentence } from './sentence.ts';

/** Epoch milliseconds. */
export type Instant = number;

/**
 * Where a server is in its life, as its group sees it: on its way into service; in service, passing the group's own health check or
 * failing it; on its way out; or set aside, and counted for nothing.
 */
export type Lifecycle = 'pending' | 'ready' | 'unhealthy' | 'leaving' | 'standby';

/** A process of a group that can be suspended. */
export type Suspension = 'launching' | 'terminating' | 'replacing' | 'registering';

/** One server as the scaling group reports it. */
export interface Server {
  readonly id: string;
  readonly lifecycle: Lifecycle;
  /** It is leaving, and a hook of the group holds it back. */
  readonly held?: boolean;
  readonly protectedFromScaleIn: boolean;
  /** Units of capacity; 1 unless the group has instance weights. */
  readonly weight: number;
}

/** A replacement of servers that the provider has given up: those that were to come do not serve. */
export interface FailedRollout {
  /** The provider's name for it. */
  readonly id: string;
  /** In the provider's words. */
  readonly says: string;
  /** The provider goes back to what served before; otherwise nothing new starts until somebody rolls out again. */
  readonly rolledBack: boolean;
}

/** A scaling group as it is now. */
export interface ScalingGroup {
  readonly name: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desired: number;
  readonly servers: readonly Server[];
  /** Processes that somebody has suspended. */
  readonly suspended: readonly Suspension[];
  /** What gives its servers traffic, by the provider's own names: on AWS, ARNs of target groups. */
  readonly trafficSources: readonly string[];
  /** Of a provider with a compare-and-set: what it compares. */
  readonly revision?: string | undefined;
  /** The provider never answers with what was a while ago. */
  readonly neverLate?: true | undefined;
  /** More than desired, where a scaler of the provider's own holds the group there: desired is then the least that it keeps. */
  readonly tracked?: number | undefined;
  /**
   * Servers protect themselves, for a while: the provider keeps them beyond desired and takes them when the protection ends.
   * Such a protection is no floor of desired.
   */
  readonly protectionEnds?: true | undefined;
  /** The newest rollout, where it has failed. */
  readonly failedRollout?: FailedRollout | undefined;
  /**
   * Its stack is not finished: what lets adopted servers go before the group is deleted is not there yet, and a rollback would
   * take them along, or wait for them for ever.
   */
  readonly deploying?: true | undefined;
}

export type AlarmValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** An alarm as it is now; `since` is when it entered this value. */
export interface AlarmState {
  readonly value: AlarmValue;
  readonly since: Instant;
  /** The newest of the datapoints that turned it; undefined: nobody has said. */
  readonly datapoint?: number | undefined;
  /** The load balancer whose metrics it watches, as their dimension names it (`app/web/0a1b`); undefined: none. */
  readonly watches?: string | undefined;
  /**
   * No alarm of CloudWatch watches the rule: the look has judged it `now`, and the ledger remembers what was found; or could
   * not, as its metric was `unread`.
   */
  readonly judged?: 'now' | 'unread' | undefined;
}

/** A window that is open now. Half-open: `start <= now < end`. */
export interface OpenWindow {
  readonly name: string;
  readonly start: Instant;
  readonly end: Instant;
  /** Servers on top: a number, or a percentage of the group's own capacity. */
  readonly boost?: { readonly type: 'ChangeInCapacity' | 'PercentChangeInCapacity'; readonly value: number };
  readonly minSize?: number;
  readonly maxSize?: number;
  /** The group's own minimum while it is open, below the usual one. */
  readonly lowerMinSizeTo?: number;
}

/**
 * The newest complete datapoint of a metric, or why there is none. `at` is the start of its period. A silent count is 0
 * before it gets here; a silent gauge is unknown.
 */
export type Reading =
  | { readonly known: true; readonly value: number; readonly at: Instant }
  | { readonly known: false; readonly why: 'missing' | 'failed' };

/** What a group that is followed has now. */
export interface Leader {
  readonly group: string;
  readonly desired: number;
  readonly inService: number;
}

/** The newest launch that failed and was not followed by one that succeeded, as the group's own activities tell it. */
export interface LaunchFailure {
  readonly at: Instant;
  /** What people can do something about; what AWS says differs by zone, price and id from try to try. */
  readonly kind: 'capacity' | 'quota' | 'image' | 'other';
  readonly message: string;
}

/**
 * What has taken a server from its group: somebody outside who stopped or terminated it; its health check; the cloud, which
 * wanted a Spot server back; the group itself, which renews its servers; or a person by means of the group.
 */
export type LossCause = 'terminated' | 'unhealthy' | 'interrupted' | 'replaced' | 'byHand' | 'unknown';

/** A server that its group has lost, and not because fewer were asked for. */
export interface LostServer {
  readonly server: string;
  readonly at: Instant;
  readonly cause: LossCause;
  /** In the provider's words. */
  readonly message: string;
}

/** What the objective (or forecast) says that the load needs. */
export interface Forecast {
  /** Servers it asks for, the present desired capacity to hold; undefined while it cannot tell, and then it holds. */
  readonly need: number | undefined;
  /** Servers it wants to keep; scale-in goes no lower. */
  readonly keep: number | undefined;
  /** "expects 5.2 ± 0.6 servers' load at 12:04; …" */
  readonly why: Sentence;
  /** The load was measured and is not believed: somebody should look at its metric. */
  readonly doubted?: boolean | undefined;
}

/**
 * Everything that is true now, as far as it was looked up. `undefined` means that nobody has looked: a decision that
 * depends on it asks for it (see `Decision.needs`) and is taken again.
 */
export interface Observation {
  /** undefined: the group does not exist. */
  readonly group: ScalingGroup | undefined;
  /** By rule name. A rule without an entry has no alarm yet. undefined: not looked, only the trigger's own is known. */
  readonly alarms?: Readonly<Record<string, AlarmState>> | undefined;
  readonly windows: readonly OpenWindow[];
  /** By metric key (see `metricKey`); without an entry: not looked. `at` is when the datapoint's period began. */
  readonly metrics: Readonly<Record<string, Reading>>;
  readonly leader?: Leader | undefined;
  readonly forecast?: Forecast | undefined;
  /** Servers that no load balancer in use finds unhealthy; null: looked, and could not be read. */
  readonly healthy?: ReadonlySet<string> | null | undefined;
  /** Status of an instance refresh under way, `Unknown` when it could not be read; null: none. */
  readonly instanceRefresh?: string | null | undefined;
  /** null: none that is not past; `unreadable`: looked, and could not be read. */
  /** The load balancer that stands before the group, named likewise; null: none does. */
  readonly standsBehind?: string | null | undefined;
  /** What speaks against the fall of the load; null: looked, and nothing does. */
  readonly contradiction?: Sentence | null | undefined;
  readonly launchFailure?: LaunchFailure | null | 'unreadable' | undefined;
  /** Servers that the group has lost within the last hour, oldest first; null: looked, and could not be read. */
  readonly lost?: readonly LostServer[] | null | undefined;
  /** The desired capacity that the very one who looks has just set: certain, where a description may be late. */
  readonly set?: number | undefined;
  /** The very one who looks has just carried out what is intended: a description that does not show it may be late. */
  readonly carriedOut?: true | undefined;
  /** Why the cloud has just refused the act that was committed last, for good: trying again would not help. */
  readonly refused?: string | undefined;
}
