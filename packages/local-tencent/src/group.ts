import type { Instant } from './timeline.ts';

/** One server of a group. */
export interface Member {
  readonly id: string;
  readonly addedAt: Instant;
  readonly creation: 'AUTO_CREATION' | 'MANUAL_ATTACHING';
  state:
    | 'CREATING'
    | 'IN_LAUNCHING_HOOK'
    | 'ATTACHING'
    | 'IN_SERVICE'
    | 'IN_TERMINATING_HOOK'
    | 'TERMINATING'
    | 'DETACHING';
  isProtected: boolean;
}

/** A scaling activity (伸缩活动). */
export interface Activity {
  readonly id: string;
  readonly type: string;
  readonly cause: string;
  readonly startedAt: Instant;
  readonly servers: string[];
  status: 'RUNNING' | 'SUCCESSFUL' | 'PARTIALLY_SUCCESSFUL' | 'FAILED' | 'CANCELLED';
  endedAt: Instant | undefined;
  readonly failures: { readonly Code: string; readonly Message: string }[];
}

/** A rule of the group's own: a scheduled task or an alarm policy. It is listed; whoever plays it calls `native`. */
export interface NativeRule {
  readonly id: string;
  readonly name: string;
}

/** A lifecycle hook (生命周期挂钩), which nobody completes: it ends after its time. */
export interface Hook {
  readonly id: string;
  readonly name: string;
  readonly transition: 'INSTANCE_LAUNCHING' | 'INSTANCE_TERMINATING';
  readonly seconds: number;
  readonly result: 'CONTINUE' | 'ABANDON';
}

/** Where a group stands at a load balancer, which has one listener: of HTTP with a location, of TCP without. */
export interface Balancer {
  readonly LoadBalancerId: string;
  readonly ListenerId: string;
  readonly LocationId?: string;
  /** Of its location. Default: `/` */
  readonly Url?: string;
  /** Within a private network. Default: public. */
  readonly isInternal?: boolean;
}

/** What a group is made of. */
export interface GroupSettings {
  readonly id: string;
  readonly region: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desired: number;
  readonly defaultCooldown?: number;
  readonly balancer?: Balancer;
  readonly scheduledActions?: readonly NativeRule[];
  readonly policies?: readonly NativeRule[];
  readonly hooks?: readonly Hook[];
}

/** A scaling group (伸缩组) as it stands. */
export interface Group extends GroupSettings {
  minSize: number;
  maxSize: number;
  desired: number;
  isEnabled: boolean;
  readonly members: Map<string, Member>;
  /** Newest first, as they are listed. */
  readonly activities: Activity[];
  /** When the last activity ended: its cooldown runs from then on. */
  cooledAt: Instant;
}

/** As the world knows it. */
export function worldName({ region, id }: Pick<GroupSettings, 'region' | 'id'>): string {
  return `tencent:${region}/${id}`;
}

export function isActive({ activities }: Group): boolean {
  return activities.some(({ status }) => status === 'RUNNING');
}

/** For how long, and how, its hooks hold a server that comes or leaves. */
export function heldBy({ hooks = [] }: GroupSettings, transition: Hook['transition']) {
  const some = hooks.filter((hook) => hook.transition === transition);
  const seconds = Math.max(0, ...some.map((hook) => hook.seconds));
  return { ms: seconds * 1000, isAbandoned: some.some(({ result }) => result === 'ABANDON') };
}
