import type { Instant, LaunchFailure, LostServer, ScalingGroup } from '../domain/observation.ts';

/** What every provider of servers can do: say what is there, and be told how many there should be. */
export interface Capacity {
  /** By the provider's own names, in as few calls as there can be. Names without an entry do not exist. */
  describe(names: readonly string[]): Promise<ReadonlyMap<string, ScalingGroup>>;
  /**
   * @param seen what the decision rests on; a provider with a compare-and-set refuses when it is no longer so
   * @throws PortError `OutOfBounds`, `Changed`, `Busy`, `NotFound`, `Throttled`, `Denied`
   */
  setDesired(name: string, desired: number, seen: ScalingGroup): Promise<void>;
}

/** Servers that exist can join a group, and leave it alive. */
export interface Adopt {
  /** Raises desired by the number attached; nothing when all of them are in the group already. */
  attach(name: string, serverIds: readonly string[]): Promise<void>;
  /** Without terminating them; lowers desired by the number detached. */
  detach(name: string, serverIds: readonly string[]): Promise<void>;
  /** Without terminating them, from a group that is about to be deleted: nothing is launched or adopted in it any more. */
  detachBeforeDelete(name: string, serverIds: readonly string[]): Promise<void>;
  /** From now on the group may adopt servers: its stack lets them go before it deletes the group. */
  allowAdoption(name: string): Promise<void>;
}

/** Servers can be kept from being the ones that a scale-in takes. */
export interface Protect {
  protect(name: string, serverIds: readonly string[], protectedFromScaleIn: boolean): Promise<void>;
}

/** A group replaces servers that fail its health check, and can be told to leave them. */
export interface ReplaceUnhealthy {
  replaceUnhealthy(name: string, replace: boolean): Promise<void>;
}

/** A group replaces its servers one after the other when their template changes. */
export interface Refresh {
  /** The provider's word for how far it is, null if there is none under way. */
  instanceRefresh(name: string): Promise<string | null>;
}

/** A group says why it cannot launch servers. */
export interface LaunchFailures {
  /** The newest launch since `since` that failed and was not followed by one that succeeded, null if there is none. */
  launchFailure(name: string, since: Instant): Promise<LaunchFailure | null>;
}

/** A group says which servers it has lost, and why. */
export interface Losses {
  /** Since `since`, oldest first; none that left because fewer were desired, or that somebody took out alive. */
  losses(name: string, since: Instant): Promise<readonly LostServer[]>;
}

/** Something in front of the servers says which of them it gives traffic. */
export interface Health {
  /** Servers of the group that nothing in front of it finds unhealthy; where nothing is in use, nobody looks. */
  healthy(group: ScalingGroup): Promise<ReadonlySet<string>>;
}

/** What stands before the servers may change while the alarms that watch it stay. */
export interface LoadBalancers {
  /** By the groups' provider names, as alarms name it (`AlarmState.watches`); a group that stands behind nothing has no entry. */
  standsBehind(groups: readonly ScalingGroup[]): Promise<ReadonlyMap<string, string>>;
}

/** A scaling rule of the provider's own. */
export interface NativeRule {
  /** For people to read: what it is, and its name. */
  readonly name: string;
  /** It is switched off, or suspended for the group. */
  readonly isAsleep: boolean;
}

/** A group may have scaling rules of the provider's own, which fight with ours. */
export interface Rivals {
  nativeScaling(name: string): Promise<readonly NativeRule[]>;
}

/** A lifecycle hook of the provider's own: it holds servers back on their way in or out, until somebody says go on. */
export interface LifecycleHook {
  readonly name: string;
  readonly holds: 'coming' | 'leaving';
  /** For so long, if nobody says anything. */
  readonly seconds: number;
  /** Then a server that comes is given up; otherwise it goes on. */
  readonly givesUp: boolean;
}

/** A group may have hooks, which make launches and terminations slow. */
export interface Hooks {
  lifecycleHooks(name: string): Promise<readonly LifecycleHook[]>;
}

/** What a provider may be able to do besides. What a group's provider cannot do, the fleet file cannot ask for. */
export interface Capabilities {
  readonly adopt?: Adopt | undefined;
  readonly protect?: Protect | undefined;
  readonly replaceUnhealthy?: ReplaceUnhealthy | undefined;
  readonly refresh?: Refresh | undefined;
  readonly launchFailures?: LaunchFailures | undefined;
  readonly losses?: Losses | undefined;
  readonly health?: Health | undefined;
  readonly loadBalancers?: LoadBalancers | undefined;
  readonly rivals?: Rivals | undefined;
  readonly hooks?: Hooks | undefined;
}
