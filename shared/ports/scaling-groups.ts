import type { Instant, LaunchFailure, ScalingGroup } from '../domain/observation.ts';

/** Scaling groups by their AWS names. Calls that hold several names are batched by the adapter. */
export interface ScalingGroups {
  /** Names without an entry do not exist. */
  describe(names: readonly string[]): Promise<ReadonlyMap<string, ScalingGroup>>;
  /** @throws PortError `OutOfBounds`, `Busy`, `NotFound`, `Throttled`, `Denied` */
  setDesiredCapacity(name: string, desired: number): Promise<void>;
  /** Raises desired by the number attached; nothing when all of them are in the group already. */
  attach(name: string, serverIds: readonly string[]): Promise<void>;
  /** Without terminating them; lowers desired by the number detached. */
  detach(name: string, serverIds: readonly string[]): Promise<void>;
  /** Without terminating them, from a group that is about to be deleted: nothing is launched or adopted in it any more. */
  letGo(name: string, serverIds: readonly string[]): Promise<void>;
  protect(name: string, serverIds: readonly string[], protectedFromScaleIn: boolean): Promise<void>;
  /** Whether servers that fail their health checks are replaced. */
  replaceUnhealthy(name: string, replace: boolean): Promise<void>;
  /** Scaling policies and scheduled actions of AWS's own, for people to read. */
  nativeScaling(name: string): Promise<readonly string[]>;
  /** Servers that none of the target groups finds unhealthy; where a target is not in use, nobody looks. */
  healthyTargets(targetGroups: readonly string[]): Promise<ReadonlySet<string>>;
  /** ARN of the load balancer in front of each target group; one without a load balancer has no entry. */
  loadBalancers(targetGroups: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Status of an instance refresh under way, null if there is none. */
  instanceRefresh(name: string): Promise<string | null>;
  /** The newest launch since `since` that failed and was not followed by one that succeeded, null if there is none. */
  launchFailure(name: string, since: Instant): Promise<LaunchFailure | null>;
}
