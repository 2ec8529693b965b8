import type {
  Activity,
  AutoScalingGroup,
  Instance,
  InstanceRefresh,
  LaunchTemplateSpecification,
  LifecycleHook,
  MixedInstancesPolicy,
  ScalingPolicy,
  ScheduledUpdateGroupAction,
} from '@aws-sdk/client-auto-scaling';
import type { Instant } from '../service.ts';

/** One instance of a group. */
export interface Member {
  readonly instanceId: string;
  readonly zone: string;
  readonly instanceType: string;
  /** Units of capacity that it counts for. */
  readonly weight: number;
  readonly launchTemplate: LaunchTemplateSpecification | undefined;
  readonly launchedAt: Instant;
  state: NonNullable<Instance['LifecycleState']>;
  health: 'Healthy' | 'Unhealthy';
  /** Set by SetInstanceHealth: stays whatever the health checks say. */
  healthIsManual: boolean;
  isProtected: boolean;
  inServiceAt: Instant | undefined;
  /** The activity that brings it in or takes it out, while there is one. */
  activity: Activity | undefined;
}

/** A scaling group: what was asked for, and what there is. */
export interface Group {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Instant;
  minSize: number;
  maxSize: number;
  desired: number;
  defaultCooldown: number;
  subnetIds: string[];
  zones: string[];
  healthCheckType: string;
  gracePeriodSeconds: number;
  defaultInstanceWarmup: number | undefined;
  terminationPolicies: string[];
  protectNew: boolean;
  capacityRebalance: boolean;
  maxInstanceLifetime: number | undefined;
  launchTemplate: LaunchTemplateSpecification | undefined;
  mixedInstances: MixedInstancesPolicy | undefined;
  /** The purchase options have changed, and servers that run are replaced to match them. */
  isRepurchasing: boolean;
  targetGroupArns: string[];
  tags: NonNullable<AutoScalingGroup['Tags']>;
  metrics: Set<string>;
  deleting: boolean;
  /** Process to the reason it is suspended for. */
  readonly suspended: Map<string, string>;
  readonly members: Map<string, Member>;
  readonly hooks: Map<string, LifecycleHook>;
  readonly policies: Map<string, ScalingPolicy>;
  readonly scheduled: Map<string, ScheduledUpdateGroupAction>;
  /** Newest last. */
  readonly activities: Activity[];
  readonly refreshes: InstanceRefresh[];
  /** Why desired is what it is, in the words of an activity's cause. */
  cause: string;
  /** When the last scaling activity ended, from which the cooldown runs. */
  lastActivityEnd: Instant;
  /** Launches that failed in a row, since when, and when the next may be tried. */
  failures: { count: number; since: Instant; retryAt: Instant };
}

/** Not on its way out. */
export function isActive(member: Member): boolean {
  return !member.state.startsWith('Terminat') && !member.state.startsWith('Detach');
}

/** Counted in desired: there or on its way in, and not standing by. */
function isCounted(member: Member): boolean {
  return isActive(member) && member.state !== 'EnteringStandby' && member.state !== 'Standby';
}

/** Units of capacity that are there or on their way in. */
export function capacityOf(group: Group): number {
  let units = 0;
  for (const member of group.members.values()) if (isCounted(member)) units += member.weight;
  return units;
}
