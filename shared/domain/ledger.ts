import type { Activity } from './activity.ts';
import type { AlarmState, Instant, LaunchFailure, LossCause } from './observation.ts';
import type { Party, Sentence } from './sentence.ts';
import type { Cause } from './trigger.ts';

/**
 * Servers on top of `base` for as long as a window or a timed bump is open. Fixed when it opens; once closed it is
 * `releasing` until it has been given back.
 */
export interface Grant {
  /** `window:lunch@2026-03-04T03:00:00.000Z`, `bump:<requestId>` */
  readonly key: string;
  /** The window's own name; of a bump, whose it is. */
  readonly name: string;
  /** What is still granted. A grant that was given back stays a while with 0 servers, so that a late look does not open
   * its occurrence again. */
  readonly servers: number;
  /** The group's base and `lifted` when it was made: alarms leave as much alone as long as the grant is open. */
  readonly base: number;
  /** Start of the window's occurrence; of a bump, when it was asked for. */
  readonly start: Instant;
  readonly until: Instant;
  readonly releasing: boolean;
}

/** What a rule has done: its cooldown runs from the completion of its last activity. */
export interface RuleRecord {
  /** The activity of this rule that has not ended yet. */
  readonly openActivityId?: string | undefined;
  readonly lastCompletedAt?: Instant | undefined;
  readonly lastDirection?: 'out' | 'in' | undefined;
  /** Start (`AlarmState.since`) of the episode in which it last fired. */
  readonly firedEpisode?: Instant | undefined;
  /** A whole period has not breached since: the next time that its alarm is red is another episode. */
  readonly episodeOver?: true | undefined;
}

/** An activity that has not ended. */
export interface OpenActivity extends Activity {
  /** `intended`: committed, the cloud perhaps not touched yet. `acted`: desired is set, servers come or go. */
  readonly phase: 'intended' | 'acted';
  readonly deadline: Instant;
  /** Servers that were in the group when it began (`shortId`): what became of them is none of its doing. */
  readonly there: readonly string[];
  /** The alarm rule or target whose cooldown it starts. */
  readonly rule?: string | undefined;
  /** Servers to attach: the act is then `attach`, which raises desired by their number, and not `setDesired`. */
  readonly attach?: readonly string[] | undefined;
  /** It was tried before, and people know that it failed: it is recorded only once it has succeeded. */
  readonly quiet?: true | undefined;
  /** Servers to detach without terminating them. */
  readonly detach?: readonly string[] | undefined;
}

export interface Pause {
  readonly direction: 'both' | 'out' | 'in';
  readonly since: Instant;
  readonly until?: Instant | undefined;
  readonly owner: string;
  readonly reason: string;
}

/** A blocker that goes on: its row is written when it begins and, with the count, when it ends. */
export interface LastingBlocker {
  /** What blocks whom: `FlapGuard:cpu-low`. */
  readonly key: string;
  readonly row: Activity;
  /** Nobody has been blocked by it since then; undefined: it blocks. */
  readonly absentSince?: Instant | undefined;
  /** For so many milliseconds since it began it has blocked nobody. */
  readonly absentMs?: number | undefined;
}

/** Launches fail: nobody but people may climb further until `retryAt`. */
export interface LaunchHold {
  /** The newest failure that was counted. */
  readonly failedAt: Instant;
  readonly retryAt: Instant;
  readonly failures: number;
  readonly failure: Sentence;
  /** Kinds of failure of which people have heard, until a launch succeeds. */
  readonly kinds?: readonly LaunchFailure['kind'][] | undefined;
}

/** Followed until it is healthy or gone. */
export interface UnhealthyTarget {
  readonly id: string;
  readonly since: Instant;
  /** People have heard of it. */
  readonly told: boolean;
}

/** Servers that a group has lost lately. */
export interface Lost {
  /** Short id, when, and why; oldest first. */
  readonly servers: readonly (readonly [string, Instant, LossCause])[];
  /** Not all of them are replaced yet. */
  readonly short?: true | undefined;
  /** When people last heard that there are many. */
  readonly toldAt?: Instant | undefined;
  /** Short ids of servers that the provider wants back, and when it said so: once gone, that is why. */
  readonly wantedBack?: readonly (readonly [string, Instant])[] | undefined;
}

export interface Holder {
  readonly cause: Cause;
  readonly who: Party;
}

/** The one item per group: what each party asked for, and what is under way. Written conditionally on `version`. */
export interface Ledger {
  /** 0: never written. */
  readonly version: number;
  /** What alarms, people and changes from outside have made of the group. */
  readonly base: number;
  readonly grants: readonly Grant[];
  /**
   * Steps that alarm rules, people and the outside took while the load or a floor held the group above base and grants: they
   * are on top of what holds it, and join base once nothing does. undefined: none.
   */
  readonly lifted?: number | undefined;
  /** What the load needs by target tracking or objective besides `lifted`, after tolerance and stabilization. */
  readonly tracked?: { readonly servers: number; readonly by: 'metric' | 'forecast' } | undefined;
  /**
   * Recommendations that the stabilization windows still look at: [instant, servers], oldest first. Each holds from its
   * instant until the next one's, so that a recommendation that stays needs no write.
   */
  readonly recommendations: readonly (readonly [Instant, number])[];
  /** Changes of desired that `behavior` and the flap guard still look at: [instant, delta], oldest first. */
  readonly changes: readonly (readonly [Instant, number])[];
  /** Servers that came and are not warm yet: [warm at, servers]. */
  readonly warming: readonly (readonly [Instant, number])[];
  /** Who moved desired last without changing base or a grant (a floor, a maximum, `tracked`): to say later who let go. */
  readonly heldBy?: Holder | undefined;
  /** By rule name: what was found of rules that no alarm of CloudWatch watches. undefined: there are none. */
  readonly alarms?: Readonly<Record<string, Pick<AlarmState, 'value' | 'since' | 'datapoint'>>> | undefined;
  /** By rule name. */
  readonly rules: Readonly<Record<string, RuleRecord>>;
  /** Oldest first, at most eight. */
  readonly open: readonly OpenActivity[];
  /** The desired capacity that we know of: another one was made outside. */
  readonly desired: number;
  /** Servers of the fleet file's `instances` that were attached. */
  readonly adopted: readonly string[];
  /** Servers that a person adopted. */
  readonly adoptedByHand: readonly string[];
  readonly pause?: Pause | undefined;
  readonly blockers?: readonly LastingBlocker[] | undefined;
  /** Servers of the fleet file that could not be attached, and how often that was tried: people have heard of it. */
  readonly notAdopted?: { readonly ids: readonly string[]; readonly tries: number } | undefined;
  readonly launchHold?: LaunchHold | undefined;
  /** When an act was last begun: for 50 s no other invocation repeats it or decides about it (see `Run`). */
  readonly actingSince?: Instant | undefined;
  /**
   * The group does not exist, since when: nobody had met it yet, or it is gone; `told` when people have heard of it, and it is
   * another group that comes then.
   */
  readonly missing?: { readonly since: Instant; readonly state: 'unmet' | 'vanished' | 'told' } | undefined;
  /** Its provider cannot be asked, since when; `told` when people have heard of it. */
  readonly unreached?: { readonly since: Instant; readonly told?: true | undefined } | undefined;
  /** Adopted servers of whom people have heard that they are unhealthy. */
  readonly unhealthy?: readonly string[] | undefined;
  /** Rules of whose alarms people have heard that they watch a load balancer which the target group has left. */
  readonly staleAlarms?: readonly string[] | undefined;
  /** The newest rollout that has failed: people have heard of it. */
  readonly failedRollout?: string | undefined;
  /** Servers in service that fail the check of their load balancer. */
  readonly unhealthyTargets?: readonly UnhealthyTarget[] | undefined;
  /** Servers that it has lost, until they are two hours past. */
  readonly lost?: Lost | undefined;
  /** Ids of manual requests that were carried out: [requestId, instant], newest last, bounded. */
  readonly seen: readonly (readonly [string, Instant])[];
}
