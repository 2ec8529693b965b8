import type { Instant } from './timeline.ts';

/** One server of a group. */
export interface Member {
  readonly id: string;
  readonly addedAt: Instant;
  readonly creation: 'AutoCreated' | 'Attached';
  state: 'Pending' | 'InService' | 'Protected' | 'Removing';
}

/** A scaling activity (伸缩活动). */
export interface Activity {
  readonly id: string;
  readonly trigger: 'Api' | 'Ess' | 'Cms';
  readonly description: string;
  readonly cause: string;
  readonly startedAt: Instant;
  readonly created: string[];
  readonly destroyed: string[];
  status: 'InProgress' | 'Successful' | 'Warning' | 'Failed' | 'Rejected';
  endedAt: Instant | undefined;
  readonly failures: { readonly Code: string; readonly Message: string }[];
}

/** A rule, a task or an alarm of the group's own. It is listed; whoever plays it calls `playNative`. */
export interface NativeRule {
  readonly id: string;
  readonly name: string;
  readonly isEnabled?: boolean;
  /** Of a rule: `SimpleScalingRule` unless it is said. */
  readonly type?: string;
}

/** An application or network load balancer (ALB, NLB) with one listener, and the group's servers in one group of servers behind it. */
export interface ForwardingBalancer {
  readonly loadBalancerId: string;
  readonly listenerId: string;
  readonly serverGroupId: string;
}

/** What a group is made of. */
export interface GroupSettings {
  readonly id: string;
  readonly region: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desired: number;
  /** It has no desired capacity (期望实例数): activities say how many there should be. */
  readonly withoutDesired?: boolean;
  readonly defaultCooldown?: number;
  /** A classic load balancer (CLB) by its id. */
  readonly classicBalancer?: string;
  readonly applicationBalancer?: ForwardingBalancer;
  readonly networkBalancer?: ForwardingBalancer;
  readonly rules?: readonly NativeRule[];
  readonly tasks?: readonly NativeRule[];
  readonly alarms?: readonly NativeRule[];
}

/** A scaling group (伸缩组) as it stands. */
export interface Group extends GroupSettings {
  minSize: number;
  maxSize: number;
  /** How many there should be; of a group without a desired capacity, nobody is told. */
  desired: number;
  isEnabled: boolean;
  readonly suspended: Set<'ScaleIn' | 'ScaleOut' | 'HealthCheck' | 'AlarmNotification' | 'ScheduledAction'>;
  readonly members: Map<string, Member>;
  /** Newest first, as they are listed. */
  readonly activities: Activity[];
  /** When the last activity ended: its cooldown runs from then on. */
  cooledAt: Instant;
}

/** As the world knows it. */
export function worldName({ region, id }: Pick<GroupSettings, 'region' | 'id'>): string {
  return `alibaba:${region}/${id}`;
}

export function isActive({ activities }: Group): boolean {
  return activities.some(({ status }) => status === 'InProgress');
}

export function isPresent({ state }: Member): boolean {
  return state !== 'Removing';
}

export function isServing({ state }: Member): boolean {
  return state === 'InService' || state === 'Protected';
}
